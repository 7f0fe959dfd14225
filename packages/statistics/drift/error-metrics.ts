import { isMetricOf, type MetricName } from '../metrics/metric-facts.ts';
import { type ErrorBin, regressionMetrics } from '../metrics/regression.ts';

/** A metric of predictions whose mean errors in each bin are known, or expected; `undefined` where they do not determine it. */
export function metricOfErrors(metric: MetricName, bins: readonly ErrorBin[]): number | undefined {
  return isMetricOf('regression', metric) ? regressionMetrics[metric].ofCounts?.(bins) : undefined;
}
