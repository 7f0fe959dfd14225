import { type DomainEvent, domainEvent, type EventCause } from '@tidemark/domain/events/domain-event.ts';
import type { LabelFileUse } from '@tidemark/domain/events/label-files.schema.ts';
import type { RetrainingTrigger } from '@tidemark/domain/events/retraining-triggers.ts';
import type { RetrainingRecord } from '@tidemark/domain/registry/records.schema.ts';
import { reactivationRemedy } from '@tidemark/domain/registry/retired-model.ts';

/** What events say of a trigger. */
interface TriggerWords {
  /** Why the model is to be trained again, as a clause. */
  readonly because: (model: string) => string;
  /** What becomes of the reason when a retraining came to nothing. */
  readonly asksAgain: string;
}

const triggers: Readonly<Record<RetrainingTrigger, TriggerWords>> = {
  drift: {
    because: (model) => `the drift alarm of ${model} went off`,
    asksAgain: 'While the drift lasts, its next windows ask again, within the limits of the definition.',
  },
  quality: {
    because: (model) => `the quality alarm of ${model} went off`,
    asksAgain:
      'While the loss of quality lasts, its next windows ask again, within the limits of the definition.',
  },
  schedule: {
    because: (model) => `the schedule of ${model} says so`,
    asksAgain: 'The schedule asks again tomorrow.',
  },
  manual: {
    because: (model) => `a person asked for ${model} to be trained again`,
    asksAgain: 'Nothing asks again by itself.',
  },
};

/** @param what which rows are new, as a sentence */
export function retrainingStarted(
  { model, retrainingId, trigger, datasetId, labels }: RetrainingRecord,
  what: string,
  { causeId, now }: EventCause,
): DomainEvent<'retraining.started'> {
  const message = `Retraining ${model} (${retrainingId}), because ${triggers[trigger].because(model)}: ${what} A new version passes the same gates as any other.`;
  return domainEvent(
    'retraining.started',
    { model, causeId, retrainingId, trigger, datasetId, ...(labels && { labels }), message },
    now,
  );
}

/** Why there is no retraining: `message` as a sentence. */
export interface Suppression {
  readonly reason: string;
  readonly message: string;
  /** Which files labelled the rows that were counted. */
  readonly labels?: LabelFileUse | null;
}

export function retrainingSuppressed(
  model: string,
  trigger: RetrainingTrigger,
  { reason, message: why, labels }: Suppression,
  { causeId, now }: EventCause,
): DomainEvent<'retraining.suppressed'> {
  const message = `${model} is not trained again, though ${triggers[trigger].because(model)}: ${why}`;
  const facts = { model, causeId, trigger, reason, ...(labels && { labels }), message };
  return domainEvent('retraining.suppressed', facts, now);
}

/** @param why as a sentence */
export function retrainingAbandoned(
  { model, retrainingId, trigger }: RetrainingRecord,
  { reason, message: why }: { readonly reason: string; readonly message: string },
  { causeId, now }: EventCause,
): DomainEvent<'retraining.abandoned'> {
  const again = `${triggers[trigger].asksAgain} To try again at once, start retrain with { "model": "${model}" }.`;
  const next = reason === 'retired' ? reactivationRemedy(model) : again;
  const message = `The retraining ${retrainingId} of ${model} was abandoned: ${why} ${next}`;
  return domainEvent('retraining.abandoned', { model, causeId, retrainingId, trigger, reason, message }, now);
}
