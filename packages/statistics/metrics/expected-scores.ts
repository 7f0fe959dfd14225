import { ratio } from './sums.ts';

/** Predictions of a binary model that have nearly one score, ascending by it. */
export interface ScoreBin {
  readonly rows: number;
  /** Share of them whose truth is yes: counted, or expected. */
  readonly positiveShare: number;
  /** Mean probability that the model gave. */
  readonly score: number;
  /** Whether the model says yes to them. */
  readonly isYes: boolean;
}

/** As in the log loss: what is given no chance would cost infinitely much. */
const smallestProbability = 1e-15;

/**
 * Rows by truth and decision, where it is known how many rows of each bin are positive, or how many are expected to be: each row counts as
 * true with its probability and as false with the rest, and ratios are those of expected sums. That is confidence-based performance
 * estimation (CBPE, NannyML).
 */
export function expectedConfusion(bins: readonly ScoreBin[]) {
  return {
    rows: rowsOf(bins),
    truePositives: sumOver(bins, ({ isYes, positiveShare }) => (isYes ? positiveShare : 0)),
    falsePositives: sumOver(bins, ({ isYes, positiveShare }) => (isYes ? 1 - positiveShare : 0)),
    falseNegatives: sumOver(bins, ({ isYes, positiveShare }) => (isYes ? 0 : positiveShare)),
  };
}

function sumOver(bins: readonly ScoreBin[], value: (bin: ScoreBin) => number): number {
  return bins.reduce((sum, bin) => (bin.rows === 0 ? sum : sum + bin.rows * value(bin)), 0);
}

/** Pairs of a positive above a negative, over all pairs; pairs within one bin count half. */
export function expectedArea(bins: readonly ScoreBin[]): number | undefined {
  let negativesBelow = 0;
  let positives = 0;
  let ordered = 0;
  for (const { rows, positiveShare } of bins) {
    const negativesHere = rows * (1 - positiveShare);
    ordered += rows * positiveShare * (negativesBelow + negativesHere / 2);
    negativesBelow += negativesHere;
    positives += rows * positiveShare;
  }
  return ratio(ordered, positives * negativesBelow);
}

export function expectedBrier(bins: readonly ScoreBin[]): number | undefined {
  return ratio(sumOver(bins, squaredError), rowsOf(bins));
}

export function expectedLogLoss(bins: readonly ScoreBin[]): number | undefined {
  return ratio(sumOver(bins, surprise), rowsOf(bins));
}

function rowsOf(bins: readonly ScoreBin[]): number {
  return sumOver(bins, () => 1);
}

function squaredError({ positiveShare, score }: ScoreBin): number {
  return positiveShare * (1 - score) ** 2 + (1 - positiveShare) * score ** 2;
}

function surprise({ positiveShare, score }: ScoreBin): number {
  const ofYes = Math.max(score, smallestProbability);
  const ofNo = Math.max(1 - score, smallestProbability);
  return -positiveShare * Math.log(ofYes) - (1 - positiveShare) * Math.log(ofNo);
}
