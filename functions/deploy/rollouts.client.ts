import { InvariantError, NotFoundError } from '@tidemark/domain/errors.ts';
import { type DomainEvent, eventIdOf } from '@tidemark/domain/events/domain-event.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { Leases, leaseHeldBy } from '@tidemark/domain/registry/leases.client.ts';
import { holderSentence, LeaseLostError } from '@tidemark/domain/registry/leases.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import {
  type ModelRecord,
  type VersionRecord,
  versionRecordSchema,
} from '@tidemark/domain/registry/records.schema.ts';
import { requireActive, whileActive } from '@tidemark/domain/registry/retired-model.ts';
import type { RegistryTable, Write } from '@tidemark/domain/registry/table.client.ts';
import type { Promotion } from './promotion.ts';
import type { RemovalRecord } from './removal-record.ts';
import type { RollbackRecord } from './rollback-record.ts';
import type { Removal, Rollout } from './rollout.schema.ts';
import { leaseSeconds } from './rollout-lease.ts';
import type { StatusChange } from './status-change.ts';

/** No such version was ever registered. */
export class VersionNotFoundError extends NotFoundError {
  override readonly name = 'VersionNotFoundError';

  constructor(model: string, version: number) {
    super(`${model} has no version ${version}. Versions count from 1; the registry lists them.`);
  }
}

/** What the registry knows of a deployment. */
export interface RolloutFacts {
  readonly model: ModelRecord;
  readonly version: VersionRecord;
}

/** Deployments in the registry. Every write is conditional on the lease, and on what was read. */
export class Rollouts {
  readonly #table: RegistryTable;
  readonly #models: Models;
  readonly #leases: Leases;

  constructor(table: RegistryTable) {
    this.#table = table;
    this.#models = new Models(table);
    this.#leases = new Leases(table);
  }

  /** @throws ModelNotFoundError, VersionNotFoundError */
  async load(model: string, version: number): Promise<RolloutFacts> {
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
  async keepLease({ model, leaseOwner }: Removal, now: Date): Promise<void> {
    const decision = await this.#leases.renew(model, { owner: leaseOwner, seconds: leaseSeconds }, now);
    if (decision.kind === 'granted') return;
    throw new LeaseLostError(
      `The execution stalled until its lease expired. ${holderSentence(model, decision.holder)}`,
    );
  }

  /** Frees the model if it is still the owner's. Safe to repeat. */
  async release({ model, leaseOwner }: Removal): Promise<void> {
    await this.#leases.release(model, leaseOwner);
  }

  /** @throws ModelNotFoundError */
  loadModel(model: string): Promise<ModelRecord> {
    return this.#models.load(model);
  }

  async hasModel(model: string): Promise<boolean> {
    return (await this.#models.find(model)) !== undefined;
  }

  /** Records an event that changes nothing. Safe to repeat. */
  announce(event: DomainEvent): Promise<DomainEvent> {
    return this.#commit(event, []);
  }

  /** A model that was retired meanwhile gets nothing deployed. @throws ModelRetiredError, ModelNotFoundError */
  async requireActive(model: string): Promise<void> {
    requireActive(await this.#models.load(model));
  }

  /** The success that this deployment has recorded; `undefined`: it has not. */
  promoted({ model, causeId }: Rollout): Promise<DomainEvent | undefined> {
    return this.#table.recordedEvent(model, eventIdOf('deployment.succeeded', model, causeId));
  }

  /**
   * Records that an approved version is not deployed and frees the model. If nothing was live, the version is what the model has
   * when it is active again.
   */
  skip(
    { model: seen, version: { version } }: RolloutFacts,
    leaseOwner: string,
    event: DomainEvent,
    now: Date,
  ): Promise<DomainEvent> {
    const { liveVersion } = seen;
    const restoreVersion = seen.restoreVersion ?? (liveVersion === null ? version : null);
    const pointer = { seen: liveVersion, next: liveVersion };
    return this.#commit(event, [settle({ model: seen.model, leaseOwner }, pointer, { restoreVersion }, now)]);
  }

  /** @throws RegistryConflictError when the facts have changed since they were loaded */
  recordRemoval(
    removal: Removal,
    seen: Pick<ModelRecord, 'liveVersion'>,
    record: RemovalRecord,
    now: Date,
  ): Promise<DomainEvent> {
    const { statusChanges, holdsLease, liveVersion, restoreVersion, event } = record;
    if (!holdsLease) return this.#commit(event, []);
    const pointer = { seen: seen.liveVersion, next: liveVersion };
    return this.#commit(event, [
      settle(removal, pointer, { restoreVersion }, now),
      ...statusChanges.map((change) => statusWrite(removal.model, change, now)),
    ]);
  }

  /** The version is being deployed by this lease owner; one that is live stays live while it is deployed again. */
  async begin({ version: seen }: RolloutFacts, leaseOwner: string, now: Date): Promise<void> {
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

  /** @throws RegistryConflictError when the pointer has moved, the lease is another's or the model is retired */
  promote(deployment: Rollout, { statusChanges, event }: Promotion, now: Date): Promise<DomainEvent> {
    const { model, version, expectedLiveVersion } = deployment;
    return this.#commit(event, [
      settle(
        deployment,
        { seen: expectedLiveVersion, next: version },
        { restoreVersion: null },
        now,
        whileActive,
      ),
      ...statusChanges.map((change) => statusWrite(model, change, now)),
    ]);
  }

  /** @throws RegistryConflictError when the facts have changed since they were loaded */
  recordRollback(
    deployment: Rollout,
    seen: RolloutFacts,
    { statusChanges, holdsLease, liveVersion, restoreVersion, event }: RollbackRecord,
    now: Date,
  ): Promise<DomainEvent> {
    const { model } = deployment;
    const changes = statusChanges.map((change) => statusWrite(model, change, now));
    if (!holdsLease) return this.#commit(event, changes);
    const pointer = { seen: seen.model.liveVersion, next: liveVersion };
    return this.#commit(event, [settle(deployment, pointer, { restoreVersion }, now), ...changes]);
  }

  async #commit(event: DomainEvent, writes: readonly Write[]): Promise<DomainEvent> {
    const [recorded] = await this.#table.commit(writes, [event]);
    if (!recorded)
      throw new InvariantError(`The registry kept no trace of ${event.type} ${event.detail.eventId}.`);
    return recorded;
  }
}

/** Ends what has the model: moves the pointer, says what a retired model has when it is active again, and frees the lease. */
function settle(
  { model, leaseOwner }: Pick<Removal, 'model' | 'leaseOwner'>,
  pointer: { readonly seen: number | null; readonly next: number | null },
  { restoreVersion }: { readonly restoreVersion: number | null },
  now: Date,
  only?: typeof whileActive,
): Write {
  const held = leaseHeldBy(leaseOwner);
  const conditions = [held.condition, 'liveVersion = :seen', ...(only ? [only.condition] : [])];
  return {
    Update: {
      Key: keys.meta(model),
      UpdateExpression:
        'SET liveVersion = :next, restoreVersion = :restore, #lease = :free, updatedAt = :now',
      ConditionExpression: conditions.join(' AND '),
      ExpressionAttributeNames: { ...held.names, ...only?.names },
      ExpressionAttributeValues: {
        ...held.values,
        ...only?.values,
        ':next': pointer.next,
        ':seen': pointer.seen,
        ':restore': restoreVersion,
        ':free': null,
        ':now': now.toISOString(),
      },
    },
  };
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
