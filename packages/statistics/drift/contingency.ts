import { InvariantError } from '../errors.ts';
import { sumOf } from '../metrics/sums.ts';

/** Counts of two samples in the same bins, those bins left out that neither has. */
export interface Contingency {
  /** Rows of the smaller sample in each bin. The tests are symmetric, and the smaller one is the faster to draw. */
  readonly counts: Float64Array;
  /** Rows of both samples in each bin, each at least 1. */
  readonly totals: Float64Array;
  /** Rows of the smaller sample. */
  readonly size: number;
  /** Rows of both. */
  readonly total: number;
  /** Whether the smaller sample is the second. */
  readonly smallerIsSecond: boolean;
}

/**
 * The table 2 x bins of two samples. Given its margins, each way to distribute the rows is equally probable if both samples
 * come from the same distribution, whatever that is: all tests here condition on the margins.
 */
export function contingency(first: readonly number[], second: readonly number[]): Contingency {
  if (first.length !== second.length) {
    throw new InvariantError(
      `Two samples are compared in ${first.length} and ${second.length} bins. Count both with the same binning plan.`,
    );
  }
  const occupied = first.flatMap((count, bin) => (count + (second[bin] ?? 0) > 0 ? [bin] : []));
  const smallerIsSecond = sumOf(second) <= sumOf(first);
  const smaller = smallerIsSecond ? second : first;
  const counts = Float64Array.from(occupied, (bin) => smaller[bin] ?? 0);
  const totals = Float64Array.from(occupied, (bin) => (first[bin] ?? 0) + (second[bin] ?? 0));
  return { counts, totals, size: sumOf(counts), total: sumOf(totals), smallerIsSecond };
}

/** Whether there is anything to tell apart: rows on both sides, and more than one bin. */
export function isComparable({ totals, size }: Contingency): boolean {
  return size > 0 && totals.length > 1;
}
