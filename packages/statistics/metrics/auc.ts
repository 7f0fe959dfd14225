import type { Estimate } from './estimate.schema.ts';
import { normalInterval } from './interval.ts';
import type { ValueWithError } from './metric.ts';
import { metricFacts } from './metric-facts.ts';
import { moments } from './moments.ts';
import type { BinaryPredictions } from './predictions.ts';

/**
 * Area under the ROC curve: the probability that a random positive is scored above a random negative, a tie counting half.
 * DeLong's interval (DeLong, DeLong and Clarke-Pearson, Biometrics 44, 1988, page 837), normal, cut to 0..1.
 * @returns `undefined` when only one class is present, for then there are no pairs to compare.
 */
export function auc(predictions: BinaryPredictions): Estimate | undefined {
  const area = aucWithError(predictions);
  return area && normalInterval(area.value, area.standardError, metricFacts.binary.auc);
}

/** The same area with DeLong's standard error, which the interval's limits may hide. */
export function aucWithError(predictions: BinaryPredictions): ValueWithError | undefined {
  const placements = placementValues(predictions);
  if (!placements) return undefined;
  const { mean, variance } = meanOfPlacements(placements, predictions.labels);
  return { value: mean, standardError: Math.sqrt(variance) };
}

/**
 * Difference in AUC of two models on the same rows, `first - second`, and its standard error by DeLong's paired method: the
 * placement values of both are subtracted row by row, so that what the models have in common cancels.
 * @returns `undefined` when only one class is present.
 */
export function aucDifference(
  first: BinaryPredictions,
  second: BinaryPredictions,
): ValueWithError | undefined {
  const ours = placementValues(first);
  const theirs = placementValues(second);
  if (!ours || !theirs) return undefined;
  const differences = ours.map((placement, row) => placement - (theirs[row] ?? 0));
  const { mean, variance } = meanOfPlacements(differences, first.labels);
  return { value: mean, standardError: Math.sqrt(variance) };
}

/**
 * DeLong's placement values: for a positive, the share of negatives scored below it; for a negative, the share of positives
 * scored above it; ties count half. The mean of either is the AUC. Each score is looked up among the sorted scores of the other
 * class, so this takes n log n steps, not one per pair.
 */
function placementValues({ labels, probabilities }: BinaryPredictions): Float64Array | undefined {
  const ofPositives = probabilities.filter((_, row) => labels[row] === 1).sort();
  const ofNegatives = probabilities.filter((_, row) => labels[row] !== 1).sort();
  if (ofPositives.length === 0 || ofNegatives.length === 0) return undefined;
  return probabilities.map((score, row) =>
    labels[row] === 1 ? shareBelow(ofNegatives, score) : 1 - shareBelow(ofPositives, score),
  );
}

/** Share of sorted scores below a score, equal ones counting half. */
function shareBelow(sorted: Float64Array, score: number): number {
  const below = firstAtLeast(sorted, score);
  const belowOrEqual = sorted[below] === score ? firstAbove(sorted, score) : below;
  return (below + belowOrEqual) / 2 / sorted.length;
}

/** Index of the first sorted score that is not below `score`; binary search. */
function firstAtLeast(sorted: Float64Array, score: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < score) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first sorted score above `score`. */
function firstAbove(sorted: Float64Array, score: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= score) low = middle + 1;
    else high = middle;
  }
  return low;
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
