import { valueWithError } from '../metrics/measure.ts';
import type { MetricName } from '../metrics/metric-facts.ts';
import type { Predictions } from '../metrics/predictions.ts';
import type { MeasuredMetric } from './quality.schema.ts';

/** A metric with its standard error; `undefined` where the rows do not allow it. Rows must not be empty. */
export function measureMetric(metric: MetricName, predictions: Predictions): MeasuredMetric | undefined {
  const measured = valueWithError(metric, predictions);
  return measured && { metric, ...measured, rows: predictions.labels.length };
}
