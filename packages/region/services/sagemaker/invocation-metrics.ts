/** A value of a metric that AWS itself publishes. */
export interface ServiceMetric {
  readonly namespace: `AWS/${string}`;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  readonly unit: 'None' | 'Count' | 'Microseconds';
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Where services publish their own metrics; callers of CloudWatch may not write to `AWS/` namespaces. */
export interface MetricSink {
  put(metrics: readonly ServiceMetric[]): Promise<void>;
}

/** An answered invocation. */
export interface Invoked {
  readonly endpointName: string;
  readonly variantName: string;
  readonly endpointConfigName: string;
  /** What the container answered. */
  readonly status: number;
  /** Until its answer; of a serverless variant, the start of a container included. */
  readonly modelMilliseconds: number;
  readonly at: number;
}

/**
 * What SageMaker publishes for an invocation: per variant, and per variant of a fleet, which alarms of a deployment
 * watch. The latency is in microseconds; errors are 0 or 1, so that their average is a rate.
 */
export function invocationMetrics(invoked: Invoked): ServiceMetric[] {
  const { status } = invoked;
  const values = [
    ['Invocations', 1, 'None'],
    ['Invocation4XXErrors', status >= 400 && status < 500 ? 1 : 0, 'None'],
    ['Invocation5XXErrors', status >= 500 ? 1 : 0, 'None'],
    ['ModelLatency', Math.round(invoked.modelMilliseconds * 1000), 'Microseconds'],
  ] as const;
  const variant = { EndpointName: invoked.endpointName, VariantName: invoked.variantName };
  const fleet = { ...variant, EndpointConfigName: invoked.endpointConfigName };
  return [variant, fleet].flatMap((dimensions) =>
    values.map(
      ([name, value, unit]) =>
        ({ namespace: 'AWS/SageMaker', name, dimensions, value, unit, at: invoked.at }) as const,
    ),
  );
}
