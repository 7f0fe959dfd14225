import { metricFacts } from '../definition/metric-facts.ts';
import type { Estimate } from '../registry/records.schema.ts';
import { normalInterval } from './interval.ts';
import { moments } from './moments.ts';
import type { BinaryPredictions } from './predictions.ts';

/**
 * Area under the ROC curve: the probability that a random positive is scored above a random negative, a tie counting half.
 * DeLong's interval (DeLong, DeLong and Clarke-Pearson, Biometrics 44, 1988, page 837), normal, cut to 0..1.
 * @returns `undefined` when only one class is present, for then there are no pairs to compare.
 */
export function auc(predictions: BinaryPredictions): Estimate | undefined {
  const placements = placementValues(predictions);
  if (!placements) return undefined;
  const { mean, variance } = meanOfPlacements(placements, predictions.labels);
  return normalInterval(mean, Math.sqrt(variance), metricFacts.binary.auc);
}

/**
 * Difference in AUC of two models on the same rows, `first - second`, and its standard error by DeLong's paired method: the
 * placement values of both are subtracted row by row, so that what the models have in common cancels.
 * @returns `undefined` when only one class is present.
 */
export function aucDifference(
  first: BinaryPredictions,
  second: BinaryPredictions,
): { readonly difference: number; readonly standardError: number } | undefined {
  const ours = placementValues(first);
  const theirs = placementValues(second);
  if (!ours || !theirs) return undefined;
  const differences = ours.map((placement, row) => placement - (theirs[row] ?? 0));
  const { mean, variance } = meanOfPlacements(differences, first.labels);
  return { difference: mean, standardError: Math.sqrt(variance) };
}

/**
 * DeLong's placement values: for a positive, the share of negatives scored below it; for a negative, the share of positives
 * scored above it; ties count half. The mean of either is the AUC. One sort, then one walk over the groups of equal scores
 * (Sun and Xu, IEEE Signal Processing Letters 21, 2014, page 1389).
 */
function placementValues({ labels, probabilities }: BinaryPredictions): Float64Array | undefined {
  const positives = labels.reduce((count, label) => count + label, 0);
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) return undefined;

  const order = orderByScore(probabilities);
  const placements = new Float64Array(labels.length);
  let positivesBelow = 0;
  let negativesBelow = 0;
  for (let start = 0, end = 0; start < order.length; start = end) {
    end = endOfTies(order, probabilities, start);
    const tied = order.subarray(start, end);
    const tiedPositives = tied.reduce((count, row) => count + (labels[row] ?? 0), 0);
    const tiedNegatives = tied.length - tiedPositives;
    const ofPositive = (negativesBelow + tiedNegatives / 2) / negatives;
    const ofNegative = (positives - positivesBelow - tiedPositives / 2) / positives;
    for (const row of tied) placements[row] = labels[row] === 1 ? ofPositive : ofNegative;
    positivesBelow += tiedPositives;
    negativesBelow += tiedNegatives;
  }
  return placements;
}

/** Row numbers from the lowest score to the highest. */
function orderByScore(scores: Float64Array): Uint32Array {
  return Uint32Array.from(scores.keys()).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
}

function endOfTies(order: Uint32Array, scores: Float64Array, start: number): number {
  const score = scores[order[start] ?? 0];
  let end = start + 1;
  while (end < order.length && scores[order[end] ?? 0] === score) end += 1;
  return end;
}

/** The mean over the positives, and the variance of that U-statistic: the spread within each class over its size. */
function meanOfPlacements(placements: Float64Array, labels: Float64Array) {
  const ofPositives = moments(placements.filter((_, row) => labels[row] === 1));
  const ofNegatives = moments(placements.filter((_, row) => labels[row] !== 1));
  return {
    mean: ofPositives.mean,
    variance: ofPositives.variance / ofPositives.count + ofNegatives.variance / ofNegatives.count,
  };
}
