import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import type { Episode } from '@tidemark/domain/registry/records.schema.ts';
import type * as z from 'zod';
import type { RetrainRequest } from '../../functions/retrain/retrain-request.schema.ts';
import type { RetrainingFacts } from '../../functions/retrain/retraining-decision.ts';

export const now = new Date('2026-03-10T12:00:00.000Z');

/** As in AWS, where there is one. */
export const clocks = { wall: now, windows: now };

/** So many hours before `now`, ISO 8601. */
export function hoursAgo(hours: number): string {
  return new Date(now.getTime() - hours * 3_600_000).toISOString();
}

export const episode: Episode = {
  episodeId: 'drift-3-20260310T090000Z',
  version: 3,
  since: hoursAgo(3),
  windowId: '20260310T110000Z',
  alarmedAt: null,
  retrainingId: null,
};

export const alarm: Extract<RetrainRequest, { by: 'alarm' }> = {
  by: 'alarm',
  kind: 'drift',
  model: 'flight-delay',
  alarmedAt: hoursAgo(0.1),
  eventId: 'event-1',
};
export const nextWindow: Extract<RetrainRequest, { by: 'window' }> = {
  by: 'window',
  kind: 'drift',
  model: 'flight-delay',
  episodeId: episode.episodeId,
  windowId: '20260310T110000Z',
  eventId: 'event-2',
};
export const schedule: RetrainRequest = {
  by: 'schedule',
  model: 'flight-delay',
  scheduledTime: now.toISOString(),
};
export const person: RetrainRequest = { by: 'person', model: 'flight-delay' };

type DefinitionInput = z.input<typeof definitionSchema>;

/** A model of which version 3 is live, with more labelled predictions than it takes. */
export function facts(
  more: Partial<RetrainingFacts> & {
    readonly definition?: Partial<DefinitionInput>;
    readonly of?: Partial<NonNullable<RetrainingFacts['model']>>;
  } = {},
): RetrainingFacts {
  const { definition, of, ...rest } = more;
  return {
    model: {
      model: 'flight-delay',
      definition: definitionSchema.parse({
        name: 'flight-delay',
        problem: 'binary',
        target: 'late',
        ...definition,
      }),
      liveVersion: 3,
      lease: null,
      openRetraining: null,
      ...of,
    },
    episode,
    isAnswered: false,
    retrainings: [],
    runs: [],
    data: { latest: { datasetId: 'ds-3', rows: 10_000 }, trained: true, live: { rows: 10_000 } },
    labelledRows: 1000,
    ...rest,
  };
}
