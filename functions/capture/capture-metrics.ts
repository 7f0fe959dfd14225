import { metricNamespace } from '@tidemark/domain/monitoring-metrics.ts';

/** Captures that did not go the usual way, by Firehose. */
export const captureMetrics = {
  /** Written to the bucket by the prediction function itself, as Firehose did not take them. Nothing is lost. */
  direct: 'CapturesWrittenDirectly',
  /** Neither way worked: the predictions were answered and will not be monitored. */
  lost: 'CapturesLost',
} as const;

export interface CaptureMeasures {
  readonly stage: string;
  readonly model: string;
  readonly direct: number;
  readonly lost: number;
  /** What Firehose and S3 said, for the log. */
  readonly reasons: readonly string[];
}

/**
 * One line for the function's log, of which CloudWatch makes metrics by itself (embedded metric format): per stage, for the alarms, and
 * per model. So it works when nothing else does.
 */
export function captureMetricLine(
  { stage, model, direct, lost, reasons }: CaptureMeasures,
  now: Date,
): string {
  return JSON.stringify({
    _aws: {
      Timestamp: now.getTime(),
      CloudWatchMetrics: [
        {
          Namespace: metricNamespace,
          Dimensions: [['Stage'], ['Stage', 'Model']],
          Metrics: [
            { Name: captureMetrics.direct, Unit: 'Count' },
            { Name: captureMetrics.lost, Unit: 'Count' },
          ],
        },
      ],
    },
    Stage: stage,
    Model: model,
    [captureMetrics.direct]: direct,
    [captureMetrics.lost]: lost,
    reasons,
  });
}
