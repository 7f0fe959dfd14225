import { keys } from '@tidemark/domain/registry/keys.ts';
import { Leases } from '@tidemark/domain/registry/leases.client.ts';
import { modelRecordSchema } from '@tidemark/domain/registry/records.schema.ts';
import type { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { type Hold, withLease } from '@tidemark/domain/registry/with-lease.client.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectRegistry, modelRecord, putModel, registryTableInput } from '../../support/registry.ts';
import { type Services, startServices } from '../../support/services.ts';

let services: Services;
let table: RegistryTable;
let leases: Leases;

beforeAll(async () => {
  services = await startServices({ tables: [registryTableInput] });
  table = connectRegistry(services);
  leases = new Leases(table);
});
afterAll(() => services.stop());

const now = new Date('2026-03-01T12:00:00.000Z');
const wanted = { purpose: 'deploy', seconds: 60 } as const;
const holderOf = async (model: string) =>
  (await table.get(keys.meta(model), modelRecordSchema))?.lease?.owner ?? null;
const failing = async (take: Promise<unknown>) => {
  await take;
  throw new Error('The network is gone.');
};

describe('withLease, where the lease', () => {
  it.each<[string, string | null, (hold: Hold) => Promise<unknown>, string | null]>([
    ['was taken and not kept, frees it', null, (hold) => hold.acquire(wanted, now), null],
    ['is kept, leaves it', null, (hold) => hold.keep(() => hold.acquire(wanted, now)), 'me'],
    [
      'is kept by what fails then, leaves it to the next attempt',
      null,
      async (hold) => {
        await hold.acquire(wanted, now);
        return hold.keep(() => failing(Promise.resolve()));
      },
      'me',
    ],
    ['was taken before an error, frees it', null, (hold) => failing(hold.acquire(wanted, now)), null],
    ['was handed over and not kept, frees it', 'heir', (hold) => hold.takeFrom('heir', wanted, now), null],
    [
      'was handed over before an error, gives it back to whom it came from',
      'heir',
      (hold) => failing(hold.takeFrom('heir', wanted, now)),
      'heir',
    ],
    ['was handed over and is not taken, frees it', 'heir', async () => 'refused', null],
    ['was left by an earlier attempt, frees it with an answer', 'me', async () => 'refused', null],
    [
      'was left by an earlier attempt, leaves it to the next one at an error',
      'me',
      () => failing(Promise.resolve()),
      'me',
    ],
    ['is another’s, leaves it', 'other', (hold) => hold.acquire(wanted, now), 'other'],
    ['is another’s at an error, leaves it', 'other', (hold) => failing(hold.acquire(wanted, now)), 'other'],
  ])('%s', async (title, before, act, after) => {
    const model = title.replaceAll(/[^a-z]+/g, '-').slice(0, 30);
    await putModel(table, modelRecord(model));
    if (before) await leases.acquire(model, { ...wanted, owner: before }, now);

    await withLease(leases, { model, owner: 'me', heirOf: ['heir'] }, act).catch(() => undefined);

    expect(await holderOf(model)).toBe(after);
  });

  it('is of a model that does not exist, answers all the same', async () => {
    expect(await withLease(leases, { model: 'nobody', owner: 'me' }, async () => 'refused')).toBe('refused');
  });
});
