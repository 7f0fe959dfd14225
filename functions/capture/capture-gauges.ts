import { gaugeLine } from '@tidemark/domain/invocations/gauge-line.ts';

/** Captures that did not go the usual way, by Firehose. */
export const captureGauges = {
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

/** One line for the function's log, of which CloudWatch makes metrics: per stage, for the alarms, and per model. */
export function captureGaugeLine(
  { stage, model, direct, lost, reasons }: CaptureMeasures,
  now: Date,
): object {
  return gaugeLine(
    {
      by: [['Stage'], ['Stage', 'Model']],
      dimensions: { Stage: stage, Model: model },
      counts: { [captureGauges.direct]: direct, [captureGauges.lost]: lost },
      facts: { reasons },
    },
    now,
  );
}
