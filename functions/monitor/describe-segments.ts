import { rareSegment } from '@tidemark/domain/windows/window-facts.schema.ts';
import { percent } from '@tidemark/statistics/drift/drift-sentences.ts';
import type { Estimate } from '@tidemark/statistics/metrics/estimate.schema.ts';
import { reportedConfidence, twoSidedQuantile } from '@tidemark/statistics/metrics/interval.ts';
import { normalQuantile } from '@tidemark/statistics/metrics/normal.ts';
import type { Attribution, WindowReport } from './report.schema.ts';

/** A segment is named that accounts for so much of a movement, and for so many times its share of the rows. */
const notablePart = 0.3;
const notableRatio = 1.5;

/** For each segment column, the value that accounts for most of a column's movement, if any does. */
export function segmentSentences(name: string, attributions: readonly Attribution[]): string[] {
  return mainSegments(name, attributions).filter(isNotable).map(segmentSentence);
}

/** One sentence per segment column, on all the movements that it does not explain. */
export function scatteredSentences(names: readonly string[], attributions: readonly Attribution[]): string[] {
  const scattered = names.flatMap((name) =>
    mainSegments(name, attributions).filter((main) => !isNotable(main)),
  );
  const columns = [...new Set(scattered.map(({ segment }) => segment))];
  return columns.map((column) => {
    const its = scattered.filter(({ segment }) => segment === column).map(({ name }) => name);
    return `No single value of ${column} accounts for the movement of ${listed(its)}.`;
  });
}

/** Of each segment column the value that accounts for most of the column's movement, which comes first. */
function mainSegments(name: string, attributions: readonly Attribution[]): Attribution[] {
  const its = attributions.filter((attribution) => attribution.name === name);
  return its.filter(({ segment }, index) => its.findIndex((other) => other.segment === segment) === index);
}

/** Whether it accounts for a good part, for more than its rows let expect, and not by chance. */
function isNotable({ contribution: { value, low }, share }: Attribution): boolean {
  return value >= notablePart && value >= notableRatio * share.current && low > 0;
}

function segmentSentence({ name, segment, value, share, distance, contribution }: Attribution): string {
  const { value: part, low, high } = contribution;
  const within = distance === null ? '' : `, and within them a distance of ${digits(distance, 2)}`;
  return (
    `${percent(part)} of the movement of ${name} (${percent(Math.max(0, low))} to ${percent(Math.min(1, high))}) ` +
    `is in the rows with ${named(segment, value)}, which are ${percent(share.current)} of the rows (${percent(share.reference)} before)${within}.`
  );
}

function named(segment: string, value: string | null): string {
  if (value === null) return `no ${segment}`;
  return value === rareSegment ? `one of the rarer values of ${segment}` : `${segment} = ${value}`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/**
 * Segments in which the metric differs from the hold-out's, beyond what chance makes of so many segments (Bonferroni). No part of the
 * verdict, which is on all labels together.
 */
export function segmentQualitySentences({
  segmentQuality,
  quality,
}: Pick<WindowReport, 'segmentQuality' | 'quality'>): string[] {
  const compared = segmentQuality.flatMap((segment) => {
    const { baseline, window } = segment;
    return baseline ? [{ ...segment, baseline, ratio: standardErrors(window, baseline) }] : [];
  });
  const limit = normalQuantile(1 - (1 - reportedConfidence) / 2 / Math.max(1, compared.length));
  return compared
    .filter(({ ratio }) => Math.abs(ratio) > limit)
    .map(
      ({ column, value, window, baseline, labels }) =>
        `With ${named(column, value)} the ${quality.metric} is ${digits(window.value, 3)} (${digits(window.low, 3)} to ${digits(window.high, 3)}, ` +
        `${labels} labels), on the hold-out it was ${digits(baseline.value, 3)} (${digits(baseline.low, 3)} to ${digits(baseline.high, 3)}).`,
    );
}

/** The difference of two estimates in its standard errors, which their intervals tell. */
function standardErrors(a: Estimate, b: Estimate): number {
  const variance = [a, b].reduce((sum, { low, high }) => {
    return sum + ((high - low) / 2 / twoSidedQuantile(reportedConfidence)) ** 2;
  }, 0);
  return variance === 0 ? 0 : (a.value - b.value) / Math.sqrt(variance);
}

function digits(value: number, count: number): string {
  return String(Number(value.toPrecision(count)));
}
