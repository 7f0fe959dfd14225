import { aucWithError } from '../metrics/auc.ts';
import { binaryPointwise } from '../metrics/binary.ts';
import type { MetricName } from '../metrics/metric.ts';
import { multiclassPointwise } from '../metrics/multiclass.ts';
import { type Pointwise, standardErrorOf } from '../metrics/pointwise.ts';
import type { Predictions } from '../metrics/predictions.ts';
import { regressionPointwise } from '../metrics/regression.ts';
import type { MeasuredMetric } from './quality.schema.ts';

/** A metric with its standard error; `undefined` where the rows do not allow it. Rows must not be empty. */
export function measureMetric(metric: MetricName, predictions: Predictions): MeasuredMetric | undefined {
  const measured = withError(metric, predictions);
  return measured && { metric, ...measured, rows: predictions.labels.length };
}

function withError(metric: MetricName, predictions: Predictions) {
  if (metric === 'auc') return predictions.problem === 'binary' ? aucWithError(predictions) : undefined;
  const pointwise = pointwiseOf(metric, predictions);
  return pointwise && { value: pointwise.value, standardError: standardErrorOf(pointwise) };
}

function pointwiseOf(metric: MetricName, predictions: Predictions): Pointwise | undefined {
  switch (predictions.problem) {
    case 'binary':
      return binaryPointwise(metric, predictions);
    case 'multiclass':
      return multiclassPointwise(metric, predictions);
    case 'regression':
      return regressionPointwise(metric, predictions);
  }
}
