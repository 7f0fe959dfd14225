import { aucDifference } from './auc.ts';
import { binaryPointwise } from './binary.ts';
import type { MetricName } from './metric.ts';
import { metricFactsOf } from './metric-facts.ts';
import { multiclassPointwise } from './multiclass.ts';
import { normalQuantile } from './normal.ts';
import { differenceOf, type Pointwise, standardErrorOf } from './pointwise.ts';
import type { Predictions } from './predictions.ts';
import { regressionPointwise } from './regression.ts';

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
  const difference = differenceIn(metric, challenger, champion);
  const better = metricFactsOf(challenger.problem, metric)?.better;
  if (!difference || !better) return undefined;
  const { standardError } = difference;
  // Adding 0 turns -0, of two models that are equal, into 0.
  const value = (better === 'higher' ? difference.value : -difference.value) + 0;
  return { value, atLeast: value - normalQuantile(confidence) * standardError, standardError };
}

function differenceIn(metric: MetricName, challenger: Predictions, champion: Predictions) {
  if (metric === 'auc') {
    if (challenger.problem !== 'binary' || champion.problem !== 'binary') return undefined;
    const paired = aucDifference(challenger, champion);
    return paired && { value: paired.difference, standardError: paired.standardError };
  }
  const ours = pointwise(metric, challenger);
  const theirs = pointwise(metric, champion);
  if (!ours || !theirs) return undefined;
  const difference = differenceOf(ours, theirs);
  return { value: difference.value, standardError: standardErrorOf(difference) };
}

function pointwise(metric: MetricName, predictions: Predictions): Pointwise | undefined {
  switch (predictions.problem) {
    case 'binary':
      return binaryPointwise(metric, predictions);
    case 'multiclass':
      return multiclassPointwise(metric, predictions);
    case 'regression':
      return regressionPointwise(metric, predictions);
  }
}
