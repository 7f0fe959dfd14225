import type { Estimate } from './estimate.schema.ts';
import { reportedConfidence } from './interval.ts';
import { calibrationBins } from './metric-facts.ts';
import type { BinaryPredictions } from './predictions.ts';
import { seededNormal } from './random.ts';

/** Draws behind the interval: the quantile at 0.95 is then known to within about a hundredth of its spread. */
const draws = 4000;
/** Any fixed number: the same predictions must give the same interval. */
const seed = 20_260_101;

/**
 * Expected calibration error: over equal bins of the probability, the absolute difference of mean truth and mean
 * probability, weighted by the bin's share of rows (Naeini, Cooper and Hauskrecht, AAAI 2015). A probability on the edge of
 * two bins belongs to the upper one.
 *
 * Interval: the sampling errors of the bins, z, are close to independent normals, and the error's own error is at most
 * the sum of |z|, by the triangle inequality. The interval reaches as far as that sum does with the reported confidence,
 * so it covers at least that often, also where the true error is 0 and a bootstrap never covers.
 */
export function calibrationError(predictions: BinaryPredictions): Estimate {
  const bins = gapsByBin(predictions);
  const value = bins.reduce((total, { gap }) => total + Math.abs(gap), 0);
  const reach = quantileOfTotalError(bins.map(({ standardError }) => standardError));
  return { value, low: Math.max(0, value - reach), high: Math.min(1, value + reach) };
}

/** For each bin: the mean over all rows of (truth - probability) in the bin, and its standard error. */
function gapsByBin({ labels, probabilities }: BinaryPredictions) {
  const bins = Array.from({ length: calibrationBins }, () => ({ sum: 0, squares: 0 }));
  probabilities.forEach((probability, row) => {
    const bin = bins[Math.min(Math.floor(probability * calibrationBins), calibrationBins - 1)];
    const residual = (labels[row] ?? 0) - probability;
    if (!bin) return;
    bin.sum += residual;
    bin.squares += residual * residual;
  });
  const count = labels.length;
  return bins.map(({ sum, squares }) => ({ gap: sum / count, standardError: Math.sqrt(squares) / count }));
}

/** The sum of |z| over independent normal errors that is exceeded with probability 1 - confidence. */
function quantileOfTotalError(standardErrors: readonly number[]): number {
  const normal = seededNormal(seed);
  const totals = Float64Array.from({ length: draws }, () =>
    standardErrors.reduce((total, standardError) => total + Math.abs(standardError * normal()), 0),
  ).sort();
  return totals[Math.ceil(reportedConfidence * draws) - 1] ?? 0;
}
