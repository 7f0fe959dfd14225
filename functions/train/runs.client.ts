import { type DomainEvent, eventIdOf } from '@tidemark/domain/events/domain-event.ts';
import type { DomainEventType } from '@tidemark/domain/events/domain-events.schema.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { leaseHeldBy } from '@tidemark/domain/registry/leases.client.ts';
import {
  type RetrainingRecord,
  type RunRecord,
  retrainingRecordSchema,
  runRecordSchema,
  type VersionRecord,
  versionRecordSchema,
} from '@tidemark/domain/registry/records.schema.ts';
import { whileActive } from '@tidemark/domain/registry/retired-model.ts';
import type { RegistryTable, Write } from '@tidemark/domain/registry/table.client.ts';
import type { Registration } from './registration.ts';
import type { Run } from './run.schema.ts';
import type { FailureRecord } from './run-failure-record.ts';

/** Training runs and the versions they make, in the registry. Every write is conditional on the lease. */
export class Runs {
  readonly #table: RegistryTable;

  constructor(table: RegistryTable) {
    this.#table = table;
  }

  find(model: string, runId: string): Promise<RunRecord | undefined> {
    return this.#table.get(keys.run(model, runId), runRecordSchema);
  }

  version(model: string, version: number): Promise<VersionRecord | undefined> {
    return this.#table.get(keys.version(model, version), versionRecordSchema);
  }

  /** Every version of the model, by number. */
  async versions(model: string): Promise<VersionRecord[]> {
    const versions: VersionRecord[] = [];
    const query = this.#table.query(keys.modelPk(model), keys.versionPrefix, versionRecordSchema);
    for await (const version of query) versions.push(version);
    return versions;
  }

  retraining(model: string, retrainingId: string): Promise<RetrainingRecord | undefined> {
    return this.#table.get(keys.retraining(model, retrainingId), retrainingRecordSchema);
  }

  /**
   * Records that a run has begun, and with it the retraining that it carries out.
   * @throws RegistryConflictError when the lease is another's, or the retraining was given up meanwhile
   */
  begin(record: RunRecord, { leaseOwner }: Run, event: DomainEvent): Promise<readonly DomainEvent[]> {
    const { model, runId, retrainingId } = record;
    const run: Write = { Put: { Item: { ...keys.run(model, runId), ...record } } };
    return this.#table.commit(
      retrainingId
        ? [closeRetraining(model, leaseOwner, retrainingId), trainRetraining(record, retrainingId), run]
        : [whileHeld(model, leaseOwner), run],
      [event],
    );
  }

  /** What the run announced when it began; empty if it has not. */
  startEvents(run: Run): Promise<DomainEvent[]> {
    return this.#recorded(run, ['training.started']);
  }

  /** What the run announced when it registered its version, in order; empty if it has not. */
  registrationEvents(run: Run): Promise<DomainEvent[]> {
    return this.#recorded(run, [
      'version.registered',
      'version.gated',
      'version.approved',
      'version.rejected',
    ]);
  }

  /** What the run announced when it failed; empty if it has not. */
  failureEvents(run: Run): Promise<DomainEvent[]> {
    return this.#recorded(run, ['training.failed']);
  }

  /**
   * Registers a version, passes the lease on or frees it, and ends the run: all or nothing, once.
   * @throws RegistryConflictError when the lease is another's, number or live version have changed since they were read, or the model
   * was retired
   */
  register(
    registration: Registration,
    { model, runId, leaseOwner }: Run,
    billedSeconds: number | null,
  ): Promise<readonly DomainEvent[]> {
    const { version, lease, events, comparedLiveVersion } = registration;
    const held = leaseHeldBy(leaseOwner);
    return this.#table.commit(
      [
        {
          Update: {
            Key: keys.meta(model),
            UpdateExpression: 'SET nextVersion = :next, #lease = :lease, updatedAt = :now',
            ConditionExpression: `${held.condition} AND ${whileActive.condition} AND nextVersion = :version AND liveVersion = :live`,
            ExpressionAttributeNames: { ...held.names, ...whileActive.names },
            ExpressionAttributeValues: {
              ...held.values,
              ...whileActive.values,
              ':next': version.version + 1,
              ':version': version.version,
              ':live': comparedLiveVersion,
              ':lease': lease,
              ':now': version.updatedAt,
            },
          },
        },
        {
          Put: {
            Item: { ...keys.version(model, version.version), ...version },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        endRun(
          model,
          runId,
          { status: 'registered', version: version.version, failure: null, billedSeconds },
          version.updatedAt,
        ),
      ],
      events,
    );
  }

  /** Records that a run has failed and frees the model, if the run still has it. */
  fail({ run, holdsLease, failure, event, endedAt }: FailureRecord): Promise<readonly DomainEvent[]> {
    const { model, runId } = run;
    return this.#table.commit(
      [
        endRun(model, runId, { status: 'failed', version: null, failure }, endedAt),
        ...(holdsLease ? [freeLease(model, run.leaseOwner)] : []),
      ],
      [event],
    );
  }

  async #recorded({ model, causeId }: Run, types: readonly DomainEventType[]): Promise<DomainEvent[]> {
    const ids = types.map((type) => eventIdOf(type, model, causeId));
    const recorded = await Promise.all(ids.map((id) => this.#table.recordedEvent(model, id)));
    return recorded.filter((event) => event !== undefined);
  }
}

