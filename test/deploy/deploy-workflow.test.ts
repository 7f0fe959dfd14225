import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Machine, Meddle } from '../support/machine.ts';
import { instanceSettings } from './deploy-records.ts';
import { HostedModel } from './hosted-model.ts';
import { type HostingRegion, startHostingRegion } from './hosting-region.ts';

let region: HostingRegion;
let machine: Machine;
let model: HostedModel;

beforeAll(async () => {
  region = await startHostingRegion();
  machine = await region.machine('Deploy');
});
afterAll(() => region.stop());
beforeEach(async () => {
  model = await HostedModel.onboard(region);
});

const onInstances = { record: { deployment: instanceSettings } };

describe('an approved version', () => {
  it('goes live behind a new endpoint', async () => {
    await model.register(1);

    const end = await machine.run(await model.approve(1));

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { version: 1, replaced: null } });
    expect(await model.truth()).toEqual({ live: 1, statuses: { 1: 'live' }, leaseIsFree: true });
    expect(await model.servingFactor()).toBe(1);
    expect((await model.version(1)).served).toMatchObject({
      endpointName: model.endpointName,
      endpointConfigName: (await model.endpoint())?.endpointConfigName,
      resolvedImage: expect.stringMatching(/^answers@sha256:[0-9a-f]{64}$/),
    });
    expect(await model.events()).toMatchObject([
      { 'detail-type': 'deployment.succeeded', source: 'tidemark', detail: { version: 1, replaced: null } },
    ]);
  });

  it('replaces the live one, which retires', async () => {
    await model.goLive(machine, 1);
    await model.register(2, { record: { comparedWith: 1 } });

    const end = await machine.run(await model.approve(2));

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { version: 2, replaced: 1 } });
    expect(await model.truth()).toEqual({
      live: 2,
      statuses: { 1: 'retired', 2: 'live' },
      leaseIsFree: true,
    });
    expect(await model.servingFactor()).toBe(2);
  });

  it('moves traffic between instances under alarms, which are gone afterwards', async () => {
    await model.goLive(machine, 1, onInstances);
    await model.register(2, onInstances);

    let watching: string[] = [];
    const meddle: Meddle = {
      async after(task) {
        if (task === 'updateEndpoint') watching = await region.alarms();
      },
    };

    const end = await machine.run(await model.approve(2), meddle);

    expect(end).toMatchObject({ status: 'SUCCEEDED' });
    expect(await model.servingFactor()).toBe(2);
    const config = (await model.endpoint())?.endpointConfigName?.replace(/^tidemark-\w+-/, '$&update-');
    expect(watching.sort()).toEqual([`${config}-latency`, `${config}-server-errors`]);
    expect(await region.alarms()).toEqual([]);
  });

  it('moves from serverless to instances', async () => {
    await model.goLive(machine, 1);
    await model.register(2, onInstances);

    expect(await machine.run(await model.approve(2))).toMatchObject({ status: 'SUCCEEDED' });
    expect(await model.servingFactor()).toBe(2);
  });

  it('takes the place of an endpoint that has failed', async () => {
    await model.register(1, { behaviour: 'exits' });
    await model.leaveFailedEndpoint(1);
    await model.register(2);

    expect(await machine.run(await model.approve(2))).toMatchObject({ status: 'SUCCEEDED' });
    expect(await model.servingFactor()).toBe(2);
  });
});

describe('a person', () => {
  it('goes back to a retired version with one command, and it is proven again', async () => {
    await model.goLive(machine, 1);
    await model.goLive(machine, 2);
    const configName = (await model.version(1)).served?.endpointConfigName;

    const end = await machine.run({ model: model.name, version: 1 });

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { version: 1, replaced: 2 } });
    expect(await model.truth()).toEqual({
      live: 1,
      statuses: { 1: 'live', 2: 'retired' },
      leaseIsFree: true,
    });
    expect(await model.servingFactor()).toBe(1);
    // Its configuration was kept and is used again.
    expect((await model.endpoint())?.endpointConfigName).toBe(configName);
  });

  it('puts back the live version’s endpoint that somebody deleted', async () => {
    await model.goLive(machine, 1);
    await model.deleteEndpoint();

    const end = await machine.run({ model: model.name, version: 1 });

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { version: 1, replaced: null } });
    expect(await model.truth()).toEqual({ live: 1, statuses: { 1: 'live' }, leaseIsFree: true });
    expect(await model.servingFactor()).toBe(1);
  });

  it('moves from instances to serverless by asking for the endpoint to be replaced', async () => {
    await model.goLive(machine, 1, onInstances);
    await model.register(2);

    const end = await machine.run({ model: model.name, version: 2, replaceEndpoint: true });

    expect(end).toMatchObject({ status: 'SUCCEEDED' });
    expect(await model.servingFactor()).toBe(2);
  });

  it('takes the model from a training run when it cannot wait', async () => {
    await model.goLive(machine, 1);
    await model.goLive(machine, 2);
    await model.leases.acquire(model.name, { owner: 'run-3', purpose: 'train', seconds: 3600 }, new Date());

    const end = await machine.run({ model: model.name, version: 1, interruptTraining: true });

    expect(end).toMatchObject({ status: 'SUCCEEDED' });
    expect(await model.truth()).toMatchObject({ live: 1, leaseIsFree: true });
  });

  it.each([
    {
      title: 'a version that was rejected',
      record: { status: 'rejected' as const },
      input: {},
      says: /is rejected, and only a version that passed its gates/,
    },
    { title: 'a version that does not exist', input: { version: 9 }, says: /has no version 9/ },
    {
      title: 'an input that says nothing',
      input: { version: 'two' },
      says: /"model": "flight-delay", "version": 3/,
    },
    { title: 'a field that does not exist', input: { force: true }, says: /Unrecognized key/ },
  ])('is told why not to deploy $title', async ({ record, input, says }) => {
    await model.goLive(machine, 1);
    await model.register(2, record ? { record } : {});

    const end = await machine.run({ model: model.name, version: 2, ...input });

    expect(end).toMatchObject({
      status: 'SUCCEEDED',
      output: { outcome: 'refused', message: expect.stringMatching(says) },
    });
    expect(await model.truth()).toMatchObject({ live: 1, leaseIsFree: true });
    expect(await model.servingFactor()).toBe(1);
  });
});
