import { keys } from '@tidemark/domain/registry/keys.ts';
import { episodeAlarmed, episodeAnswered, Monitors } from '@tidemark/domain/registry/monitors.client.ts';
import type { MonitorRecord } from '@tidemark/domain/registry/records.schema.ts';
import { RegistryConflictError, type RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectRegistry, registryTableInput } from '../../support/registry.ts';
import { type Services, startServices } from '../../support/services.ts';

let services: Services;
let table: RegistryTable;

beforeAll(async () => {
  services = await startServices({ tables: [registryTableInput] });
  table = connectRegistry(services);
});
afterAll(() => services.stop());

const model = 'flight-delay';
const name = { model, kind: 'drift', episodeId: 'drift-3-20260301T140000Z' } as const;
const at = new Date('2026-03-01T16:00:00.000Z');
const before: MonitorRecord = {
  model,
  running: null,
  lastWindowId: '20260301T140000Z',
  judged: { drift: [], quality: [] },
  drift: {
    episodeId: name.episodeId,
    version: 3,
    since: '2026-03-01T14:00:00.000Z',
    windowId: '20260301T140000Z',
    alarmedAt: null,
    retrainingId: null,
  },
  quality: null,
};
beforeEach(() => table.put({ Item: { ...keys.monitor(model), ...before } }));
const drift = async () => (await new Monitors(table).find(model))?.drift;

describe('an episode', () => {
  it('is noted to have sounded its alarm', async () => {
    await table.transact([episodeAlarmed(name, at)]);

    expect(await drift()).toEqual({ ...before.drift, alarmedAt: at.toISOString() });
  });

  it('is answered by one retraining', async () => {
    await table.transact([episodeAnswered(name, 'retraining-1', null, at)]);

    expect(await drift()).toMatchObject({ retrainingId: 'retraining-1', alarmedAt: at.toISOString() });
    await expect(table.transact([episodeAnswered(name, 'retraining-2', null, null)])).rejects.toThrow(
      RegistryConflictError,
    );
    expect(await drift()).toMatchObject({ retrainingId: 'retraining-1' });
  });

  it('is answered by another one after that came to nothing', async () => {
    await table.transact([episodeAnswered(name, 'retraining-1', null, at)]);
    await table.transact([episodeAnswered(name, 'retraining-2', 'retraining-1', null)]);

    expect(await drift()).toMatchObject({ retrainingId: 'retraining-2', alarmedAt: at.toISOString() });
  });

  it('that is over, or another by now, is left alone', async () => {
    const other = { ...name, episodeId: 'drift-3-20260201T140000Z' };

    await expect(table.transact([episodeAlarmed(other, at)])).rejects.toThrow(RegistryConflictError);
    await expect(
      table.transact([episodeAnswered({ ...name, kind: 'quality' }, 'r', null, null)]),
    ).rejects.toThrow(RegistryConflictError);
    expect(await drift()).toEqual(before.drift);
  });

  it('is of a model that has been monitored', async () => {
    expect(await new Monitors(table).find('nobody')).toBeUndefined();
  });
});
