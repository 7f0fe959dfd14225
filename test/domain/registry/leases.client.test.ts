import { keys } from '@tidemark/domain/registry/keys.ts';
import { Leases, leaseHeldBy } from '@tidemark/domain/registry/leases.client.ts';
import type { LeaseRequest } from '@tidemark/domain/registry/leases.ts';
import { ModelNotFoundError } from '@tidemark/domain/registry/models.client.ts';
import { modelRecordSchema } from '@tidemark/domain/registry/records.schema.ts';
import { RegistryConflictError, type RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import fc from 'fast-check';
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
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const train = (owner: string): LeaseRequest => ({ owner, purpose: 'train', seconds: 60 });
const deploy = (owner: string): LeaseRequest => ({ owner, purpose: 'deploy', seconds: 600 });
const leaseOf = async (model: string) => (await table.get(keys.meta(model), modelRecordSchema))?.lease;

describe('the lease of a model', () => {
  it('goes from training to deployment with no gap, and ends free', async () => {
    await putModel(table, modelRecord('passed'));

    expect(await leases.acquire('passed', train('run-a'), now)).toMatchObject({ kind: 'granted' });
    expect(await leases.renew('passed', { owner: 'run-a', seconds: 120 }, later(30))).toMatchObject({
      kind: 'granted',
    });
    expect(await leases.handOver('passed', 'run-a', deploy('version-1'), later(60))).toMatchObject({
      kind: 'granted',
    });
    expect(await leaseOf('passed')).toEqual({
      owner: 'version-1',
      purpose: 'deploy',
      until: later(660).toISOString(),
    });
    expect(await leases.acquire('passed', train('run-b'), later(61))).toMatchObject({
      kind: 'refused',
      holder: { owner: 'version-1' },
    });
    expect(await leases.release('passed', 'run-a')).toMatchObject({ kind: 'not-held' });
    expect(await leases.release('passed', 'version-1')).toEqual({ kind: 'released' });
    expect(await leaseOf('passed')).toBeNull();
    expect(await leases.release('passed', 'version-1')).toEqual({ kind: 'not-held', holder: null });
  });

  it('can be taken when it has expired, after which the former owner cannot renew it', async () => {
    await putModel(table, modelRecord('expired'));
    await leases.acquire('expired', train('run-a'), now);

    expect(await leases.acquire('expired', train('run-b'), later(60))).toMatchObject({
      kind: 'granted',
      because: 'expired',
    });
    expect(await leases.renew('expired', { owner: 'run-a', seconds: 60 }, later(61))).toMatchObject({
      kind: 'refused',
      holder: { owner: 'run-b' },
    });
  });

  it('changes nothing else of the model', async () => {
    const record = modelRecord('untouched', { nextVersion: 7, liveVersion: 6, latestDatasetId: 'ds-1' });
    await putModel(table, record);

    await leases.acquire('untouched', train('run-a'), now);
    await leases.release('untouched', 'run-a');

    expect(await table.get(keys.meta('untouched'), modelRecordSchema)).toEqual(record);
  });

  it('belongs to a model that exists', async () => {
    const acquiring = leases.acquire('nobody', train('run-a'), now);

    await expect(acquiring).rejects.toThrow(ModelNotFoundError);
    await expect(acquiring).rejects.toThrow('definitions/nobody.yaml');
    expect(await leaseOf('nobody')).toBeUndefined();
  });

  it('keeps a straggler from writing once another has it', async () => {
    await putModel(table, modelRecord('fenced'));
    await leases.acquire('fenced', train('run-a'), now);
    const write = (owner: string) => {
      const held = leaseHeldBy(owner);
      return table.transact([
        {
          Update: {
            Key: keys.meta('fenced'),
            UpdateExpression: 'ADD nextVersion :one',
            ConditionExpression: held.condition,
            ExpressionAttributeNames: { ...held.names },
            ExpressionAttributeValues: { ...held.values, ':one': 1 },
          },
        },
      ]);
    };

    await write('run-a');
    await leases.acquire('fenced', train('run-b'), later(61));

    await expect(write('run-a')).rejects.toThrow(RegistryConflictError);
    await leases.release('fenced', 'run-b');
    await expect(write('run-b')).rejects.toThrow(RegistryConflictError);
    expect((await table.get(keys.meta('fenced'), modelRecordSchema))?.nextVersion).toBe(2);
  });
});

describe('executions that want the lease at once', () => {
  it('get it one after the other, never two together, in any interleaving of their calls', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 5 }), async (scheduler, executions) => {
        round += 1;
        const model = `contended-${round}`;
        await putModel(table, modelRecord(model));
        const holders = new Set<string>();
        const once = async (owner: string) => {
          await scheduler.schedule(Promise.resolve(), `${owner} acquires`);
          const decision = await leases.acquire(model, train(owner), now);
          if (decision.kind === 'refused') return false;
          holders.add(owner);
          expect([...holders]).toEqual([owner]);
          await scheduler.schedule(Promise.resolve(), `${owner} releases`);
          holders.delete(owner);
          expect(await leases.release(model, owner)).toEqual({ kind: 'released' });
          return true;
        };

        const running = Array.from({ length: executions }, (_, index) => once(`run-${index}`));
        await scheduler.waitFor(Promise.all(running));

        expect((await Promise.all(running)).filter(Boolean).length).toBeGreaterThan(0);
        expect(await leaseOf(model)).toBeNull();
      }),
      { numRuns: 25 },
    );
  });

  it('are granted it exactly once when they start in the same moment', async () => {
    await putModel(table, modelRecord('rushed'));

    const decisions = await Promise.all(
      Array.from({ length: 8 }, (_, index) => leases.acquire('rushed', train(`run-${index}`), now)),
    );

    const granted = decisions.filter(({ kind }) => kind === 'granted');
    expect(granted).toHaveLength(1);
    expect(granted).toMatchObject([{ lease: await leaseOf('rushed') }]);
  });
});
