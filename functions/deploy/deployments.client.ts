import { ConflictError, InvariantError, NotFoundError } from '../errors.ts';
import type { DomainEvent } from '../events/domain-event.ts';
import { keys } from '../registry/keys.ts';
import { Leases, leaseHeldBy } from '../registry/leases.client.ts';
import { holderSentence } from '../registry/leases.ts';
import { Models } from '../registry/models.client.ts';
import { type ModelRecord, type VersionRecord, versionRecordSchema } from '../registry/records.schema.ts';
import type { RegistryTable, Write } from '../registry/table.client.ts';
import type { Deployment } from './deployment.schema.ts';
import { leaseSeconds } from './lease.ts';
import type { Promotion } from './promotion.ts';
import type { RollbackRecord } from './rollback-record.ts';
import type { StatusChange } from './status-change.ts';

/** No such version was ever registered. */
export class VersionNotFoundError extends NotFoundError {
  override readonly name = 'VersionNotFoundError';

  constructor(model: string, version: number) {
    super(`${model} has no version ${version}. Versions count from 1; the registry lists them.`);
  }
}

/** Another execution has taken the model: this one must touch neither endpoint nor pointer any more. */
export class LeaseLostError extends ConflictError {
  override readonly name = 'LeaseLostError';
}

/** What the registry knows of a deployment. */
export interface DeploymentFacts {
  readonly model: ModelRecord;
  readonly version: VersionRecord;
}

/** Deployments in the registry. Every write is conditional on the lease, and on what was read. */
export class Deployments {
  readonly #table: RegistryTable;
  readonly #models: Models;
  readonly #leases: Leases;

  constructor(table: RegistryTable) {
    this.#table = table;
    this.#models = new Models(table);
    this.#leases = new Leases(table);
  }

  /** @throws ModelNotFoundError, VersionNotFoundError */
  async load(model: string, version: number): Promise<DeploymentFacts> {
    const [modelRecord, versionRecord] = await Promise.all([
      this.#models.load(model),
      this.loadVersion(model, version),
    ]);
    return { model: modelRecord, version: versionRecord };
  }

  /** @throws VersionNotFoundError */
  async loadVersion(model: string, version: number): Promise<VersionRecord> {
    const record = await this.#table.get(keys.version(model, version), versionRecordSchema);
    if (!record) throw new VersionNotFoundError(model, version);
    return record;
  }

  /** The version that the live pointer names, or `null`. */
  async loadLive(model: string): Promise<VersionRecord | null> {
    const { liveVersion } = await this.#models.load(model);
    return liveVersion === null ? null : this.loadVersion(model, liveVersion);
  }

  /** Renews the deployment's lease. @throws LeaseLostError */
  async keepLease({ model, version, leaseOwner }: Deployment, now: Date): Promise<void> {
    const decision = await this.#leases.renew(model, { owner: leaseOwner, seconds: leaseSeconds }, now);
    if (decision.kind === 'granted') return;
    throw new LeaseLostError(
      `The deployment of version ${version} stood still until its lease ended. ${holderSentence(model, decision.holder)}`,
    );
  }

  /** The version is being deployed by this lease owner; one that is live stays live while it is deployed again. */
  async begin({ version: seen }: DeploymentFacts, leaseOwner: string, now: Date): Promise<void> {
    const held = leaseHeldBy(leaseOwner);
    await this.#table.transact([
      {
        ConditionCheck: {
          Key: keys.meta(seen.model),
          ConditionExpression: held.condition,
          ExpressionAttributeNames: { ...held.names },
          ExpressionAttributeValues: { ...held.values },
        },
      },
      {
        Update: {
          Key: keys.version(seen.model, seen.version),
          UpdateExpression: 'SET #status = :to, deployer = :deployer, statusReason = :none, updatedAt = :now',
          ConditionExpression: '#status = :seen',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: {
            ':to': seen.status === 'live' ? 'live' : 'deploying',
            ':seen': seen.status,
            ':deployer': leaseOwner,
            ':none': null,
            ':now': now.toISOString(),
          },
        },
      },
    ]);
  }

  /** @throws RegistryConflictError when the pointer has moved or the lease is another's */
  promote(deployment: Deployment, { statusChanges, event }: Promotion, now: Date): Promise<DomainEvent> {
    const { model, version, expectedLiveVersion } = deployment;
    return this.#commit(event, [
      this.#settle(deployment, { seen: expectedLiveVersion, next: version }, now),
      ...statusChanges.map((change) => statusWrite(model, change, now)),
    ]);
  }

  /** @throws RegistryConflictError when the facts have changed since they were loaded */
  recordRollback(
    deployment: Deployment,
    seen: DeploymentFacts,
    { statusChanges, holdsLease, liveVersion, event }: RollbackRecord,
    now: Date,
  ): Promise<DomainEvent> {
    const { model } = deployment;
    const changes = statusChanges.map((change) => statusWrite(model, change, now));
    if (!holdsLease) return this.#commit(event, changes);
    const pointer = { seen: seen.model.liveVersion, next: liveVersion };
    return this.#commit(event, [this.#settle(deployment, pointer, now), ...changes]);
  }

  /** Ends a deployment on the model: moves the pointer and frees the lease. */
  #settle(
    { model, leaseOwner }: Deployment,
    pointer: { readonly seen: number | null; readonly next: number | null },
    now: Date,
  ): Write {
    const held = leaseHeldBy(leaseOwner);
    return {
      Update: {
        Key: keys.meta(model),
        UpdateExpression: 'SET liveVersion = :next, #lease = :free, updatedAt = :now',
        ConditionExpression: `${held.condition} AND liveVersion = :seen`,
        ExpressionAttributeNames: { ...held.names },
        ExpressionAttributeValues: {
          ...held.values,
          ':next': pointer.next,
          ':seen': pointer.seen,
          ':free': null,
          ':now': now.toISOString(),
        },
      },
    };
  }

  async #commit(event: DomainEvent, writes: readonly Write[]): Promise<DomainEvent> {
    const [recorded] = await this.#table.commit(writes, [event]);
    if (!recorded)
      throw new InvariantError(`The registry kept no trace of ${event.type} ${event.detail.eventId}.`);
    return recorded;
  }
}

function statusWrite(model: string, { version, from, to, reason, served }: StatusChange, now: Date): Write {
  return {
    Update: {
      Key: keys.version(model, version),
      UpdateExpression: `SET #status = :to, statusReason = :reason, updatedAt = :now${served ? ', served = :served' : ''}`,
      ConditionExpression: '#status = :from',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: {
        ':to': to,
        ':from': from,
        ':reason': reason,
        ':now': now.toISOString(),
        ...(served && { ':served': served }),
      },
    },
  };
}
