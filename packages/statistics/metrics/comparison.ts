import { pairedDifference } from './measure.ts';
import { type MetricName, metricFactsOf } from './metric-facts.ts';
import { normalQuantile } from './normal.ts';
import type { Predictions } from './predictions.ts';

/** How much better one model is than another on the same rows, in the metric's unit; positive is better. */
export interface Improvement {
  readonly value: number;
  /** One-sided bound: the true improvement is at least this with the confidence asked for. */
  readonly atLeast: number;
  readonly standardError: number;
}

/**
 * Paired comparison on the same rows: DeLong's test for AUC, otherwise the mean of the row-by-row differences of the
 * metric's influence, which for accuracy is McNemar's test and for log loss, Brier score and errors the paired test of means.
 * @returns `undefined` when the metric is undefined for these rows or has no paired test (the calibration error).
 */
export function compare(
  metric: MetricName,
  challenger: Predictions,
  champion: Predictions,
  confidence: number,
): Improvement | undefined {
  const difference = pairedDifference(metric, challenger, champion);
  const better = metricFactsOf(challenger.problem, metric)?.better;
  if (!difference || !better) return undefined;
  const { standardError } = difference;
  // Adding 0 turns -0, of two models that are equal, into 0.
  const value = (better === 'higher' ? difference.value : -difference.value) + 0;
  return { value, atLeast: value - normalQuantile(confidence) * standardError, standardError };
}
