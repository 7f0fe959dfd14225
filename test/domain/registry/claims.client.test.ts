import { Claims } from '@tidemark/domain/registry/claims.client.ts';
import { deliveryMemorySeconds, objectDelivery } from '@tidemark/domain/registry/claims.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectRegistry, registryTableInput } from '../../support/registry.ts';
import { type Services, startServices } from '../../support/services.ts';

let services: Services;
let claims: Claims;

beforeAll(async () => {
  services = await startServices({ tables: [registryTableInput] });
  claims = new Claims(connectRegistry(services));
});
afterAll(() => services.stop());

const now = new Date('2026-03-01T12:00:00.000Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const claim = (key: string, owner: string, capability = 'ingest') => ({
  capability,
  delivery: objectDelivery({ bucket: 'data', key, versionId: 'v1' }),
  owner,
});

describe('claiming a delivery', () => {
  it('lets the first execution take it and tells the second who has it', async () => {
    expect(await claims.take(claim('a', 'execution-1'), now)).toEqual({ kind: 'taken' });
    expect(await claims.take(claim('a', 'execution-2'), later(60))).toEqual({
      kind: 'already-taken',
      owner: 'execution-1',
      claimedAt: now.toISOString(),
    });
  });

  it('lets the same execution take it again, as a retry or a redrive does', async () => {
    await claims.take(claim('b', 'execution-1'), now);

    expect(await claims.take(claim('b', 'execution-1'), later(13 * 24 * 3600))).toEqual({ kind: 'taken' });
  });

  it('keeps what a redrive took again from being taken by others for the whole time', async () => {
    await claims.take(claim('c', 'execution-1'), now);
    await claims.take(claim('c', 'execution-1'), later(deliveryMemorySeconds - 1));

    const outcome = await claims.take(claim('c', 'execution-2'), later(deliveryMemorySeconds + 1));

    expect(outcome).toMatchObject({ kind: 'already-taken', owner: 'execution-1' });
  });

  it('forgets after its time, even when DynamoDB has not deleted the item yet', async () => {
    await claims.take(claim('d', 'execution-1'), now);

    const outcome = await claims.take(claim('d', 'execution-2'), later(deliveryMemorySeconds));

    expect(outcome).toEqual({ kind: 'taken' });
  });

  it('lets another capability take the same delivery', async () => {
    await claims.take(claim('e', 'execution-1'), now);

    expect(await claims.take(claim('e', 'execution-2', 'audit'), now)).toEqual({ kind: 'taken' });
  });

  it('lets exactly one of many executions that start at once take it', async () => {
    const executions = Array.from({ length: 10 }, (_, index) => `execution-${index}`);

    const outcomes = await Promise.all(executions.map((owner) => claims.take(claim('f', owner), now)));

    expect(outcomes.filter(({ kind }) => kind === 'taken')).toHaveLength(1);
  });
});
