import type { ObjectPin } from '../datasets/manifest.schema.ts';
import type { Problem } from '../definition/problem.ts';
import { type DomainEvent, domainEvent } from '../events/domain-event.ts';
import { dataKeys } from '../names.ts';

/** What led to an event: the id of S3's event. */
interface Cause {
  readonly causeId: string;
  readonly now: Date;
}

export function modelOnboarded(
  model: string,
  definitionHash: string,
  created: boolean,
  { causeId, now }: Cause,
): DomainEvent<'model.onboarded'> {
  const message = created
    ? `The model ${model} is onboarded. Put data under ${dataKeys.incoming(model)} to train it.`
    : `The definition of ${model} has changed. It counts from the next training on.`;
  return domainEvent('model.onboarded', { model, causeId, message, definitionHash, created }, now);
}

export function definitionRejected(
  model: string,
  { key, versionId }: ObjectPin,
  problems: readonly Problem[],
  { causeId, now }: Cause,
): DomainEvent<'definition.rejected'> {
  return domainEvent(
    'definition.rejected',
    { model, causeId, message: rejection(key, problems), key, versionId, problems: [...problems] },
    now,
  );
}

/** The first problem in full, as one reads it in a notification; the others are in the event. */
function rejection(key: string, [first, ...others]: readonly Problem[]): string {
  const place = first === undefined || first.line === null ? key : `${key}, line ${first.line}`;
  const more =
    { 0: '', 1: ' There is one more problem.' }[others.length] ??
    ` There are ${others.length} more problems.`;
  return `${place}: ${first?.what ?? ''} ${first?.remedy ?? ''}${more} Nothing was changed.`;
}
