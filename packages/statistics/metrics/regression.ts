import { normalInterval } from './interval.ts';
import type { MetricEstimates, MetricName } from './metric.ts';
import { metricFacts } from './metric-facts.ts';
import { moments } from './moments.ts';
import { complementOf, meanOf, type Pointwise, ratioOf, rootOf, standardErrorOf } from './pointwise.ts';
import type { RegressionPredictions } from './predictions.ts';

/** Every metric of a regression model, with its interval. R2 is absent for a constant target, MAPE for one that is all 0. */
export function regressionMetrics(predictions: RegressionPredictions): MetricEstimates {
  const interval = (metric: keyof typeof metricFacts.regression) => {
    const pointwise = regressionPointwise(metric, predictions);
    return (
      pointwise && normalInterval(pointwise.value, standardErrorOf(pointwise), metricFacts.regression[metric])
    );
  };
  const r2 = interval('r2');
  const mape = interval('mape');
  const rmse = interval('rmse');
  const mae = interval('mae');
  return { ...(rmse && { rmse }), ...(mae && { mae }), ...(r2 && { r2 }), ...(mape && { mape }) };
}

/** A regression metric with its influence per row, for intervals and for paired comparison. */
export function regressionPointwise(
  metric: MetricName,
  { labels, values }: RegressionPredictions,
): Pointwise | undefined {
  const errors = values.map((value, row) => value - (labels[row] ?? 0));
  switch (metric) {
    case 'rmse':
      return rootOf(meanOf(squares(errors)));
    case 'mae':
      return meanOf(errors.map(Math.abs));
    case 'r2': {
      const { mean } = moments(labels);
      const unexplained = ratioOf(squares(errors), squares(labels.map((label) => label - mean)));
      return unexplained && complementOf(unexplained);
    }
    case 'mape':
      return ratioOf(
        errors.map((error, row) => (labels[row] ? Math.abs(error / labels[row]) : 0)),
        labels.map((label) => (label === 0 ? 0 : 1)),
      );
    default:
      return undefined;
  }
}

/** Rows that MAPE leaves out, because a share of 0 is undefined. */
export function rowsWithoutMape({ labels }: RegressionPredictions): number {
  return labels.reduce((count, label) => count + (label === 0 ? 1 : 0), 0);
}

function squares(values: Float64Array): Float64Array {
  return values.map((value) => value * value);
}
