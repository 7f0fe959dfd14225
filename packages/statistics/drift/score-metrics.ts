import { decisionThreshold, type MetricName } from '../metrics/metric.ts';

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

/** As in metrics: what is given no chance would cost infinitely much. */
const smallestProbability = 1e-15;

/**
 * A metric of predictions of which it is known how many in each bin are positive, or how many are expected to be: then this is
 * confidence-based performance estimation (CBPE, NannyML). Each row counts as true with its probability and as false with
 * the rest, and ratios are those of expected sums.
 * @returns `undefined` for a ratio without denominator, and for a metric that these sums do not determine.
 */
export function metricOfScores(metric: MetricName, bins: readonly ScoreBin[]): number | undefined {
  const total = sumOver(bins, () => 1);
  if (total === 0) return undefined;
  const truePositives = sumOver(bins, ({ isYes, positiveShare }) => (isYes ? positiveShare : 0));
  const falsePositives = sumOver(bins, ({ isYes, positiveShare }) => (isYes ? 1 - positiveShare : 0));
  const falseNegatives = sumOver(bins, ({ isYes, positiveShare }) => (isYes ? 0 : positiveShare));
  switch (metric) {
    case 'accuracy':
      return 1 - (falsePositives + falseNegatives) / total;
    case 'precision':
      return ratio(truePositives, truePositives + falsePositives);
    case 'recall':
      return ratio(truePositives, truePositives + falseNegatives);
    case 'f1':
      return ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives);
    case 'auc':
      return areaUnderCurve(bins);
    case 'brier':
      return sumOver(bins, squaredError) / total;
    case 'logLoss':
      return sumOver(bins, surprise) / total;
    default:
      return undefined;
  }
}

function sumOver(bins: readonly ScoreBin[], value: (bin: ScoreBin) => number): number {
  return bins.reduce((sum, bin) => (bin.rows === 0 ? sum : sum + bin.rows * value(bin)), 0);
}

function ratio(numerator: number, denominator: number): number | undefined {
  return denominator === 0 ? undefined : numerator / denominator;
}

/** Pairs of a positive above a negative, over all pairs; pairs within one bin count half. */
function areaUnderCurve(bins: readonly ScoreBin[]): number | undefined {
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

function squaredError({ positiveShare, score }: ScoreBin): number {
  return positiveShare * (1 - score) ** 2 + (1 - positiveShare) * score ** 2;
}

function surprise({ positiveShare, score }: ScoreBin): number {
  const ofYes = Math.max(score, smallestProbability);
  const ofNo = Math.max(1 - score, smallestProbability);
  return -positiveShare * Math.log(ofYes) - (1 - positiveShare) * Math.log(ofNo);
}

/** Whether the model says yes in a bin that begins at this edge; the first bin begins nowhere. */
export function isYesFrom(edge: number | undefined): boolean {
  return edge !== undefined && edge >= decisionThreshold;
}
