import type { MetricFacts } from '../metrics/metric-facts.ts';
import type { Measurement } from './quality.schema.ts';

/** Where a metric's errors are about symmetric, so that a normal test keeps its level. */
export interface MetricScale {
  readonly name: 'logits' | 'logarithms' | 'values';
  /** The measurement on the scale, its standard error by the delta method. */
  readonly to: (measurement: Measurement) => Measurement;
  /** The metric of a number on the scale. */
  readonly from: (value: number) => number;
}

/** Shares are skewed near their ends, and losses above 0 to the side on which a false alarm lies. */
export function metricScale({ lowest, highest }: MetricFacts): MetricScale {
  if (lowest === 0 && highest === 1) return logits;
  if (lowest === 0 && highest === null) return logarithms;
  return { name: 'values', to: (measurement) => measurement, from: (value) => value };
}

const logits: MetricScale = {
  name: 'logits',
  to: ({ value, standardError, rows }) => {
    // Half a row from an end is as near as so many rows can tell.
    const margin = 0.5 / Math.max(1, rows);
    const inside = Math.min(1 - margin, Math.max(margin, value));
    return {
      value: Math.log(inside / (1 - inside)),
      standardError: standardError / (inside * (1 - inside)),
      rows,
    };
  },
  from: (value) => 1 / (1 + Math.exp(-value)),
};

const logarithms: MetricScale = {
  name: 'logarithms',
  to: ({ value, standardError, rows }) => {
    // A loss of 0 is one that so many rows cannot tell from the smallest.
    const positive = Math.max(value, standardError, Number.MIN_VALUE);
    return { value: Math.log(positive), standardError: standardError / positive, rows };
  },
  from: Math.exp,
};
