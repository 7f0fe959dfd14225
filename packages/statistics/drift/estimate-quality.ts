import { normalInterval } from '../metrics/interval.ts';
import type { MetricName } from '../metrics/metric-facts.ts';
import { type MetricFacts, metricFactsOf } from '../metrics/metric-facts.ts';
import { moments } from '../metrics/moments.ts';
import { seededUniform } from '../metrics/random.ts';
import { sumOf } from '../metrics/sums.ts';
import { betweenWindows, meanOfBlocks } from './between-windows.ts';
import { estimatorOf } from './estimator.ts';
import type { Estimator } from './estimator-contract.ts';
import type { Calibration, EstimatedMetric, HoldoutBlock, QualityBaseline } from './quality.schema.ts';
import { resampledCounts } from './resampling.ts';

/** Resamplings behind a standard error, which is then known to 4 %. */
const resamplings = 400;

const conventions: Readonly<Record<Calibration['problem'], string>> = {
  binary:
    'confidence-based performance estimation (CBPE) from the scores, calibrated on the baseline by isotonic regression; ' +
    'blind to a change of what the same score means',
  multiclass:
    'confidence-based performance estimation from what the model says and how sure it is, calibrated on the baseline per class by ' +
    'isotonic regression, mistakes divided as in the baseline; blind to a change of what the same certainty means',
  regression:
    "direct loss estimation from the predictions: the baseline's errors at predictions of about the same number; blind to a " +
    'change of the errors at the same prediction',
};

/** What an estimate is made from. */
export interface ToEstimate {
  readonly baseline: QualityBaseline;
  readonly metric: MetricName;
  /** Rows by bin on the calibration's edges. */
  readonly predictionCounts: readonly number[];
  /** Of earlier windows of the same version. */
  readonly earlier: readonly EstimatedMetric[];
  readonly seed: number;
}

/**
 * Estimates a metric of predictions whose labels are not known, by what the baseline says of such predictions.
 *
 * What the same estimate says of the baseline is taken off and the metric that was measured there is put in its place: what
 * binning and calibration get wrong, they get wrong in both. Uncertainty by resampling the baseline, the window and its labels,
 * baseline and calibration being the same rows, and by how far labels lay from the estimate in blocks of the hold-out.
 *
 * @returns `undefined` when the baseline, the metric or the window do not allow it.
 */
export function estimateQuality(input: ToEstimate): EstimatedMetric | undefined {
  const { baseline, metric, predictionCounts, seed } = input;
  const { calibration } = baseline;
  const facts = calibration && metricFactsOf(calibration.problem, metric);
  if (!calibration || !facts || sumOf(calibration.rows) === 0) return undefined;
  const estimator = estimatorOf(calibration);
  const anchor = anchorOf(baseline, estimator, metric);
  const ofWindow = estimator.expected(metric, predictionCounts);
  if (anchor === undefined || ofWindow === undefined) return undefined;
  const uniform = seededUniform(seed);
  const drawn = Array.from({ length: resamplings }, () =>
    resampledChange(estimator, metric, predictionCounts, uniform),
  );
  const unforeseen = unforeseenOf(anchor.blocks);
  const value = anchor.measured + ofWindow - anchor.estimated;
  const standardError = Math.hypot(deviation(drawn.map(({ realised }) => realised)), unforeseen ?? 0);
  return {
    metric,
    ...intervalWithin(value, standardError, facts),
    rows: sumOf(predictionCounts),
    standardError,
    ...errorOfDrop(deviation(drawn.map(({ expected }) => expected)), anchor.blocks, input.earlier),
    unforeseen,
    expected: anchor.measured,
    effectiveRows: effectiveRows(estimator.rows, predictionCounts),
    convention: conventions[calibration.problem],
  };
}

/** A metric cannot be estimated where it cannot lie. */
function intervalWithin(value: number, standardError: number, facts: MetricFacts) {
  const inside = Math.min(Math.max(value, facts.lowest ?? value), facts.highest ?? value);
  return normalInterval(inside, standardError, facts);
}

