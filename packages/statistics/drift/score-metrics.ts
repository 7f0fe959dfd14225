import { binaryMetrics } from '../metrics/binary.ts';
import type { ScoreBin } from '../metrics/expected-scores.ts';
import { decisionThreshold, isMetricOf, type MetricName } from '../metrics/metric-facts.ts';

/**
 * A metric of predictions of which it is known how many in each bin are positive, or how many are expected to be.
 * @returns `undefined` without rows, for a ratio without denominator, and for a metric that these counts do not determine.
 */
export function metricOfScores(metric: MetricName, bins: readonly ScoreBin[]): number | undefined {
  return isMetricOf('binary', metric) ? binaryMetrics[metric].ofCounts?.(bins) : undefined;
}

/** Whether the model says yes in a bin that begins at this edge; the first bin begins nowhere. */
export function isYesFrom(edge: number | undefined): boolean {
  return edge !== undefined && edge >= decisionThreshold;
}
