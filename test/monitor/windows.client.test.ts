import { domainEvent } from '@tidemark/domain/events/domain-event.ts';
import { windowIdOf } from '@tidemark/domain/names.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { Monitors } from '@tidemark/domain/registry/monitors.client.ts';
import type { Episode, WindowRecord } from '@tidemark/domain/registry/records.schema.ts';
import { RegistryConflictError, type RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Windows } from '../../functions/monitor/windows.client.ts';
import { connectRegistry, modelRecord, putModel, registryTableInput } from '../support/registry.ts';
import { type Services, startServices } from '../support/services.ts';

let services: Services;
let table: RegistryTable;
let windows: Windows;
let model: string;
let models = 0;

beforeAll(async () => {
  services = await startServices({ tables: [registryTableInput] });
  table = connectRegistry(services);
  windows = new Windows(table);
});
afterAll(() => services.stop());
beforeEach(async () => {
  models += 1;
  model = `model-${models}`;
  await putModel(table, { ...modelRecord(model), liveVersion: 3 });
});

const until = '2026-03-01T20:00:00.000Z';
const one = { owner: 'arn:one', until };
const two = { owner: 'arn:two', until };
const monitor = () => new Monitors(table).find(model);
const pin = { bucket: 'artifacts', key: 'window.json', versionId: 'v1' };
const recordOf = (end: string, executionArn = 'arn:one'): WindowRecord => ({
  model,
  windowId: windowIdOf(new Date(end)),
  version: 3,
  executionArn,
  end,
  rows: 10,
  verdict: 'stable',
  measures: {
    drift: 0,
    qualityDegraded: null,
    driftAlarm: 0,
    qualityAlarm: null,
    driftedColumns: 0,
    windowRows: 10,
  },
  window: pin,
  profile: pin,
  report: pin,
});
const episode: Episode = {
  episodeId: 'drift-3-w',
  version: 3,
  since: '2026-03-01T14:00:00.000Z',
  windowId: 'w',
  alarmedAt: null,
  retrainingId: null,
};
const failed = (causeId: string) =>
  domainEvent(
    'monitoring.failed',
    { model, windowId: 'w', error: 'StepTimedOut', causeId, message: 'It took too long.' },
    new Date('2026-03-01T14:00:00.000Z'),
  );

describe('the monitoring of a model', () => {
  it('is taken by one of two that begin at once', async () => {
    const taken = await Promise.allSettled([
      windows.take(model, undefined, one),
      windows.take(model, undefined, two),
    ]);

    expect(taken.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('is taken over only as it was seen', async () => {
    const seen = await windows.take(model, undefined, one);
    await windows.take(model, seen, two);

    await expect(windows.take(model, seen, one)).rejects.toThrow(RegistryConflictError);
    expect(await monitor()).toMatchObject({ running: two });
  });

  it('is freed by who has it, and by nobody else', async () => {
    await windows.take(model, undefined, one);

    await windows.free(model, 'arn:two', [failed('arn:two')]);
    expect(await monitor()).toMatchObject({ running: one });
    await windows.free(model, 'arn:one', [failed('arn:one')]);
    expect(await monitor()).toMatchObject({ running: null });
  });
});

describe('a window is finished', () => {
  const mark = { windowId: 'w', end: '2026-03-01T14:00:00.000Z', version: 3, moved: true };
  const judged = { drift: [mark], quality: [] };
  const record = () => recordOf('2026-03-01T14:00:00.000Z');
  const finish = (seen: { drift: Episode | null; liveVersion: number | null }) =>
    windows.finish(
      {
        record: record(),
        episodes: { drift: episode, quality: null },
        judged,
        seen: { quality: null, ...seen },
      },
      [],
    );

  it('with its episodes, and frees the monitoring', async () => {
    await windows.take(model, undefined, one);

    await finish({ drift: null, liveVersion: 3 });

    expect(await windows.find(model, record().windowId)).toEqual(record());
    expect(await monitor()).toEqual({
      model,
      running: null,
      lastWindowId: record().windowId,
      drift: episode,
      quality: null,
      judged,
    });
  });

  it.each<[string, () => Promise<unknown>, { drift: Episode | null; liveVersion: number | null }]>([
    [
      'the monitoring is another’s',
      async () => windows.take(model, await monitor(), two),
      { drift: null, liveVersion: 3 },
    ],
    ['another version is live', async () => undefined, { drift: null, liveVersion: 2 }],
    [
      'another episode is on',
      async () => undefined,
      { drift: { ...episode, episodeId: 'another' }, liveVersion: 3 },
    ],
    [
      'its episode has been answered meanwhile',
      async () =>
        table.put({
          Item: {
            ...keys.monitor(model),
            ...(await monitor()),
            drift: { ...episode, retrainingId: 'retraining-1' },
          },
        }),
      { drift: episode, liveVersion: 3 },
    ],
  ])('not if %s', async (_, before, seen) => {
    await windows.take(model, undefined, one);
    await before();

    await expect(finish(seen)).rejects.toThrow(RegistryConflictError);
    expect(await windows.find(model, record().windowId)).toBeUndefined();
  });
});

it('finished windows are found by the months that they ended in', async () => {
  const ends = ['2025-12-31T23:00:00.000Z', '2026-01-31T23:00:00.000Z', '2026-03-01T14:00:00.000Z'];
  for (const end of ends) {
    const record = recordOf(end);
    await table.put({ Item: { ...keys.window(model, record.windowId), ...record } });
  }

  const found = await windows.finishedBetween(
    model,
    new Date('2026-01-31T00:00:00Z'),
    new Date('2026-03-01T00:00:00Z'),
  );

  expect(found.map(({ end }) => end)).toEqual(ends.slice(1));
});

it('a window remembers those of the month before it, also one that was to end later, the latest first', async () => {
  const end = '2026-01-31T23:00:00.000Z';
  // The schedule's occurrence of midnight was delivered before that of eleven.
  const finished = ['2025-12-31T22:00:00.000Z', '2025-12-31T23:00:00.000Z', '2026-02-01T00:00:00.000Z'];
  for (const each of [...finished, end]) {
    const record = recordOf(each);
    await table.put({ Item: { ...keys.window(model, record.windowId), ...record } });
  }
  const run = { model, windowId: windowIdOf(new Date(end)), end };

  const remembered = await windows.remembered(run);

  expect(remembered.map((window) => window.end)).toEqual([finished[2], finished[1]]);
});