/**
 * How many rows of the hold-out speak for the window's predictions: Kish's effective size of the hold-out, weighted to lie as the window
 * does. A bin without rows counts as if it had one, so that 7 % of the window in such leave no more than 200.
 */
export function effectiveRows(holdout: ArrayLike<number>, window: readonly number[]): number {
  const total = window.reduce((sum, count) => sum + count, 0);
  const squares = window.reduce(
    (sum, count, bin) => sum + (count / total) ** 2 / ((holdout[bin] ?? 0) + 1),
    0,
  );
  return total > 0 ? 1 / squares : 0;
}

interface EstimatedBlock {
  readonly measured: HoldoutBlock;
  readonly estimated: number;
}

/** What labels showed of the hold-out, and what the estimate says of the same. */
interface Anchor {
  readonly measured: number;
  readonly estimated: number;
  readonly blocks: readonly EstimatedBlock[];
}

/** Blocks, where there are enough, as a metric of many days together is not the mean of those of the days. */
function anchorOf(baseline: QualityBaseline, estimator: Estimator, metric: MetricName): Anchor | undefined {
  const blocks = baseline.blocks.flatMap((measured): EstimatedBlock[] => {
    const estimated = measured.predictionCounts && estimator.expected(metric, measured.predictionCounts);
    return typeof estimated === 'number' ? [{ measured, estimated }] : [];
  });
  const measured = meanOfBlocks(blocks.map((block) => block.measured));
  const estimated = meanOfBlocks(blocks.map(asMeasurement));
  if (measured && estimated) return { measured: measured.value, estimated: estimated.value, blocks };
  const whole = estimator.expected(metric, estimator.rows);
  return whole === undefined ? undefined : { measured: baseline.value, estimated: whole, blocks: [] };
}

function asMeasurement({ measured, estimated }: EstimatedBlock) {
  return { value: estimated, standardError: 0, rows: measured.rows };
}

/** Moments estimate of the variance between blocks: that of all, less what sampling has in it. */
function unforeseenOf(blocks: readonly EstimatedBlock[]): number | null {
  const residuals = blocks.map(({ measured, estimated }) => ({
    value: measured.value - estimated,
    standardError: measured.standardError,
  }));
  const between = betweenWindows([residuals]);
  return between ? Math.sqrt(Math.max(0, between.variance - between.sampling)) : null;
}

function errorOfDrop(
  resampled: number,
  blocks: readonly EstimatedBlock[],
  earlier: readonly EstimatedMetric[],
): Pick<EstimatedMetric, 'standardErrorOfDrop' | 'degreesOfFreedom'> {
  // An estimate's own error is of the labels that it foretells, and no part of how much estimates differ.
  const ofEarlier = earlier.map(({ value }) => ({ value, standardError: 0 }));
  const between = betweenWindows([blocks.map(asMeasurement), ofEarlier]);
  if (!between) return { standardErrorOfDrop: resampled, degreesOfFreedom: null };
  const ofReference = blocks.length > 0 ? between.variance / blocks.length : 0;
  return {
    standardErrorOfDrop: Math.sqrt(resampled ** 2 + between.variance + ofReference),
    degreesOfFreedom: between.degreesOfFreedom,
  };
}

/** The change that another baseline and another window would have given, and the value that the window's labels would. */
function resampledChange(
  estimator: Estimator,
  metric: MetricName,
  counts: readonly number[],
  uniform: () => number,
): { readonly expected: number | undefined; readonly realised: number | undefined } {
  const baseline = estimator.resampled(uniform);
  return {
    expected: difference(
      baseline.expected(metric, resampledCounts(counts, uniform)),
      baseline.expected(metric, baseline.rows),
    ),
    realised: baseline.realised(metric, counts, uniform),
  };
}

function difference(first: number | undefined, second: number | undefined): number | undefined {
  return first === undefined || second === undefined ? undefined : first - second;
}

/** Standard deviation of those that could be computed. */
function deviation(values: readonly (number | undefined)[]): number {
  return Math.sqrt(moments(Float64Array.from(values.filter((value) => value !== undefined))).variance);
}
