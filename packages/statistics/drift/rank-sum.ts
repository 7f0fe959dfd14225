import type { Contingency } from './contingency.ts';

/** What is compared and how, for the record. */
export const rankSumConvention =
  'rank-sum test of Wilcoxon (1945) and of Mann and Whitney (1947) on the bins in their order, values of one bin tied at its ' +
  'mid-rank, two-sided';

/** The rank-sum statistic of a table and its null distribution's first moments given the margins. */
export interface RankSum {
  /** Mid-ranks of the bins over the number of rows, less their mean: how far a bin is above (or below) the middle. */
  readonly scores: Float64Array;
  /** Standard deviation, given the margins and no change, of the smaller sample's scores added up, whose mean is 0. */
  readonly deviation: number;
  /** The smaller sample's scores added up. */
  readonly statistic: (counts: Float64Array) => number;
}

/** For bins in ascending order of their values. */
export function rankSum({ totals, size, total }: Contingency): RankSum {
  let below = 0;
  const scores = totals.map((pooled) => {
    const midRank = (below + pooled / 2) / total;
    below += pooled;
    // Mid-ranks over the rows have the mean 1/2 whatever the ties.
    return midRank - 0.5;
  });
  const squares = scores.reduce((sum, score, bin) => sum + score * score * (totals[bin] ?? 0), 0);
  const deviation = Math.sqrt((size * (total - size) * squares) / (total * (total - 1)));
  return { scores, deviation, statistic: (counts) => dot(scores, counts) };
}

/** Probability that a value of the smaller sample is above one of the larger, ties counting half. */
export function probabilityAbove({ size, total }: Contingency, statistic: number): number {
  // The statistic is the sum of pooled mid-ranks; taking the sample's ranks within itself away leaves Mann and Whitney's U.
  return Math.min(1, Math.max(0, 0.5 + (statistic * total) / (size * (total - size))));
}

function dot(scores: Float64Array, counts: Float64Array): number {
  let sum = 0;
  for (let bin = 0; bin < scores.length; bin += 1) sum += (scores[bin] ?? 0) * (counts[bin] ?? 0);
  return sum;
}
