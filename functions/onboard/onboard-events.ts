import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import type { DefinitionFinding } from '@tidemark/domain/definition/definition-finding.ts';
import { type DomainEvent, domainEvent, type EventCause } from '@tidemark/domain/events/domain-event.ts';
import { alarmName, dataKeys, endpointName } from '@tidemark/domain/names.ts';
import type { ModelRecord } from '@tidemark/domain/registry/records.schema.ts';
import { reactivationRemedy, retiredSentence } from '@tidemark/domain/registry/retired-model.ts';
import { alarmKinds, scheduleNames } from './monitoring-plan.ts';

/** The types of event that say that a definition was registered: one of them for each. */
export const registrationEvents = ['model.onboarded', 'model.retired', 'model.reactivated'] as const;

interface Registered {
  readonly definition: Definition;
  readonly hash: string;
}

export function modelOnboarded(
  { definition, hash: definitionHash }: Registered,
  created: boolean,
  { causeId, now }: EventCause,
): DomainEvent<'model.onboarded'> {
  const model = definition.name;
  const isDormant = definition.lifecycle === 'retired';
  const message = `${registration(model, created)} ${isDormant ? `${retiredSentence(model)} ${reactivationRemedy(model)}` : whatNext(model, created)}`;
  return domainEvent('model.onboarded', { model, causeId, message, definitionHash, created }, now);
}

function registration(model: string, created: boolean): string {
  return created ? `The model ${model} is onboarded.` : `The definition of ${model} has changed.`;
}

function whatNext(model: string, created: boolean): string {
  return created
    ? `Put data under ${dataKeys.incoming(model)} to train it.`
    : 'It applies from the next training on.';
}

/** @param seen the model as it was before */
export function modelRetired(
  { definition, hash: definitionHash }: Registered,
  { liveVersion }: Pick<ModelRecord, 'liveVersion'>,
  stage: string,
  { causeId, now }: EventCause,
): DomainEvent<'model.retired'> {
  const model = definition.name;
  const endpoint = endpointName(stage, model);
  const serves = liveVersion === null ? 'if there is one' : `which serves version ${liveVersion}`;
  const message =
    `${model} is retired: it is not trained, deployed or monitored any more, and predicts nothing. Its alarms and schedules are ` +
    `deleted, and next the endpoint ${endpoint}, ${serves}; endpoint.removed says when. Datasets, versions, ` +
    `captures, reports and audit are kept. ${reactivationRemedy(model)}`;
  return domainEvent(
    'model.retired',
    {
      model,
      causeId,
      message,
      definitionHash,
      liveVersion,
      endpointName: endpoint,
      alarms: alarmKinds.map((kind) => alarmName(stage, model, kind)),
      schedules: [scheduleNames(model).monitor, scheduleNames(model).retrain],
    },
    now,
  );
}

/** @param seen the model as it was before */
export function modelReactivated(
  { definition, hash: definitionHash }: Registered,
  { liveVersion, restoreVersion }: Pick<ModelRecord, 'liveVersion' | 'restoreVersion'>,
  { causeId, now }: EventCause,
): DomainEvent<'model.reactivated'> {
  const model = definition.name;
  const restoring = liveVersion ?? restoreVersion ?? null;
  const serving =
    restoring === null
      ? 'No version of it was live; feed it data, or deploy one that passed its gates.'
      : `Version ${restoring} is deployed again if its endpoint was deleted; deployment.succeeded says when it serves.`;
  const message =
    `${model} is active again: its alarms and schedules are made again, and files that waited under ` +
    `${dataKeys.incoming(model)} are taken up. ${serving}`;
  return domainEvent('model.reactivated', { model, causeId, message, definitionHash, restoring }, now);
}

export function definitionRejected(
  model: string,
  { key, versionId }: ObjectPin,
  problems: readonly DefinitionFinding[],
  { causeId, now }: EventCause,
): DomainEvent<'definition.rejected'> {
  return domainEvent(
    'definition.rejected',
    { model, causeId, message: rejection(key, problems), key, versionId, problems: [...problems] },
    now,
  );
}

/** The first problem in full, as one reads it in a notification; the others are in the event. */
function rejection(key: string, [first, ...others]: readonly DefinitionFinding[]): string {
  const place = first === undefined || first.line === null ? key : `${key}, line ${first.line}`;
  const more =
    { 0: '', 1: ' There is one more problem.' }[others.length] ??
    ` There are ${others.length} more problems.`;
  return `${place}: ${first?.what ?? ''} ${first?.remedy ?? ''}${more} Nothing was changed.`;
}
