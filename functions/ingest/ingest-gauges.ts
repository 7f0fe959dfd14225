import { gaugeLine } from '@tidemark/domain/invocations/gauge-line.ts';

/** Files that were rejected for an error that no check foresaw. */
export const unforeseenGauge = 'UnforeseenFileErrors';

export interface UnforeseenError {
  readonly stage: string;
  readonly model: string;
  readonly batchId: string;
  readonly key: string;
  /** Class of the error, without anything of the data. */
  readonly kind: string;
}

/** One line for the function's log, of which CloudWatch makes the metric by which operators are alarmed. */
export function unforeseenLine({ stage, ...facts }: UnforeseenError, now: Date): object {
  return gaugeLine(
    { by: [['Stage']], dimensions: { Stage: stage }, counts: { [unforeseenGauge]: 1 }, facts },
    now,
  );
}
