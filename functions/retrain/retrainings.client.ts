import type { DomainEvent } from '@tidemark/domain/events/domain-event.ts';
import { domainEventSchema } from '@tidemark/domain/events/domain-events.schema.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { leaseUnchanged } from '@tidemark/domain/registry/leases.client.ts';
import {
  type EpisodeName,
  episodeAlarmed,
  episodeAnswered,
} from '@tidemark/domain/registry/monitors.client.ts';
import {
  datasetRecordSchema,
  type ModelRecord,
  type RetrainingRecord,
  type RunRecord,
  retrainingRecordSchema,
  runRecordSchema,
  type VersionRecord,
  versionRecordSchema,
} from '@tidemark/domain/registry/records.schema.ts';
import type { RegistryTable, Write } from '@tidemark/domain/registry/table.client.ts';

/** The episode that a decision is about, and when its alarm went off; `null`: this does not say. */
export interface DecidedEpisode extends EpisodeName {
  /** The retraining that answered it before and came to nothing; `null`: none. */
  readonly former: string | null;
  readonly alarmedAt: Date | null;
}

/** Retrainings in the registry. Of several executions that decide at once, one begins a retraining. */
export class Retrainings {
  readonly #table: RegistryTable;

  constructor(table: RegistryTable) {
    this.#table = table;
  }

  find(model: string, retrainingId: string): Promise<RetrainingRecord | undefined> {
    return this.#table.get(keys.retraining(model, retrainingId), retrainingRecordSchema);
  }

  /** Every retraining of the model, in no order. */
  list(model: string): Promise<RetrainingRecord[]> {
    return collected(this.#table.query(keys.modelPk(model), keys.retrainingPrefix, retrainingRecordSchema));
  }

  /** Every training run of the model, in no order. */
  runs(model: string): Promise<RunRecord[]> {
    return collected(this.#table.query(keys.modelPk(model), keys.runPrefix, runRecordSchema));
  }

  versions(model: string): Promise<VersionRecord[]> {
    return collected(this.#table.query(keys.modelPk(model), keys.versionPrefix, versionRecordSchema));
  }

  async dataset(model: string, datasetId: string) {
    return this.#table.get(keys.dataset(model, datasetId), datasetRecordSchema);
  }

  /** What was announced for the model on a day (UTC, `2026-03-01`), in order. */
  eventsOn(model: string, day: string): Promise<DomainEvent[]> {
    const prefix = `${keys.eventPrefix}${day}`;
    return collected(this.#table.query(keys.modelPk(model), prefix, domainEventSchema));
  }

  /**
   * Opens a retraining, if the model is as it was seen and the episode still wants an answer: all or nothing, once.
   * @throws RegistryConflictError when somebody has changed the model, begun another retraining or answered the episode meanwhile
   */
  begin(
    record: RetrainingRecord,
    seen: ModelRecord,
    episode: DecidedEpisode | null,
    event: DomainEvent,
  ): Promise<readonly DomainEvent[]> {
    const { model, retrainingId } = record;
    return this.#table.commit(
      [
        openWrite(seen, retrainingId),
        {
          Put: {
            Item: { ...keys.retraining(model, retrainingId), ...record },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        ...(episode ? [episodeAnswered(episode, retrainingId, episode.former, episode.alarmedAt)] : []),
      ],
      [event],
    );
  }

  /** Records that there is no retraining, and that the episode's alarm went off if that is news. @throws RegistryConflictError */
  suppress(event: DomainEvent, episode: DecidedEpisode | null): Promise<readonly DomainEvent[]> {
    const alarmed = episode?.alarmedAt ? [episodeAlarmed(episode, episode.alarmedAt)] : [];
    return this.#table.commit(alarmed, [event]);
  }

  /** Gives up a retraining that has not begun to train. @throws RegistryConflictError when it has, or was given up before */
  abandon({ model, retrainingId }: RetrainingRecord, event: DomainEvent): Promise<readonly DomainEvent[]> {
    return this.#table.commit(
      [
        {
          Update: {
            Key: keys.meta(model),
            UpdateExpression: 'SET openRetraining = :none',
            ConditionExpression: 'openRetraining = :id',
            ExpressionAttributeValues: { ':none': null, ':id': retrainingId },
          },
        },
        {
          Update: {
            Key: keys.retraining(model, retrainingId),
            UpdateExpression: 'SET #status = :abandoned, statusReason = :reason',
            ConditionExpression: '#status = :open',
            ExpressionAttributeNames: { '#status': 'status' },
            ExpressionAttributeValues: {
              ':abandoned': 'abandoned',
              ':open': 'open',
              ':reason': event.detail.message,
            },
          },
        },
      ],
      [event],
    );
  }
}

/** Every fact of the model that the decision rests on must still hold. */
function openWrite(seen: ModelRecord, retrainingId: string): Write {
  const lease = leaseUnchanged(seen.lease);
  return {
    Update: {
      Key: keys.meta(seen.model),
      UpdateExpression: 'SET openRetraining = :id, latestRetraining = :id',
      ConditionExpression: [
        lease.condition,
        'definitionHash = :hash',
        'liveVersion = :live',
        'latestDatasetId = :dataset',
        '(attribute_not_exists(openRetraining) OR openRetraining = :none)',
        seen.latestRetraining
          ? 'latestRetraining = :latest'
          : '(attribute_not_exists(latestRetraining) OR latestRetraining = :none)',
      ].join(' AND '),
      ExpressionAttributeNames: { ...lease.names },
      ExpressionAttributeValues: {
        ...lease.values,
        ':id': retrainingId,
        ':hash': seen.definitionHash,
        ':live': seen.liveVersion,
        ':dataset': seen.latestDatasetId,
        ':none': null,
        ...(seen.latestRetraining && { ':latest': seen.latestRetraining }),
      },
    },
  };
}

async function collected<T>(items: AsyncGenerator<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
