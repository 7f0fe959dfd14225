import { keys } from '@tidemark/domain/registry/keys.ts';
import { Monitors } from '@tidemark/domain/registry/monitors.client.ts';
import type { Episode, ModelRecord, RetrainingRecord } from '@tidemark/domain/registry/records.schema.ts';
import { RegistryConflictError, type RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { retrainingAbandoned, retrainingStarted } from '../../functions/retrain/retrain-events.ts';
import { Retrainings } from '../../functions/retrain/retrainings.client.ts';
import { connectRegistry, modelRecord, putModel, registryTableInput } from '../support/registry.ts';
import { type Services, startServices } from '../support/services.ts';
import { episode, now } from './facts.ts';

let services: Services;
let table: RegistryTable;
let retrainings: Retrainings;
let seen: ModelRecord;
let models = 0;

beforeAll(async () => {
  services = await startServices({ tables: [registryTableInput] });
  table = connectRegistry(services);
  retrainings = new Retrainings(table);
});
afterAll(() => services.stop());
beforeEach(async () => {
  models += 1;
  seen = { ...modelRecord(`model-${models}`), liveVersion: 3, latestDatasetId: 'ds-3' };
  await putModel(table, seen);
  await putEpisode(episode);
});

async function putEpisode(drift: Episode | null): Promise<void> {
  const { model } = seen;
  const record = { model, running: null, lastWindowId: null, drift, quality: null };
  await table.put({ Item: { ...keys.monitor(model), ...record } });
}

function recordOf(retrainingId: string): RetrainingRecord {
  return {
    model: seen.model,
    retrainingId,
    trigger: 'drift',
    episodeId: episode.episodeId,
    version: 3,
    executionArn: 'arn',
    startedAt: now.toISOString(),
    askedAt: now.toISOString(),
    status: 'open',
    statusReason: null,
    newRows: 0,
    rows: null,
    inferenceIds: null,
    labels: null,
    datasetId: 'ds-3',
    runId: null,
  };
}
const begin = (retrainingId: string, model = seen) => {
  const record = recordOf(retrainingId);
  const started = retrainingStarted(record, 'Rows.', { causeId: retrainingId, now });
  const { model: name } = model;
  const decided = {
    model: name,
    kind: 'drift',
    episodeId: episode.episodeId,
    former: null,
    alarmedAt: null,
  } as const;
  return retrainings.begin(record, model, decided, started);
};

describe('a retraining begins', () => {
  it('with the episode that it answers, all in one', async () => {
    await begin('r1');

    expect(await retrainings.find(seen.model, 'r1')).toMatchObject({ status: 'open' });
    expect(await new Monitors(table).find(seen.model)).toMatchObject({ drift: { retrainingId: 'r1' } });
  });

  it.each<[string, () => Promise<void> | void]>([
    ['the episode is answered', () => putEpisode({ ...episode, retrainingId: 'r0' })],
    ['the episode is over', () => putEpisode(null)],
    ['another episode is on', () => putEpisode({ ...episode, episodeId: 'drift-3-later' })],
    ['another version is live', () => putModel(table, { ...seen, liveVersion: 4 })],
    ['the definition has changed', () => putModel(table, { ...seen, definitionHash: 'other' })],
    ['another dataset is the newest', () => putModel(table, { ...seen, latestDatasetId: 'ds-4' })],
    ['another retraining is open', () => putModel(table, { ...seen, openRetraining: 'r0' })],
    ['another retraining has begun and trains', () => putModel(table, { ...seen, latestRetraining: 'r0' })],
    [
      'somebody has taken the model',
      () =>
        putModel(table, {
          ...seen,
          lease: { owner: 'run-1', purpose: 'train', until: '2026-03-10T13:00:00.000Z' },
        }),
    ],
  ])('not when %s meanwhile, and leaves nothing behind', async (_, meddle) => {
    await meddle();

    await expect(begin('r1')).rejects.toThrow(RegistryConflictError);
    expect(await retrainings.list(seen.model)).toEqual([]);
    expect(await retrainings.eventsOn(seen.model, '2026-03-10')).toEqual([]);
  });

  it('after an earlier one that is over, if that is still the latest', async () => {
    const later = { ...seen, latestRetraining: 'r0', openRetraining: null };
    await putModel(table, later);

    await begin('r1', later);

    expect(await retrainings.list(seen.model)).toHaveLength(1);
  });
});

describe('a retraining is given up', () => {
  const abandon = () => {
    const why = { reason: 'expired', message: 'nobody came.' };
    const event = retrainingAbandoned(recordOf('r1'), why, { causeId: 'follow', now });
    return retrainings.abandon(recordOf('r1'), event);
  };

  it('once, with the reason', async () => {
    await begin('r1');
    await abandon();

    expect(await retrainings.find(seen.model, 'r1')).toMatchObject({
      status: 'abandoned',
      statusReason: expect.stringContaining('nobody came.'),
    });
    // A repeat finds what it had recorded.
    expect(await abandon()).toHaveLength(1);
  });

  it('not when it trains', async () => {
    await begin('r1');
    await table.put({
      Item: { ...keys.retraining(seen.model, 'r1'), ...recordOf('r1'), status: 'training' },
    });
    await putModel(table, { ...seen, openRetraining: null, latestRetraining: 'r1' });

    await expect(abandon()).rejects.toThrow(RegistryConflictError);
  });
});
