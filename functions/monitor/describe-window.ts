import { percent } from '../drift/drift-sentences.ts';
import { reportedConfidence, twoSidedQuantile } from '../metrics/interval.ts';
import { normalQuantile } from '../metrics/normal.ts';
import type { Estimate } from '../registry/records.schema.ts';
import { rareSegment, type WindowFacts } from '../windows/window-facts.schema.ts';
import type { Attribution, WindowReport } from './report.schema.ts';

/** What a report says in words. */
export type Description = Pick<WindowReport, 'headline' | 'findings' | 'notes'>;

/** What the words are about. */
export type Judged = Pick<
  WindowReport,
  | 'reference'
  | 'drift'
  | 'calendar'
  | 'attributions'
  | 'unknownCategories'
  | 'quality'
  | 'segmentQuality'
  | 'settledEstimates'
>;

/** Drifting columns that have a sentence of their own; the page shows all. */
const describedColumns = 5;
/** A segment is named that accounts for so much of a movement, and for so many times its share of the rows. */
const notablePart = 0.3;
const notableRatio = 1.5;
/** A share of predictions with categories that the model does not know from which it is worth a note. */
const notableUnknown = 0.01;

/** Says in plain words what moved, by how much, in which segment, and how sure we are. */
export function describeWindow(judged: Judged, window: WindowFacts): Description {
  return {
    headline: headline(judged),
    findings: [
      ...driftFindings(judged),
      judged.quality.sentence,
      ...segmentQualityFindings(judged),
      ...judged.settledEstimates.map(settledSentence),
    ],
    notes: notes(judged, window),
  };
}

function headline({ drift, quality }: Judged): string {
  const prediction = drift.columns.find(({ role, verdict }) => role === 'prediction' && verdict === 'drift');
  const degraded = quality.verdict === 'degraded' ? ' The quality has degraded.' : '';
  if (drift.verdict !== 'drift') return `${drift.sentence}${degraded}`;
  const moved = prediction
    ? 'The predictions themselves have moved.'
    : 'The predictions themselves have not moved by as much as matters.';
  return `${drift.sentence} ${moved}${degraded}`;
}

function driftFindings({ drift, attributions, reference }: Judged): string[] {
  if (drift.verdict !== 'drift') return stableFindings(drift, reference);
  const drifting = drift.columns.filter(({ verdict }) => verdict === 'drift');
  const first = [
    ...drifting.filter(({ role }) => role === 'prediction'),
    ...drifting.filter(({ role }) => role === 'feature').toSorted((a, b) => b.effect - a.effect),
  ];
  const described = first
    .slice(0, describedColumns)
    .flatMap(({ name, sentence }) => [
      sentence,
      ...segmentSentences(attributions.filter((attribution) => attribution.name === name)),
    ]);
  const others = first.length - describedColumns;
  return others > 0 ? [...described, `${others} more columns drift; they are listed below.`] : described;
}

function stableFindings(drift: Judged['drift'], { kind }: Judged['reference']): string[] {
  if (drift.verdict === 'insufficient-data') {
    return ['Whether anything has moved is not known: that is neither a pass nor an alarm.'];
  }
  const [closest] = drift.columns.toSorted((a, b) => b.effect - a.effect);
  const other = kind === 'baseline' ? 'the hold-out that the version was judged on' : 'the earlier windows';
  const farthest =
    closest && closest.effect > 0
      ? ` Farthest from it is ${closest.name}, at a distance of ${twoDigits(closest.effect)}, where ${drift.policy.minimumDistance} would count.`
      : '';
  return [`Nothing has moved against ${other} by more than chance and the definition allow.${farthest}`];
}

/** For each segment column, the segment that accounts for most of the movement, or that it moved everywhere alike. */
function segmentSentences(attributions: readonly Attribution[]): string[] {
  const columns = [...new Set(attributions.map(({ segment }) => segment))];
  return columns.flatMap((column) => {
    const [most] = attributions.filter(({ segment }) => segment === column);
    return most ? [segmentSentence(most)] : [];
  });
}

function segmentSentence({ name, segment, value, share, distance, contribution }: Attribution): string {
  const part = contribution.value;
  const isNotable = part >= notablePart && part >= notableRatio * share.current && contribution.low > 0;
  if (!isNotable) {
    return `No value of ${segment} accounts for the movement of ${name}: it is spread over them much as the rows are.`;
  }
  const within = distance === null ? '' : `, and within them a distance of ${twoDigits(distance)}`;
  return (
    `${percent(part)} of the movement of ${name} (${percent(Math.max(0, contribution.low))} to ${percent(Math.min(1, contribution.high))}) ` +
    `is in the rows with ${named(segment, value)}, which are ${percent(share.current)} of the rows (${percent(share.reference)} before)${within}.`
  );
}