function whileHeld(model: string, owner: string): Write {
  const held = leaseHeldBy(owner);
  return {
    ConditionCheck: {
      Key: keys.meta(model),
      ConditionExpression: held.condition,
      ExpressionAttributeNames: { ...held.names },
      ExpressionAttributeValues: { ...held.values },
    },
  };
}

/** The model's retraining is open no more, if it was this one. */
function closeRetraining(model: string, leaseOwner: string, retrainingId: string): Write {
  const held = leaseHeldBy(leaseOwner);
  return {
    Update: {
      Key: keys.meta(model),
      UpdateExpression: 'SET openRetraining = :none',
      ConditionExpression: `${held.condition} AND openRetraining = :retraining`,
      ExpressionAttributeNames: { ...held.names },
      ExpressionAttributeValues: { ...held.values, ':none': null, ':retraining': retrainingId },
    },
  };
}

function trainRetraining({ model, runId, datasetId }: RunRecord, retrainingId: string): Write {
  return {
    Update: {
      Key: keys.retraining(model, retrainingId),
      UpdateExpression: 'SET #status = :training, runId = :run, datasetId = :dataset',
      ConditionExpression: '#status = :open',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: {
        ':training': 'training',
        ':open': 'open',
        ':run': runId,
        ':dataset': datasetId,
      },
    },
  };
}

function freeLease(model: string, owner: string): Write {
  const held = leaseHeldBy(owner);
  return {
    Update: {
      Key: keys.meta(model),
      UpdateExpression: 'SET #lease = :free',
      ConditionExpression: held.condition,
      ExpressionAttributeNames: { ...held.names },
      ExpressionAttributeValues: { ...held.values, ':free': null },
    },
  };
}

/** A run ends once: a second caller finds it ended. */
function endRun(
  model: string,
  runId: string,
  {
    status,
    version,
    failure,
    billedSeconds,
  }: Pick<RunRecord, 'status' | 'version' | 'failure' | 'billedSeconds'>,
  endedAt: string,
): Write {
  return {
    Update: {
      Key: keys.run(model, runId),
      UpdateExpression:
        'SET #status = :to, version = :version, failure = :failure, endedAt = :endedAt, billedSeconds = :billed',
      ConditionExpression: '#status = :running',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: {
        ':to': status,
        ':running': 'running',
        ':version': version,
        ':failure': failure,
        ':endedAt': endedAt,
        ':billed': billedSeconds ?? null,
      },
    },
  };
}
