import { type DomainEvent, domainEvent } from '@tidemark/domain/events/domain-event.ts';
import type { CaughtError } from '@tidemark/domain/executions/caught-error.schema.ts';
import type { ModelRecord } from '@tidemark/domain/registry/records.schema.ts';
import { isRetired } from '@tidemark/domain/registry/retired-model.ts';
import { describeError } from './caught-error.ts';
import type { Removal } from './rollout.schema.ts';
import type { StatusChange } from './status-change.ts';

type Facts = Pick<ModelRecord, 'definition' | 'liveVersion' | 'restoreVersion' | 'lease'>;

/** What becomes of the registry when an endpoint was to be taken away. */
export interface RemovalRecord {
  readonly statusChanges: readonly StatusChange[];
  /** Whether the execution still holds the model; if not, pointer and lease are another's to change. */
  readonly holdsLease: boolean;
  /** The pointer as it shall be. */
  readonly liveVersion: number | null;
  /** What the model has when it is active again. */
  readonly restoreVersion: number | null;
  /** Error that the execution ends with. */
  readonly error: 'EndpointNotRemoved' | null;
  readonly event: DomainEvent<'endpoint.removed' | 'endpoint.removal-failed'>;
}

/** @param failure why the endpoint could not be taken away; `null`: it is gone */
export function decideRemovalRecord(
  removal: Removal,
  failure: CaughtError | null,
  facts: Facts,
  now: Date,
): RemovalRecord {
  const holdsLease = facts.lease?.owner === removal.leaseOwner;
  return failure === null
    ? gone(removal, facts, holdsLease, now)
    : stillThere(removal, failure, facts, holdsLease, now);
}

function gone(
  { model, causeId, endpointName }: Removal,
  facts: Facts,
  holdsLease: boolean,
  now: Date,
): RemovalRecord {
  const { liveVersion: version } = facts;
  const restoreVersion = version ?? facts.restoreVersion ?? null;
  const what =
    version === null
      ? `There is no endpoint ${endpointName}.`
      : `The endpoint ${endpointName} is gone, and costs nothing any more.`;
  const message = `${what} ${afterwards(model, restoreVersion, isRetired(facts))}`;
  return {
    statusChanges:
      version === null ? [] : [{ version, from: 'live', to: 'retired', reason: 'The model was retired.' }],
    holdsLease,
    liveVersion: null,
    restoreVersion,
    error: null,
    event: domainEvent('endpoint.removed', { model, causeId, version, endpointName, message }, now),
  };
}

function afterwards(model: string, version: number | null, retired: boolean): string {
  if (!retired) {
    return version === null
      ? `${model} is active again meanwhile.`
      : `${model} is active again meanwhile: version ${version} is deployed next.`;
  }
  return version === null
    ? `No version of ${model} was live.`
    : `Version ${version} of ${model} is kept, with its endpoint configuration, and is deployed again when the model is active.`;
}

function stillThere(
  { model, causeId, endpointName }: Removal,
  failure: CaughtError,
  { liveVersion, restoreVersion }: Facts,
  holdsLease: boolean,
  now: Date,
): RemovalRecord {
  const message =
    `The endpoint ${endpointName} of ${model}, which is retired, could not be deleted and may cost money: ` +
    `${describeError(failure)} Once that is fixed, start deploy with { "model": "${model}" }.`;
  const error = failure.Error;
  return {
    statusChanges: [],
    holdsLease,
    liveVersion,
    restoreVersion: restoreVersion ?? null,
    error: 'EndpointNotRemoved',
    event: domainEvent('endpoint.removal-failed', { model, causeId, endpointName, error, message }, now),
  };
}