function named(segment: string, value: string | null): string {
  if (value === null) return `no ${segment}`;
  return value === rareSegment ? `one of the rarer values of ${segment}` : `${segment} = ${value}`;
}

/**
 * Segments in which the metric differs from the hold-out's, beyond what chance makes of so many segments (Bonferroni). No part of the
 * verdict, which is on all labels together.
 */
function segmentQualityFindings({ segmentQuality, quality }: Judged): string[] {
  const compared = segmentQuality.flatMap((segment) => {
    const { baseline, window } = segment;
    return baseline ? [{ ...segment, baseline, ratio: standardErrors(window, baseline) }] : [];
  });
  const limit = normalQuantile(1 - (1 - reportedConfidence) / 2 / Math.max(1, compared.length));
  return compared
    .filter(({ ratio }) => Math.abs(ratio) > limit)
    .map(
      ({ column, value, window, baseline, labels }) =>
        `With ${named(column, value)} the ${quality.metric} is ${threeDigits(window.value)} (${threeDigits(window.low)} to ${threeDigits(window.high)}, ` +
        `${labels} labels), on the hold-out it was ${threeDigits(baseline.value)} (${threeDigits(baseline.low)} to ${threeDigits(baseline.high)}).`,
    );
}

/** The difference of two estimates in its standard errors, which their intervals tell. */
function standardErrors(a: Estimate, b: Estimate): number {
  const variance = [a, b].reduce((sum, { low, high }) => {
    return sum + ((high - low) / 2 / twoSidedQuantile(reportedConfidence)) ** 2;
  }, 0);
  return variance === 0 ? 0 : (a.value - b.value) / Math.sqrt(variance);
}

function settledSentence({
  windowId,
  metric,
  estimated,
  measured,
  error,
  labels,
  withinInterval,
}: WindowReport['settledEstimates'][number]): string {
  const held = withinInterval ? 'within its interval' : 'outside its interval';
  return (
    `The estimate for window ${windowId} was ${metric} ${threeDigits(estimated)}; ${labels} labels now say ${threeDigits(measured)}: ` +
    `off by ${threeDigits(Math.abs(error))}, ${held}.`
  );
}

function notes({ reference, calendar, unknownCategories, quality }: Judged, window: WindowFacts): string[] {
  return [
    ...(reference.note === null ? [] : [reference.note]),
    ...(calendar.length === 0
      ? []
      : [
          `${calendar.join(', ')}: not judged, as a window shows only a part of their cycle. They follow from when it was.`,
        ]),
    ...unknownCategories.flatMap((column) => unknownNote(column, window.rows)),
    ...captureNotes(window),
    ...labelNotes(window),
    ...(quality.basis === 'estimated'
      ? [
          'Quality is estimated from the scores, which cannot show that the same inputs have come to mean another outcome.',
        ]
      : []),
  ];
}

function unknownNote(
  { column, rows, values }: WindowReport['unknownCategories'][number],
  allRows: number,
): string[] {
  if (rows < notableUnknown * allRows) return [];
  const named = values.slice(0, 3).map(({ value, rows: its }) => `${value} (${its})`);
  const others = values.length > named.length ? ' and others' : '';
  return [
    `${percent(rows / allRows)} of the predictions had a value of ${column} that the model does not know, such as ${named.join(', ')}${others}. To the model they are all alike.`,
  ];
}

function captureNotes({ leftOut }: WindowFacts): string[] {
  const { malformed, duplicates, otherVersions } = leftOut;
  return [
    ...counted(malformed, 'capture could not be read', 'captures could not be read'),
    ...counted(
      duplicates,
      'prediction was captured again and counts once',
      'predictions were captured again and count once',
    ),
    ...Object.entries(otherVersions).flatMap(([version, rows]) => {
      const of = version === 'unknown' ? 'an unknown version' : `version ${version}`;
      return counted(rows, `prediction of ${of} is not judged`, `predictions of ${of} are not judged`);
    }),
  ];
}

function labelNotes({ labels, labelled }: WindowFacts): string[] {
  return [
    ...counted(
      labels.unmatched,
      'label names no prediction that was captured',
      'labels name no prediction that was captured',
    ),
    ...counted(
      labels.conflicting,
      'label contradicts an earlier one, which counts',
      'labels contradict earlier ones, which count',
    ),
    ...counted(labels.malformed, 'label could not be read', 'labels could not be read'),
    ...(labelled.kept.length < labelled.seen
      ? [`Quality is measured on a uniform sample of ${labelled.kept.length} of the ${labelled.seen} labels.`]
      : []),
  ];
}

function counted(count: number, one: string, many: string): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : many}.`];
}

function twoDigits(value: number): string {
  return String(Number(value.toPrecision(2)));
}

function threeDigits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
