import type { ServiceMetric } from '../sagemaker/invocation-metrics.ts';
import type { Datapoint, MetricIdentity } from './datapoints.ts';

/** A value that a service publishes itself, as a datapoint of its metric. */
export function serviceMetric(metric: ServiceMetric): readonly [MetricIdentity, Datapoint] {
  const { namespace, name, dimensions, value, unit, at } = metric;
  return [
    {
      namespace,
      name,
      dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    },
    {
      at,
      unit,
      sampleCount: 1,
      sum: value,
      minimum: value,
      maximum: value,
      values: [{ value, count: 1 }],
    },
  ];
}
