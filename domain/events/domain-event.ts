import { createHash } from 'node:crypto';
import { oneLine, type Sentence, sentenceSchema } from '@tidemark/statistics/sentence.ts';
import { type DomainEventDetail, type DomainEventType, domainEventSchemas } from './domain-events.schema.ts';

/** An event as a function returns it and a state machine puts it on the bus: of one type, or of any. */
export type DomainEvent<T extends DomainEventType = DomainEventType> = {
  readonly [K in T]: { readonly type: K; readonly detail: DomainEventDetail<K> };
}[T];

/** What leads to an event, and when. */
export interface EventCause {
  /** The id of an event of S3 or of ours, or the ARN of an execution. */
  readonly causeId: string;
  readonly now: Date;
}

type Facts<T extends DomainEventType> = Omit<DomainEventDetail<T>, 'schemaVersion' | 'eventId' | 'time'>;

/**
 * Builds a domain event. Its id is a hash of its type, model and cause, so that a retried function yields the same event
 * and a consumer can drop the repeat.
 * @throws ZodError when the facts do not fit the type: a defect of ours.
 */
export function domainEvent<T extends DomainEventType>(type: T, facts: Facts<T>, now: Date): DomainEvent<T> {
  const eventId = eventIdOf(type, facts.model, facts.causeId);
  // Messages are mailed and shown by terminals, and some name keys that anybody may have chosen.
  const message = oneLine(facts.message);
  const detail = { schemaVersion: 1, eventId, time: now.toISOString(), ...facts, message };
  // The map's value type is a union that TypeScript cannot narrow by a generic key.
  return { type, detail: domainEventSchemas[type].parse(detail) } as DomainEvent<T>;
}

/**
 * What the last of these events says, for a log: a text without values of the data, as every event's is (`test/values-stay-out.test.ts`).
 * `undefined`: there is none.
 */
export function sentenceOf(events: readonly DomainEvent[]): Sentence | undefined {
  const last = events.at(-1);
  return last && sentenceSchema.parse(last.detail.message);
}

/**
 * The id of the event of this type that a cause leads to for a model. Known before the event is made: a function that may be
 * a retry asks the registry for it first (`RegistryTable.recordedEvent`).
 */
export function eventIdOf(type: DomainEventType, model: string, causeId: string): string {
  return createHash('sha256')
    .update(JSON.stringify([type, model, causeId]))
    .digest('hex')
    .slice(0, 20);
}
