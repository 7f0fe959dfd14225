import type { ClassCounts } from '../metrics/expected-classes.ts';
import { isMetricOf, type MetricName } from '../metrics/metric-facts.ts';
import { multiclassMetrics } from '../metrics/multiclass.ts';

/** A metric of predictions, as the measured one is defined; `undefined` without rows, and for a metric that counts do not determine. */
export function metricOfClasses(metric: MetricName, counts: ClassCounts): number | undefined {
  return isMetricOf('multiclass', metric) ? multiclassMetrics[metric].ofCounts?.(counts) : undefined;
}
