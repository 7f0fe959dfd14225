import { metricNamespace } from '@tidemark/domain/monitoring-metrics.ts';

/** Files that were rejected for an error that no check foresaw. */
export const unforeseenMetric = 'UnforeseenFileErrors';

export interface UnforeseenError {
  readonly stage: string;
  readonly model: string;
  readonly batchId: string;
  readonly key: string;
  /** Class of the error, without anything of the data. */
  readonly kind: string;
}

/** One line for the function's log, of which CloudWatch makes a metric by itself (embedded metric format). */
export function unforeseenLine({ stage, ...facts }: UnforeseenError, now: Date): string {
  return JSON.stringify({
    _aws: {
      Timestamp: now.getTime(),
      CloudWatchMetrics: [
        {
          Namespace: metricNamespace,
          Dimensions: [['Stage']],
          Metrics: [{ Name: unforeseenMetric, Unit: 'Count' }],
        },
      ],
    },
    Stage: stage,
    [unforeseenMetric]: 1,
    ...facts,
  });
}
