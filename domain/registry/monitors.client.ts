import { keys } from './keys.ts';
import { type EpisodeKind, type MonitorRecord, monitorRecordSchema } from './records.schema.ts';
import type { RegistryTable, Write } from './table.client.ts';

/** Where the monitoring of each model stands. */
export class Monitors {
  readonly #table: RegistryTable;

  constructor(table: RegistryTable) {
    this.#table = table;
  }

  /** The model's record, or `undefined` before its first window. */
  find(model: string): Promise<MonitorRecord | undefined> {
    return this.#table.get(keys.monitor(model), monitorRecordSchema);
  }
}

/** An episode that must still be the one that was looked at. */
export interface EpisodeName {
  readonly model: string;
  readonly kind: EpisodeKind;
  readonly episodeId: string;
}

/** For a transaction of yours: notes that the episode's alarm has gone off, unless another episode is on by now. */
export function episodeAlarmed({ model, kind, episodeId }: EpisodeName, at: Date): Write {
  return {
    Update: {
      Key: keys.monitor(model),
      UpdateExpression: 'SET #kind.alarmedAt = :at',
      ConditionExpression: '#kind.episodeId = :episodeId',
      ExpressionAttributeNames: { '#kind': kind },
      ExpressionAttributeValues: { ':episodeId': episodeId, ':at': at.toISOString() },
    },
  };
}

/**
 * For a transaction of yours: notes that the retraining answers the episode, unless another one does or another episode is on by now.
 * @param former the retraining that answered it before and came to nothing; `null`: none
 * @param alarmedAt also notes that its alarm has gone off, as a transaction may write an item only once; `null` leaves that as it is
 */
export function episodeAnswered(
  { model, kind, episodeId }: EpisodeName,
  retrainingId: string,
  former: string | null,
  alarmedAt: Date | null,
): Write {
  const alarmed = alarmedAt === null ? undefined : { ':at': alarmedAt.toISOString() };
  return {
    Update: {
      Key: keys.monitor(model),
      UpdateExpression: `SET #kind.retrainingId = :retrainingId${alarmed ? ', #kind.alarmedAt = :at' : ''}`,
      ConditionExpression: '#kind.episodeId = :episodeId AND #kind.retrainingId = :former',
      ExpressionAttributeNames: { '#kind': kind },
      ExpressionAttributeValues: {
        ':episodeId': episodeId,
        ':retrainingId': retrainingId,
        ':former': former,
        ...alarmed,
      },
    },
  };
}
