import type { MetricName } from '../metrics/metric.ts';
import { drawBinomial, drawMultinomial, drawNormal, type Uniform } from './draws.ts';
import { metricOfErrors } from './error-metrics.ts';
import { isotonicMeans } from './isotonic.ts';
import type { Calibration } from './quality.schema.ts';
import { isYesFrom, metricOfScores } from './score-metrics.ts';

type Counts = readonly number[] | Float64Array;

/** Knows from the baseline what to expect of predictions in each bin. */
export interface Estimator {
  /** Rows of the baseline by bin. */
  readonly rows: Counts;
  /** The metric to expect of so many predictions in each bin. */
  readonly expected: (metric: MetricName, counts: Counts) => number | undefined;
  /** The metric that labels might show of them: the expected outcomes, drawn by chance. */
  readonly realised: (metric: MetricName, counts: Counts, uniform: Uniform) => number | undefined;
  /** The same from another baseline of as many rows, as chance might have given it. */
  readonly resampled: (uniform: Uniform) => Estimator;
}

/** @throws nothing; a calibration without rows expects nothing of any metric. */
export function estimatorOf(calibration: Calibration): Estimator {
  return calibration.problem === 'binary' ? ofScores(calibration) : ofErrors(calibration);
}

type ScoreCalibration = Extract<Calibration, { problem: 'binary' }>;
type ErrorCalibration = Extract<Calibration, { problem: 'regression' }>;

/**
 * Confidence-based performance estimation: of the predictions with a score, as many are positive as were in the baseline.
 * Calibration is isotonic, as a higher score should not be less often right.
 */
function ofScores(calibration: ScoreCalibration): Estimator {
  const { edges, rows, positives, scores } = calibration;
  const positiveShares = isotonicMeans(positives, rows);
  const binsOf = (counts: Counts, shares: Counts) =>
    rows.map((rowsOfBin, bin) => ({
      rows: counts[bin] ?? 0,
      positiveShare: shares[bin] ?? 0,
      score: rowsOfBin > 0 ? (scores[bin] ?? 0) / rowsOfBin : middleOf(edges, bin),
      isYes: isYesFrom(edges[bin - 1]),
    }));
  return {
    rows,
    expected: (metric, counts) => metricOfScores(metric, binsOf(counts, positiveShares)),
    realised: (metric, counts, uniform) => {
      const drawn = positiveShares.map((share, bin) => {
        const count = counts[bin] ?? 0;
        return count === 0 ? 0 : drawBinomial(count, share, uniform) / count;
      });
      return metricOfScores(metric, binsOf(counts, drawn));
    },
    resampled: (uniform) => {
      const drawnRows = resampledCounts(rows, uniform);
      const shareOf = (bin: number) => (rows[bin] ? (positives[bin] ?? 0) / rows[bin] : 0);
      return ofScores({
        ...calibration,
        rows: drawnRows,
        positives: drawnRows.map((count, bin) => drawBinomial(count, shareOf(bin), uniform)),
        scores: drawnRows.map((count, bin) => count * (rows[bin] ? (scores[bin] ?? 0) / rows[bin] : 0)),
      });
    },
  };
}

/** Scores of a bin without rows in the baseline are taken to lie in its middle. */
function middleOf(edges: readonly number[], bin: number): number {
  return ((edges[bin - 1] ?? 0) + (edges[bin] ?? 1)) / 2;
}

/** Of predictions of about a number, errors are expected to be as large as the baseline's were. */
function ofErrors(calibration: ErrorCalibration): Estimator {
  const { rows, absoluteErrors, squaredErrors, fourthPowers } = calibration;
  const absolute = filledMeans(absoluteErrors, rows);
  const squared = filledMeans(squaredErrors, rows);
  const fourth = filledMeans(fourthPowers, rows);
  const metricOf = (metric: MetricName, counts: Counts, ofAbsolute: Counts, ofSquared: Counts) =>
    metricOfErrors(
      metric,
      rows.map((_, bin) => ({
        rows: counts[bin] ?? 0,
        absolute: ofAbsolute[bin] ?? 0,
        squared: ofSquared[bin] ?? 0,
      })),
    );
  const drawnMeans = (means: Counts, squares: Counts, counts: Counts, uniform: Uniform) =>
    Array.from(means, (mean, bin) => drawMean(mean, squares[bin] ?? 0, counts[bin] ?? 0, uniform));
  return {
    rows,
    expected: (metric, counts) => metricOf(metric, counts, absolute, squared),
    realised: (metric, counts, uniform) =>
      metricOf(
        metric,
        counts,
        drawnMeans(absolute, squared, counts, uniform),
        drawnMeans(squared, fourth, counts, uniform),
      ),
    resampled: (uniform) => {
      const drawnRows = resampledCounts(rows, uniform);
      const sums = (means: Counts, squares: Counts) =>
        drawnMeans(means, squares, drawnRows, uniform).map((mean, bin) => mean * (drawnRows[bin] ?? 0));
      return ofErrors({
        ...calibration,
        rows: drawnRows,
        absoluteErrors: sums(absolute, squared),
        squaredErrors: sums(squared, fourth),
        fourthPowers: drawnRows.map((count, bin) => count * (fourth[bin] ?? 0)),
      });
    },
  };
}

/** Means of the bins; a bin without rows takes that of the nearest bin with rows, of two the lower. */
function filledMeans(sums: Counts, rows: Counts): number[] {
  const filled = Array.from(rows, (count, bin) => (count > 0 ? bin : -1)).filter((bin) => bin >= 0);
  return Array.from(rows, (_, bin) => {
    const nearest = filled.reduce(
      (best, each) => (Math.abs(each - bin) < Math.abs(best - bin) ? each : best),
      filled[0] ?? bin,
    );
    return (sums[nearest] ?? 0) / (rows[nearest] ?? 1);
  });
}

/** The mean of so many non-negative numbers with this mean and mean square, about normal. */
function drawMean(mean: number, meanSquare: number, count: number, uniform: Uniform): number {
  if (count === 0) return mean;
  const variance = Math.max(0, meanSquare - mean * mean);
  return Math.max(0, mean + Math.sqrt(variance / count) * drawNormal(uniform));
}

/** As many rows, put into the bins by chance with the shares that they have. */
export function resampledCounts(counts: Counts, uniform: Uniform): number[] {
  const drawn = new Float64Array(counts.length);
  const total = Array.from(counts).reduce((sum, count) => sum + count, 0);
  drawMultinomial(total, Float64Array.from(counts), uniform, drawn);
  return Array.from(drawn);
}
