import { metricFactsOf } from '../definition/metric-facts.ts';
import { normalInterval } from '../metrics/interval.ts';
import type { MetricName } from '../metrics/metric.ts';
import { moments } from '../metrics/moments.ts';
import { seededUniform } from '../metrics/random.ts';
import { sumOf } from './contingency.ts';
import { type Estimator, estimatorOf, resampledCounts } from './estimator.ts';
import type { EstimatedMetric, QualityBaseline } from './quality.schema.ts';

/** Resamplings behind a standard error, which is then known to 4 %. */
const resamplings = 400;

const conventions = {
  binary:
    'confidence-based performance estimation (CBPE) from the scores, calibrated on the baseline by isotonic regression; ' +
    'blind to a change of what the same score means',
  regression:
    "direct loss estimation from the predictions: the baseline's errors at predictions of about the same number; blind to a " +
    'change of the errors at the same prediction',
} as const;

/**
 * Estimates a metric of predictions whose labels are not known, by what the baseline says of such predictions.
 *
 * What the same estimate says of the baseline's own predictions is taken off and the metric that was measured there is put in
 * its place: what binning and calibration get wrong, they get wrong in both. Uncertainty by resampling the baseline, the
 * window and its labels, baseline and calibration being the same rows.
 *
 * @param predictionCounts rows by bin on the calibration's edges
 * @returns `undefined` when the baseline, the metric or the window do not allow it.
 */
export function estimateQuality(
  baseline: QualityBaseline,
  metric: MetricName,
  predictionCounts: readonly number[],
  seed: number,
): EstimatedMetric | undefined {
  const { calibration } = baseline;
  const facts = calibration && metricFactsOf(calibration.problem, metric);
  if (!calibration || !facts || sumOf(calibration.rows) === 0) return undefined;
  const estimator = estimatorOf(calibration);
  const change = changeOf(estimator, metric, predictionCounts);
  if (change === undefined) return undefined;
  const uniform = seededUniform(seed);
  const drawn = Array.from({ length: resamplings }, () =>
    resampledChange(estimator, metric, predictionCounts, uniform),
  );
  const standardErrorOfDrop = deviation(drawn.map(({ expected }) => expected));
  const standardError = deviation(drawn.map(({ realised }) => realised));
  return {
    metric,
    ...normalInterval(baseline.value + change, standardError, facts),
    rows: sumOf(predictionCounts),
    standardError,
    standardErrorOfDrop,
    convention: conventions[calibration.problem],
  };
}

/** What is expected of the window, less what is expected of the baseline. */
function changeOf(estimator: Estimator, metric: MetricName, counts: readonly number[]): number | undefined {
  const ofWindow = estimator.expected(metric, counts);
  const ofBaseline = estimator.expected(metric, estimator.rows);
  return ofWindow === undefined || ofBaseline === undefined ? undefined : ofWindow - ofBaseline;
}

/** The change that another baseline and another window would have given, and the value that the window's labels would. */
function resampledChange(
  estimator: Estimator,
  metric: MetricName,
  counts: readonly number[],
  uniform: () => number,
): { readonly expected: number | undefined; readonly realised: number | undefined } {
  const baseline = estimator.resampled(uniform);
  const window = resampledCounts(counts, uniform);
  return {
    expected: changeOf(baseline, metric, window),
    realised: baseline.realised(metric, window, uniform),
  };
}

/** Standard deviation of those that could be computed. */
function deviation(values: readonly (number | undefined)[]): number {
  return Math.sqrt(moments(Float64Array.from(values.filter((value) => value !== undefined))).variance);
}
