import type { Estimate } from './estimate.schema.ts';
import type { MetricName } from './metric-facts.ts';
import type { ProblemType } from './metric-names.ts';
import type { Pointwise } from './pointwise.ts';

/** Metrics that could be computed, each with its interval. One that is undefined for the rows is absent. */
export type MetricEstimates = Partial<Record<MetricName, Estimate>>;

/** The metric that a problem is judged by when the definition names none. */
export const mainMetric = {
  binary: 'auc',
  multiclass: 'logLoss',
  regression: 'rmse',
} as const satisfies Record<ProblemType, MetricName>;

/**
 * How a metric is computed from predictions `P`, and from counts `C` by which labels that have not arrived are expected. Each is `undefined`
 * where the rows do not allow it, such as a ratio without denominator; `null` is written out where a metric has no such form.
 */
export interface Metric<P, C> {
  /** With its interval. Rows must not be empty. */
  readonly measure: (predictions: P) => Estimate | undefined;
  /** With its influence per row, for standard errors and for paired comparison. */
  readonly pointwise: ((predictions: P) => Pointwise | undefined) | null;
  /** With a method of its own where it has no influence per row. */
  readonly paired: PairedMetric<P> | null;
  readonly ofCounts: ((counts: C) => number | undefined) | null;
}

export interface PairedMetric<P> {
  readonly withError: (predictions: P) => ValueWithError | undefined;
  /** `first - second` on the same rows. */
  readonly difference: (first: P, second: P) => ValueWithError | undefined;
}

export interface ValueWithError {
  readonly value: number;
  readonly standardError: number;
}
