import type { MetricName } from '../metrics/metric-facts.ts';
import { metricOfErrors } from './error-metrics.ts';
import type { Estimator } from './estimator-contract.ts';
import type { Calibration } from './quality.schema.ts';
import { type Counts, drawMeans, filledMeans, resampledCounts } from './resampling.ts';

type ErrorCalibration = Extract<Calibration, { problem: 'regression' }>;

/** Of predictions of about a number, errors are expected to be as large as the baseline's were. */
export function errorEstimator(calibration: ErrorCalibration): Estimator {
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
  return {
    rows,
    expected: (metric, counts) => metricOf(metric, counts, absolute, squared),
    realised: (metric, counts, uniform) =>
      metricOf(
        metric,
        counts,
        drawMeans(absolute, squared, counts, uniform),
        drawMeans(squared, fourth, counts, uniform),
      ),
    resampled: (uniform) => {
      const drawnRows = resampledCounts(rows, uniform);
      const sums = (means: Counts, squares: Counts) =>
        drawMeans(means, squares, drawnRows, uniform).map((mean, bin) => mean * (drawnRows[bin] ?? 0));
      return errorEstimator({
        ...calibration,
        rows: drawnRows,
        absoluteErrors: sums(absolute, squared),
        squaredErrors: sums(squared, fourth),
        fourthPowers: drawnRows.map((count, bin) => count * (fourth[bin] ?? 0)),
      });
    },
  };
}
