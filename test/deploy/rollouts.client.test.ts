import { keys } from '@tidemark/domain/registry/keys.ts';
import { Leases } from '@tidemark/domain/registry/leases.client.ts';
import { LeaseLostError } from '@tidemark/domain/registry/leases.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import type { VersionRecord } from '@tidemark/domain/registry/records.schema.ts';
import { RegistryConflictError, type RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decidePromotion } from '../../functions/deploy/promotion.ts';
import { decideRollbackRecord } from '../../functions/deploy/rollback-record.ts';
import type { Rollout } from '../../functions/deploy/rollout.schema.ts';
import { Rollouts, VersionNotFoundError } from '../../functions/deploy/rollouts.client.ts';
import { connectRegistry, modelRecord, putModel, registryTableInput } from '../support/registry.ts';
import { type Services, startServices } from '../support/services.ts';
import {
  configName,
  deploymentOf,
  goalOf,
  liveVersion,
  model,
  now,
  versionRecord,
} from './deploy-records.ts';

let services: Services;
let table: RegistryTable;
let deployments: Rollouts;

beforeAll(async () => {
  services = await startServices({ tables: [registryTableInput] });
  table = connectRegistry(services);
  deployments = new Rollouts(table);
});
afterAll(() => services.stop());

const owner = 'deployment-one';
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const put = (record: VersionRecord) =>
  table.put({ Item: { ...keys.version(model, record.version), ...record } });
const statusOf = async (version: number) => (await deployments.loadVersion(model, version)).status;
const modelNow = () => new Models(table).load(model);

/** Version 1 is live, version 2 is approved, the lease is this deployment's. */
beforeEach(async () => {
  await putModel(table, modelRecord(model, { liveVersion: 1 }));
  await put(liveVersion(1));
  await put(versionRecord(2));
  await new Leases(table).acquire(model, { owner, purpose: 'deploy', seconds: 60 }, now);
});

let approvals = 0;
/** A deployment with a cause of its own: events are recorded once per cause. */
const newDeployment = (more: Partial<Rollout> = {}) => {
  approvals += 1;
  return deploymentOf(2, { expectedLiveVersion: 1, causeId: `approval-${approvals}`, ...more });
};
const promotionOf = (deployment: Rollout) =>
  decidePromotion(
    {
      deployment,
      endpointConfigName: configName(2),
      proof: { outcome: 'proven', provenAt: now.toISOString(), resolvedImage: null, rows: 20 },
    },
    now,
  );
async function begun(more: Partial<Rollout> = {}): Promise<Rollout> {
  await deployments.begin(await deployments.load(model, 2), owner, now);
  return newDeployment(more);
}

describe('beginning', () => {
  it('marks the version as being deployed, by whom', async () => {
    await begun();

    expect(await deployments.loadVersion(model, 2)).toMatchObject({ status: 'deploying', deployer: owner });
  });

  it('can be repeated', async () => {
    await begun();
    await begun();

    expect(await statusOf(2)).toBe('deploying');
  });

  it('leaves a live version live while it is deployed again', async () => {
    await deployments.begin(await deployments.load(model, 1), owner, now);

    expect(await deployments.loadVersion(model, 1)).toMatchObject({ status: 'live', deployer: owner });
  });

  it('does nothing without the lease', async () => {
    const facts = await deployments.load(model, 2);
    await new Leases(table).release(model, owner);

    await expect(deployments.begin(facts, owner, now)).rejects.toThrow(RegistryConflictError);
    expect(await statusOf(2)).toBe('approved');
  });

  it('does nothing to a version whose status has changed since it was read', async () => {
    const facts = await deployments.load(model, 2);
    await put(versionRecord(2, { status: 'rejected' }));

    await expect(deployments.begin(facts, owner, now)).rejects.toThrow(RegistryConflictError);
    expect(await statusOf(2)).toBe('rejected');
  });

  it('knows no version that was never registered', async () => {
    await expect(deployments.load(model, 99)).rejects.toThrow(VersionNotFoundError);
  });
});

describe('keeping the lease', () => {
  it('moves its end', async () => {
    await deployments.keepLease(deploymentOf(2), later(30));

    expect((await modelNow()).lease).toMatchObject({ owner, until: later(1830).toISOString() });
  });

  it('fails once another has it, and says who', async () => {
    await new Leases(table).acquire(model, { owner: 'run-b', purpose: 'train', seconds: 60 }, later(61));

    await expect(deployments.keepLease(deploymentOf(2), later(62))).rejects.toThrow(
      new LeaseLostError(
        `The execution stalled until its lease expired. The training run run-b holds flight-delay until ${later(121).toISOString()} at the latest.`,
      ),
    );
  });
});

