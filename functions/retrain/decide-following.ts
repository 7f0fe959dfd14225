import type { DomainEvent } from '@tidemark/domain/events/domain-event.ts';
import { dataKeys } from '@tidemark/domain/names.ts';
import type { RetrainingRecord } from '@tidemark/domain/registry/records.schema.ts';
import { forTraining, nextWaitSeconds } from './waiting.ts';

export type FollowingDecision =
  | { readonly kind: 'wait'; readonly message: string; readonly waitSeconds: number }
  | { readonly kind: 'training'; readonly message: string }
  /** It was given up before. */
  | { readonly kind: 'abandoned'; readonly message: string }
  | {
      readonly kind: 'abandon';
      readonly reason: 'rows-rejected' | 'expired' | 'retired';
      readonly message: string;
    };

/**
 * What has become of a retraining that was begun: one whose rows were rejected, whose model was retired, or that is not trained in two
 * days, is given up, as it would otherwise hold back every later one.
 * @param events what was announced for the model since it began
 */
export function decideFollowing(
  record: RetrainingRecord,
  events: readonly DomainEvent[],
  { waits, retired }: { readonly waits: number; readonly retired: boolean },
): FollowingDecision {
  const { model, retrainingId, status, runId } = record;
  const name = `The retraining ${retrainingId} of ${model}`;
  if (status === 'training') return { kind: 'training', message: `${name} is trained by run ${runId}.` };
  if (status === 'abandoned') {
    return { kind: 'abandoned', message: record.statusReason ?? `${name} was abandoned.` };
  }
  if (retired) {
    return { kind: 'abandon', reason: 'retired', message: `${model} was retired before it was trained.` };
  }
  const rejected = rejectionOf(record, events);
  if (rejected !== undefined) {
    return {
      kind: 'abandon',
      reason: 'rows-rejected',
      message: `its rows were rejected as data (${rejected}).`,
    };
  }
  const waitSeconds = nextWaitSeconds(forTraining, waits);
  if (waitSeconds === undefined) {
    return {
      kind: 'abandon',
      reason: 'expired',
      message: 'no training has begun with it in two days. The executions of ingest and train say why.',
    };
  }
  return { kind: 'wait', message: `${name} waits for its training run.`, waitSeconds };
}

/** Key of the report, if the rows were rejected. */
function rejectionOf(
  { model, retrainingId }: RetrainingRecord,
  events: readonly DomainEvent[],
): string | undefined {
  const key = dataKeys.feedback(model, retrainingId);
  for (const event of events) {
    if (event.type === 'data.rejected' && event.detail.files.includes(key)) return event.detail.reportKey;
  }
  return undefined;
}
