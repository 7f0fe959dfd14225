import { binaryMetrics } from './binary.ts';
import type { Metric, MetricEstimates, ValueWithError } from './metric.ts';
import { isMetricOf, type MetricName } from './metric-facts.ts';
import { multiclassMetrics } from './multiclass.ts';
import { differenceOf, standardErrorOf } from './pointwise.ts';
import type { Predictions } from './predictions.ts';
import { regressionMetrics } from './regression.ts';

/** Every metric of the problem that these rows allow, each with its interval at 0.95. Rows must not be empty. */
export function measure(predictions: Predictions): MetricEstimates {
  switch (predictions.problem) {
    case 'binary':
      return measuredBy(binaryMetrics, predictions);
    case 'multiclass':
      return measuredBy(multiclassMetrics, predictions);
    case 'regression':
      return measuredBy(regressionMetrics, predictions);
  }
}

function measuredBy<P>(metrics: Readonly<Record<string, Metric<P, never>>>, predictions: P): MetricEstimates {
  return Object.fromEntries(
    Object.entries(metrics).flatMap(([name, metric]) => {
      const estimate = metric.measure(predictions);
      return estimate ? [[name, estimate]] : [];
    }),
  );
}

/** A metric with its standard error; `undefined` where it has none, or the rows do not allow it. Rows must not be empty. */
export function valueWithError(metric: MetricName, predictions: Predictions): ValueWithError | undefined {
  switch (predictions.problem) {
    case 'binary':
      return isMetricOf('binary', metric) ? errorOf(binaryMetrics[metric], predictions) : undefined;
    case 'multiclass':
      return isMetricOf('multiclass', metric) ? errorOf(multiclassMetrics[metric], predictions) : undefined;
    case 'regression':
      return isMetricOf('regression', metric) ? errorOf(regressionMetrics[metric], predictions) : undefined;
  }
}

function errorOf<P>({ paired, pointwise }: Metric<P, never>, predictions: P): ValueWithError | undefined {
  if (paired) return paired.withError(predictions);
  const measured = pointwise?.(predictions);
  return measured && { value: measured.value, standardError: standardErrorOf(measured) };
}

/** `first - second` on the same rows, with its standard error; `undefined` where the metric cannot be compared. */
export function pairedDifference(
  metric: MetricName,
  first: Predictions,
  second: Predictions,
): ValueWithError | undefined {
  if (first.problem === 'binary' && second.problem === 'binary' && isMetricOf('binary', metric))
    return differenceBy(binaryMetrics[metric], first, second);
  if (first.problem === 'multiclass' && second.problem === 'multiclass' && isMetricOf('multiclass', metric))
    return differenceBy(multiclassMetrics[metric], first, second);
  if (first.problem === 'regression' && second.problem === 'regression' && isMetricOf('regression', metric))
    return differenceBy(regressionMetrics[metric], first, second);
  return undefined;
}

function differenceBy<P>(
  { paired, pointwise }: Metric<P, never>,
  first: P,
  second: P,
): ValueWithError | undefined {
  if (paired) return paired.difference(first, second);
  const [ours, theirs] = [pointwise?.(first), pointwise?.(second)];
  if (!ours || !theirs) return undefined;
  const difference = differenceOf(ours, theirs);
  return { value: difference.value, standardError: standardErrorOf(difference) };
}