describe('promoting', () => {
  it('moves the pointer, retires the former version, frees the lease and records the event, at once', async () => {
    const deployment = await begun();

    const event = await deployments.promote(deployment, promotionOf(deployment), now);

    expect(await modelNow()).toMatchObject({ liveVersion: 2, lease: null });
    expect(await deployments.loadVersion(model, 2)).toMatchObject({
      status: 'live',
      served: { endpointConfigName: configName(2) },
    });
    expect(await deployments.loadVersion(model, 1)).toMatchObject({
      status: 'retired',
      statusReason: 'Version 2 replaced it.',
      served: { endpointConfigName: configName(1) },
    });
    expect(await table.recordedEvent(model, event.detail.eventId)).toEqual(event);
  });

  it('yields the recorded event when it is repeated after it was done', async () => {
    const deployment = await begun();
    const first = await deployments.promote(deployment, promotionOf(deployment), now);

    const again = decidePromotion(
      {
        deployment,
        endpointConfigName: configName(2),
        proof: { outcome: 'proven', provenAt: later(9).toISOString(), resolvedImage: null, rows: 20 },
      },
      later(10),
    );

    expect(await deployments.promote(deployment, again, later(10))).toEqual(first);
  });

  it.each([
    { title: 'the pointer has moved', more: { expectedLiveVersion: null } },
    { title: 'another has the lease', more: { leaseOwner: 'deployment-two' } },
  ])('writes nothing when $title', async ({ more }) => {
    const deployment = await begun(more);

    await expect(deployments.promote(deployment, promotionOf(deployment), now)).rejects.toThrow(
      RegistryConflictError,
    );
    expect(await modelNow()).toMatchObject({ liveVersion: 1, lease: { owner } });
    expect([await statusOf(1), await statusOf(2)]).toEqual(['live', 'deploying']);
  });
});

describe('recording a failed deployment', () => {
  const failed = (deployment: Rollout, rollbackFailure = false) => ({
    deployment,
    goal: goalOf(1, { purpose: 'roll-back' }),
    failure: { Error: 'EndpointNotProven', Cause: 'Row 3 is wrong.' },
    rollbackFailure: rollbackFailure ? { Error: 'EndpointNotReached', Cause: 'It hangs.' } : null,
  });
  async function record(deployment: Rollout, rollbackFailure = false) {
    const facts = await deployments.load(model, 2);
    const decided = decideRollbackRecord(failed(deployment, rollbackFailure), facts, now);
    return deployments.recordRollback(deployment, facts, decided, now);
  }

  it('leaves the former version live, and the lease free', async () => {
    const event = await record(await begun());

    expect(await modelNow()).toMatchObject({ liveVersion: 1, lease: null });
    expect(await deployments.loadVersion(model, 2)).toMatchObject({
      status: 'deploy-failed',
      statusReason: 'Row 3 is wrong.',
    });
    expect(await statusOf(1)).toBe('live');
    expect(event.type).toBe('deployment.rolled-back');
  });

  it('leaves nothing live when going back failed', async () => {
    await record(await begun(), true);

    expect(await modelNow()).toMatchObject({ liveVersion: null, lease: null });
    expect([await statusOf(1), await statusOf(2)]).toEqual(['deploy-failed', 'deploy-failed']);
  });

  it('yields the recorded event when it is repeated, and undoes nothing that came after', async () => {
    const deployment = await begun();
    const first = await record(deployment);
    await new Leases(table).acquire(model, { owner: 'run-b', purpose: 'train', seconds: 60 }, now);

    expect(await record(deployment)).toEqual(first);
    expect((await modelNow()).lease).toMatchObject({ owner: 'run-b' });
  });

  it('writes nothing when the facts have changed since they were read', async () => {
    const deployment = await begun();
    const facts = await deployments.load(model, 2);
    const decided = decideRollbackRecord(failed(deployment), facts, now);
    await put(versionRecord(2, { status: 'live' }));

    await expect(deployments.recordRollback(deployment, facts, decided, now)).rejects.toThrow(
      RegistryConflictError,
    );
    expect((await modelNow()).lease).toMatchObject({ owner });
  });

  it('touches neither pointer nor lease of another execution', async () => {
    const deployment = await begun();
    await new Leases(table).acquire(model, { owner: 'run-b', purpose: 'train', seconds: 60 }, later(61));

    await record(deployment, true);

    expect(await modelNow()).toMatchObject({ liveVersion: 1, lease: { owner: 'run-b' } });
    expect([await statusOf(1), await statusOf(2)]).toEqual(['live', 'deploy-failed']);
  });
});
