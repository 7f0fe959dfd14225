import type { MetricName } from '../metrics/metric-facts.ts';
import type { Uniform } from './draws.ts';
import type { Counts } from './resampling.ts';

/** Knows from the baseline what to expect of predictions in each bin. */
export interface Estimator {
  /** Rows of the baseline by bin. */
  readonly rows: Counts;
  /** The metric to expect of so many predictions in each bin. */
  readonly expected: (metric: MetricName, counts: Counts) => number | undefined;
  /** The metric that labels might show of them: the expected outcomes, drawn by chance. */
  readonly realised: (metric: MetricName, counts: Counts, uniform: Uniform) => number | undefined;
  /** The same from another baseline of as many rows, as chance might have given it. */
  readonly resampled: (uniform: Uniform) => Estimator;
}
