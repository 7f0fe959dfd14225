import type { SegmentValue, WindowFacts } from '@tidemark/domain/windows/window-facts.schema.ts';
import { chanceFree } from '@tidemark/statistics/drift/debiased-distance.ts';
import type { Estimate } from '@tidemark/statistics/metrics/estimate.schema.ts';
import { reportedConfidence, twoSidedQuantile } from '@tidemark/statistics/metrics/interval.ts';
import { sumOf } from '@tidemark/statistics/metrics/sums.ts';
import type { Attribution } from './report.schema.ts';

type Segments = WindowFacts['segments'];

/**
 * What each segment has to do with a column's drift, those that account for most first.
 *
 * Rows moved between the column's bins (without a value is one of them): the change of a bin's share is the sum of the changes of
 * the segments' rows in it, so the movement can be told apart exactly, whether a segment's rows changed or there are more of them.
 */
export function attributeDrift(name: string, reference: Segments, current: Segments): Attribution[] {
  // A column tells nothing about itself.
  const others = current.filter(({ column }) => column !== name);
  return others.flatMap(({ column, values }) => {
    const before = reference.find((segment) => segment.column === column)?.values ?? [];
    return attributeToSegment(name, column, before, values);
  });
}

/** One value's rows by bin, on both sides. */
interface SplitRows {
  readonly value: string | null;
  readonly reference: readonly number[];
  readonly current: readonly number[];
}

function attributeToSegment(
  name: string,
  segment: string,
  reference: readonly SegmentValue[],
  current: readonly SegmentValue[],
): Attribution[] {
  const split = splitByValue(name, reference, current);
  const totals = {
    reference: sumOf(split.flatMap((each) => each.reference)),
    current: sumOf(split.flatMap((each) => each.current)),
  };
  if (totals.reference === 0 || totals.current === 0) return [];
  const movement = movementOf(split, totals);
  if (movement.total === 0) return [];
  return split
    .map((each) => attribution(name, segment, each, totals, movement))
    .toSorted((a, b) => b.contribution.value - a.contribution.value);
}

function splitByValue(
  name: string,
  reference: readonly SegmentValue[],
  current: readonly SegmentValue[],
): SplitRows[] {
  const countsOf = (values: readonly SegmentValue[]) =>
    new Map(values.map(({ value, columns }) => [value, columns[name] ?? []]));
  const before = countsOf(reference);
  const after = countsOf(current);
  const length = Math.max(0, ...[...before.values(), ...after.values()].map((counts) => counts.length));
  const filled = (counts: readonly number[] = []) => Array.from({ length }, (_, bin) => counts[bin] ?? 0);
  return [...new Set([...before.keys(), ...after.keys()])].map((value) => ({
    value,
    reference: filled(before.get(value)),
    current: filled(after.get(value)),
  }));
}

interface Totals {
  readonly reference: number;
  readonly current: number;
}

/** How the shares of the bins changed over all segments. */
interface Movement {
  /** Of each bin: 1 if its share rose, -1 if it fell, 0 if it stayed. */
  readonly directions: readonly number[];
  /** Sum of the absolute changes. */
  readonly total: number;
}

function movementOf(split: readonly SplitRows[], totals: Totals): Movement {
  const changes: number[] = [];
  for (const each of split) {
    each.current.forEach((count, bin) => {
      const change = count / totals.current - (each.reference[bin] ?? 0) / totals.reference;
      changes[bin] = (changes[bin] ?? 0) + change;
    });
  }
  return {
    directions: changes.map(Math.sign),
    total: changes.reduce((sum, change) => sum + Math.abs(change), 0),
  };
}

function attribution(
  name: string,
  segment: string,
  rows: SplitRows,
  totals: Totals,
  movement: Movement,
): Attribution {
  const counted = { reference: sumOf(rows.reference), current: sumOf(rows.current) };
  return {
    name,
    segment,
    value: rows.value,
    rows: counted,
    share: {
      reference: counted.reference / totals.reference,
      current: counted.current / totals.current,
    },
    distance: distanceWithin(rows),
    contribution: contributionOf(rows, totals, movement),
  };
}

function distanceWithin({ reference, current }: SplitRows): number | null {
  if (sumOf(reference) === 0 || sumOf(current) === 0) return null;
  return chanceFree(reference, current).debiased;
}

/**
 * Σ over bins of direction × the segment's change, over the whole movement. Each row adds a direction or nothing, so the sum is a
 * difference of two means over rows, whose variances are known; directions and movement are taken as given.
 */
function contributionOf(rows: SplitRows, totals: Totals, { directions, total }: Movement): Estimate {
  const after = meanDirection(rows.current, totals.current, directions);
  const before = meanDirection(rows.reference, totals.reference, directions);
  const value = (after.mean - before.mean) / total;
  const reach = (twoSidedQuantile(reportedConfidence) * Math.sqrt(after.variance + before.variance)) / total;
  return { value, low: value - reach, high: value + reach };
}

function meanDirection(counts: readonly number[], total: number, directions: readonly number[]) {
  let sum = 0;
  let squares = 0;
  counts.forEach((count, bin) => {
    const direction = directions[bin] ?? 0;
    sum += direction * count;
    squares += Math.abs(direction) * count;
  });
  const mean = sum / total;
  return { mean, variance: (squares / total - mean * mean) / total };
}
