import type { DomainEvent } from '@tidemark/domain/events/domain-event.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import {
  type Episode,
  type MonitorRecord,
  monitorRecordSchema,
  type WindowRecord,
  windowRecordSchema,
} from '@tidemark/domain/registry/records.schema.ts';
import {
  RegistryConflictError,
  type RegistryTable,
  type Write,
} from '@tidemark/domain/registry/table.client.ts';
import type { WindowRun } from './workflow.schema.ts';

/** What a finished window changes, and what that was decided on. */
export interface FinishedWindow {
  readonly record: WindowRecord;
  readonly episodes: { readonly drift: Episode | null; readonly quality: Episode | null };
  readonly judged: MonitorRecord['judged'];
  readonly seen: Pick<MonitorRecord, 'drift' | 'quality'> & { readonly liveVersion: number | null };
}

/**
 * How long after its window a prediction may get its label and still be counted, and may be captured again and count once: 31 days.
 * Later labels teach the next version all the same.
 */
const rememberedMilliseconds = 31 * 86_400_000;

/** The windows of each model, and whose turn it is to look at one. */
export class Windows {
  readonly #table: RegistryTable;

  constructor(table: RegistryTable) {
    this.#table = table;
  }

  find(model: string, windowId: string): Promise<WindowRecord | undefined> {
    return this.#table.get(keys.window(model, windowId), windowRecordSchema);
  }

  /** Windows that ended in the months of the two instants, or between them, by id. */
  async finishedBetween(model: string, from: Date, to: Date): Promise<WindowRecord[]> {
    const windows: WindowRecord[] = [];
    for (const month of monthsBetween(from, to)) {
      const prefix = `${keys.windowPrefix}${month}`;
      const query = this.#table.query(keys.modelPk(model), prefix, windowRecordSchema);
      for await (const window of query) windows.push(window);
    }
    return windows;
  }

  /**
   * Finished windows of the month before this one, whose predictions may still get labels and may come again; the latest first. Among
   * them are those that were to end later and were finished before all the same.
   */
  async remembered({
    model,
    windowId,
    end,
  }: Pick<WindowRun, 'model' | 'windowId' | 'end'>): Promise<WindowRecord[]> {
    const from = new Date(Date.parse(end) - rememberedMilliseconds);
    const until = new Date(Date.parse(end) + rememberedMilliseconds);
    const finished = await this.finishedBetween(model, from, until);
    return finished
      .filter((each) => each.windowId !== windowId && Date.parse(each.end) >= from.getTime())
      .toReversed();
  }

  /** Takes the monitoring of a model if it is still as it was seen. @throws RegistryConflictError */
  async take(
    model: string,
    seen: MonitorRecord | undefined,
    running: MonitorRecord['running'],
  ): Promise<MonitorRecord> {
    if (seen) {
      const before = unchanged('running', seen.running);
      return this.#table.update(
        {
          Key: keys.monitor(model),
          UpdateExpression: 'SET #running = :next',
          ConditionExpression: before.condition,
          ExpressionAttributeNames: { '#running': 'running', ...before.names },
          ExpressionAttributeValues: { ':next': running, ...before.values },
        },
        monitorRecordSchema,
      );
    }
    const record: MonitorRecord = {
      model,
      running,
      lastWindowId: null,
      drift: null,
      quality: null,
      judged: { drift: [], quality: [] },
    };
    await this.#table.put({
      Item: { ...keys.monitor(model), ...record },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    return record;
  }

  /**
   * Records the window, its episodes and its events and frees the monitoring: all or nothing, once.
   * @throws RegistryConflictError when the monitoring is another's, or episodes or live version are no longer as seen
   */
  finish(
    { record, episodes, judged, seen }: FinishedWindow,
    events: readonly DomainEvent[],
  ): Promise<readonly DomainEvent[]> {
    const { model, windowId, executionArn } = record;
    const drift = unchanged('drift', seen.drift);
    const quality = unchanged('quality', seen.quality);
    return this.#table.commit(
      [
        {
          Update: {
            Key: keys.monitor(model),
            UpdateExpression:
              'SET running = :free, lastWindowId = :windowId, drift = :nextDrift, quality = :nextQuality, judged = :judged',
            ConditionExpression: `running.#owner = :owner AND ${drift.condition} AND ${quality.condition}`,
            ExpressionAttributeNames: { '#owner': 'owner', ...drift.names, ...quality.names },
            ExpressionAttributeValues: {
              ...drift.values,
              ...quality.values,
              ':owner': executionArn,
              ':free': null,
              ':windowId': windowId,
              ':nextDrift': episodes.drift,
              ':nextQuality': episodes.quality,
              ':judged': judged,
            },
          },
        },
        {
          Put: {
            Item: { ...keys.window(model, windowId), ...record },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        {
          ConditionCheck: {
            Key: keys.meta(model),
            ConditionExpression: 'liveVersion = :live',
            ExpressionAttributeValues: { ':live': seen.liveVersion },
          },
        },
      ],
      events,
    );
  }

  /** Records events and frees the monitoring, if the owner still has it. */
  async free(model: string, owner: string, events: readonly DomainEvent[]): Promise<readonly DomainEvent[]> {
    try {
      return await this.#table.commit([freed(model, owner)], events);
    } catch (error) {
      if (!(error instanceof RegistryConflictError)) throw error;
      const monitor = await this.#table.get(keys.monitor(model), monitorRecordSchema);
      // It changed for another reason: the state machine tries again.
      if (monitor?.running?.owner === owner) throw error;
      return this.#table.commit([], events);
    }
  }
}

function freed(model: string, owner: string): Write {
  return {
    Update: {
      Key: keys.monitor(model),
      UpdateExpression: 'SET running = :free',
      ConditionExpression: 'running.#owner = :owner',
      ExpressionAttributeNames: { '#owner': 'owner' },
      ExpressionAttributeValues: { ':owner': owner, ':free': null },
    },
  };
}

/** What may change of a map under a reader's hands. */
const changing = {
  running: ['owner', 'until'],
  drift: ['episodeId', 'alarmedAt', 'retrainingId'],
  quality: ['episodeId', 'alarmedAt', 'retrainingId'],
} as const;

/** A condition, its names and its values, that a map, or nothing, is still what it was. Names and values may be shared. */
function unchanged<A extends keyof typeof changing>(
  attribute: A,
  seen: { readonly [F in (typeof changing)[A][number]]: string | null } | null,
) {
  if (seen === null) return { condition: `${attribute} = :none`, names: {}, values: { ':none': null } };
  const fields: readonly (typeof changing)[A][number][] = changing[attribute];
  return {
    condition: fields.map((field) => `${attribute}.#${field} = :${attribute}${field}`).join(' AND '),
    names: Object.fromEntries(fields.map((field) => [`#${field}`, field])),
    values: Object.fromEntries(fields.map((field) => [`:${attribute}${field}`, seen[field]])),
  };
}

/** `202602`, `202603`, …: what the ids of windows begin with. */
function monthsBetween(from: Date, to: Date): string[] {
  const months: string[] = [];
  const month = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), 1));
  while (month <= to) {
    months.push(month.toISOString().slice(0, 7).replace('-', ''));
    month.setUTCMonth(month.getUTCMonth() + 1);
  }
  return months;
}
