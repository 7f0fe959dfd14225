import { binaryMetrics } from './binary.ts';
import type { MetricEstimates } from './metric.ts';
import { multiclassMetrics } from './multiclass.ts';
import type { Predictions } from './predictions.ts';
import { regressionMetrics } from './regression.ts';

/** Every metric of the problem that these rows allow, each with its interval at 0.95. Rows must not be empty. */
export function measure(predictions: Predictions): MetricEstimates {
  switch (predictions.problem) {
    case 'binary':
      return binaryMetrics(predictions);
    case 'multiclass':
      return multiclassMetrics(predictions);
    case 'regression':
      return regressionMetrics(predictions);
  }
}
