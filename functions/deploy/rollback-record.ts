import { type DomainEvent, domainEvent } from '@tidemark/domain/events/domain-event.ts';
import type { CaughtError } from '@tidemark/domain/executions/caught-error.schema.ts';
import type { ModelRecord, VersionRecord } from '@tidemark/domain/registry/records.schema.ts';
import { describeError } from './caught-error.ts';
import { wasRetired } from './rollback-goal.ts';
import type { Goal, Rollout } from './rollout.schema.ts';
import type { StatusChange } from './status-change.ts';

interface FailedDeployment {
  readonly deployment: Rollout;
  /** What the endpoint went back to; meaningless when going back failed. */
  readonly goal: Goal;
  readonly failure: CaughtError;
  /** Why going back failed; `null` when it did not. */
  readonly rollbackFailure: CaughtError | null;
}

interface RegistryFacts {
  readonly model: Pick<ModelRecord, 'liveVersion' | 'restoreVersion' | 'lease'>;
  readonly version: Pick<VersionRecord, 'status' | 'deployer'>;
}

/** What becomes of the registry when a deployment has failed. */
export interface RollbackRecord {
  readonly statusChanges: readonly StatusChange[];
  /** Whether this deployment still holds the model; if not, pointer and lease are another's to change. */
  readonly holdsLease: boolean;
  /** The pointer as it shall be. */
  readonly liveVersion: number | null;
  /** What a retired model has when it is active again; `null`: nothing. */
  readonly restoreVersion: number | null;
  /** Error that the execution ends with; `null`: the model was retired, which is not a failure. */
  readonly error: 'DeploymentRolledBack' | 'RollbackFailed' | null;
  readonly event: DomainEvent<'deployment.rolled-back'>;
}

/** The registry calls live only what is proven to serve: the version that the endpoint went back to, or nothing. */
export function decideRollbackRecord(
  failed: FailedDeployment,
  facts: RegistryFacts,
  now: Date,
): RollbackRecord {
  const { deployment, goal, rollbackFailure } = failed;
  const { model, causeId, version, endpointName } = deployment;
  const { liveVersion } = facts.model;
  const serving = rollbackFailure === null ? goal.version : null;
  const restoreVersion = restored(failed, facts);
  const message = failureMessage(failed, serving, restoreVersion);
  return {
    statusChanges: statusChanges(failed, facts, serving),
    holdsLease: holdsLease(deployment, facts),
    liveVersion: liveVersion === serving ? liveVersion : null,
    restoreVersion,
    error: errorOf(failed),
    event: domainEvent(
      'deployment.rolled-back',
      { model, causeId, version, endpointName, serving, message },
      now,
    ),
  };
}

function errorOf({ failure, rollbackFailure }: FailedDeployment): RollbackRecord['error'] {
  if (rollbackFailure !== null) return 'RollbackFailed';
  return wasRetired(failure) ? null : 'DeploymentRolledBack';
}

/** A model that was retired during its first deployment has that version when it is active again: it had passed its gates. */
function restored({ deployment, failure }: FailedDeployment, { model }: RegistryFacts): number | null {
  const before = model.restoreVersion ?? null;
  return wasRetired(failure) ? (model.liveVersion ?? before ?? deployment.version) : before;
}

function statusChanges(
  failed: FailedDeployment,
  facts: RegistryFacts,
  serving: number | null,
): StatusChange[] {
  const { version, leaseOwner } = failed.deployment;
  const { model } = facts;
  const { status, deployer } = facts.version;
  const changes: StatusChange[] = [];
  // Another deployment that has taken the version up since decides what becomes of it.
  if (deployer === leaseOwner && (status === 'deploying' || status === 'live')) {
    const to = status === 'live' && isGone(failed) ? 'retired' : 'deploy-failed';
    changes.push({ version, from: status, to, reason: describeError(failed.failure) });
  }
  const former = model.liveVersion;
  if (holdsLease(failed.deployment, facts) && former !== null && former !== serving && former !== version) {
    const to = isGone(failed) ? 'retired' : 'deploy-failed';
    changes.push({ version: former, from: 'live', to, reason: formerReason(failed) });
  }
  return changes;
}

/** Whether the endpoint was taken away on purpose. */
function isGone({ failure, rollbackFailure }: FailedDeployment): boolean {
  return wasRetired(failure) && rollbackFailure === null;
}

function holdsLease({ leaseOwner }: Rollout, { model }: RegistryFacts): boolean {
  return model.lease?.owner === leaseOwner;
}

function formerReason(failed: FailedDeployment): string {
  if (isGone(failed)) return 'The model was retired.';
  const { deployment, rollbackFailure } = failed;
  const why = rollbackFailure === null ? '' : ` ${describeError(rollbackFailure)}`;
  return `The deployment of version ${deployment.version} failed and the endpoint could not go back to this version.${why}`;
}

function failureMessage(
  { deployment, goal, failure, rollbackFailure }: FailedDeployment,
  serving: number | null,
  restoreVersion: number | null,
) {
  const { model, version, endpointName } = deployment;
  const what = `Version ${version} of ${model} is not live: ${describeError(failure)}`;
  if (rollbackFailure !== null) {
    return (
      `${what} Going back failed too: ${describeError(rollbackFailure)} Nothing is proven to serve: look at the endpoint ` +
      `${endpointName} now; docs/runbook.md, "The deploy workflow has failed", says how.`
    );
  }
  if (wasRetired(failure)) {
    return `${what} There is no endpoint ${endpointName} any more. Version ${restoreVersion} is deployed when the model is active again.`;
  }
  const again = `Once that is fixed, deploy { "model": "${model}", "version": ${version} }.`;
  return `${what} ${servingSentence(goal, serving)} ${again}`;
}

function servingSentence({ endpointName, endpointConfigName }: Goal, serving: number | null): string {
  if (serving !== null) return `Version ${serving} serves, and answers its hold-out rows as recorded.`;
  if (endpointConfigName === null) return `There is no endpoint ${endpointName}, as before.`;
  return `The endpoint ${endpointName} has its former configuration ${endpointConfigName}, which belongs to no live version.`;
}
