import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Interruption } from '../../packages/region/states/interruption.ts';
import type { Execution, Machine, Meddle } from '../support/machine.ts';
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

/** Counts calls of a task. */
function counting(task: string): Meddle & { count: number } {
  return {
    count: 0,
    before(called) {
      if (called === task) this.count += 1;
    },
  };
}

describe('an approval', () => {
  it('that is delivered twice at once is one deployment', async () => {
    await model.register(1);
    const approval = await model.approve(1);
    const creations = counting('createEndpoint');

    const ends = await Promise.all([machine.run(approval, creations), machine.run(approval, creations)]);

    expect(ends.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(creations.count).toBe(1);
    expect(await model.events()).toHaveLength(1);
    expect(await model.truth()).toMatchObject({ live: 1, leaseIsFree: true });
  });

  it('that is delivered again later has nothing to do', async () => {
    await model.goLive(machine, 1);

    const end = await machine.run(model.approval(1));

    expect(end).toMatchObject({
      status: 'SUCCEEDED',
      output: { message: expect.stringMatching(/took this event at/) },
    });
    expect(await model.events()).toHaveLength(1);
  });

  it('of a version that was replaced since does not bring it back', async () => {
    await model.goLive(machine, 1);
    await model.goLive(machine, 2);

    const end = await machine.run(model.approval(1, 'announced-anew'));

    expect(end).toMatchObject({
      status: 'SUCCEEDED',
      output: { message: expect.stringMatching(/is retired/) },
    });
    expect(await model.truth()).toMatchObject({ live: 2, leaseIsFree: true });
    expect(await model.servingFactor()).toBe(2);
  });

  it('that was compared with a former champion is refused, and frees the model', async () => {
    await model.goLive(machine, 1);
    await model.goLive(machine, 2);
    await model.register(3, { record: { comparedWith: 1 } });

    const end = await machine.run(await model.approve(3));

    const message = expect.stringMatching(/comparison with version 1, but version 2 has gone live since/);
    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'refused', message } });
    expect((await model.events()).at(-1)).toMatchObject({
      'detail-type': 'deployment.skipped',
      detail: { version: 3, reason: 'refused', message },
    });
    expect(await model.truth()).toMatchObject({ live: 2, statuses: { 3: 'approved' }, leaseIsFree: true });
  });
});

describe('a busy model', () => {
  it('is waited for', async () => {
    await model.goLive(machine, 1);
    await model.goLive(machine, 2);
    const owner = 'run-3';
    await model.leases.acquire(model.name, { owner, purpose: 'train', seconds: 3600 }, new Date());
    let starts = 0;
    const meddle: Meddle = {
      async before(task) {
        if (task !== 'StartDeployment') return;
        starts += 1;
        if (starts === 3) await model.leases.release(model.name, owner);
      },
    };

    const end = await machine.run({ model: model.name, version: 1 }, meddle);

    expect(end).toMatchObject({ status: 'SUCCEEDED' });
    expect(starts).toBe(3);
    expect(await model.truth()).toMatchObject({ live: 1, leaseIsFree: true });
  });

  it('is not taken from another deployment, whatever was asked for', async () => {
    await model.goLive(machine, 1);
    await model.register(2);
    const owner = 'deployment-other';
    await model.leases.acquire(model.name, { owner, purpose: 'deploy', seconds: 3600 }, new Date());
    let starts = 0;
    const meddle: Meddle = {
      async after(task) {
        if (task !== 'StartDeployment') return;
        starts += 1;
        if (starts === 2) throw new Interruption({ kind: 'execution-stopped' });
      },
    };

    const end = await machine.run({ model: model.name, version: 2, interruptTraining: true }, meddle);

    expect(end).toMatchObject({ status: 'ABORTED' });
    expect((await model.record()).lease).toMatchObject({ owner });
    expect(await model.truth()).toMatchObject({ live: 1, statuses: { 2: 'approved' } });
  });

  it('is left alone by a deployment that stood still until another took it', async () => {
    await model.goLive(machine, 1);
    await model.register(2, { recordedFactor: 5 });
    const owner = 'run-3';
    const meddle: Meddle = {
      async after(task) {
        if (task !== 'ProveEndpoint') return;
        const tomorrow = new Date(Date.now() + 24 * 3600 * 1000);
        await model.leases.acquire(model.name, { owner, purpose: 'train', seconds: 3600 }, tomorrow);
      },
    };

    const end = await machine.run(await model.approve(2), meddle);

    expect(end).toMatchObject({ status: 'FAILED', errorName: 'RollbackFailed' });
    expect(end.cause).toMatch(/stalled until its lease expired\. The training run run-3 holds/);
    expect((await model.record()).lease).toMatchObject({ owner });
    expect(await model.truth()).toMatchObject({ live: 1, statuses: { 1: 'live', 2: 'deploy-failed' } });
  });
});

/**
 * The region stops, or a function's answer is lost, after a task has had its effect and before that is known. Then the task
 * is called once more: as a redrive does.
 */
function interruptedAfter(task: string): Meddle {
  let interrupted = false;
  return {
    after(called) {
      if (called !== task || interrupted) return;
      interrupted = true;
      throw new Interruption({ kind: 'region-closing' });
    },
  };
}

async function runInterrupted(input: object, task: string) {
  const execution = machine.execution(input, interruptedAfter(task));
  await expect(execution.run()).rejects.toThrow(Interruption);
  return execution.run();
}

describe('a deployment that is interrupted', () => {
  it.each([
    'StartDeployment',
    'createEndpointConfig',
    'CheckEndpoint',
    'createEndpoint',
    'ProveEndpoint',
    'PromoteVersion',
    'putEvents',
  ])('after %s goes on, and goes live once', async (task) => {
    await model.register(1);

    const end = await runInterrupted(await model.approve(1), task);

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { version: 1, replaced: null } });
    expect(await model.truth()).toEqual({ live: 1, statuses: { 1: 'live' }, leaseIsFree: true });
    expect(await model.servingFactor()).toBe(1);
    const ids = new Set((await model.events()).map(({ detail }) => Object(detail).eventId));
    expect(ids.size).toBe(1);
  });

  it.each(['updateEndpoint', 'ProveEndpoint', 'PlanRollback', 'RecordRollback', 'putEvents'])(
    'after %s goes on, and goes back once',
    async (task) => {
      await model.goLive(machine, 1);
      await model.register(2, { recordedFactor: 5 });

      const end = await runInterrupted(await model.approve(2), task);

      expect(end).toMatchObject({ status: 'FAILED', errorName: 'DeploymentRolledBack' });
      expect(await model.truth()).toEqual({
        live: 1,
        statuses: { 1: 'live', 2: 'deploy-failed' },
        leaseIsFree: true,
      });
      expect(await model.servingFactor()).toBe(1);
      const ids = new Set((await model.events()).map(({ detail }) => Object(detail).eventId));
      expect(ids.size).toBe(2);
    },
  );
});

/** Stops the execution after a task, as a person does in the console. */
function stoppedAfter(task: string): Meddle {
  return {
    after(called) {
      if (called === task) throw new Interruption({ kind: 'execution-stopped' });
    },
  };
}

/** What EventBridge then tells. */
function statusChange(execution: Execution, status = 'ABORTED'): object {
  return {
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    detail: { executionArn: execution.arn, status, input: JSON.stringify(execution.input) },
  };
}

describe('a deployment that is stopped', () => {
  beforeEach(async () => {
    await model.goLive(machine, 1);
    await model.register(2);
  });

  it.each(['StartDeployment', 'createEndpointConfig', 'updateEndpoint', 'ProveEndpoint', 'PlanRollback'])(
    'after %s is taken back by another execution',
    async (task) => {
      if (task === 'PlanRollback') await model.rewriteSmoke(2, 5);
      const stopped = machine.execution(await model.approve(2), stoppedAfter(task));
      expect(await stopped.run()).toMatchObject({ status: 'ABORTED' });
      expect(await model.truth()).toMatchObject({ statuses: { 2: 'deploying' }, leaseIsFree: false });

      const end = await machine.run(statusChange(stopped));

      expect(end).toMatchObject({ status: 'FAILED', errorName: 'DeploymentRolledBack' });
      expect(end.cause).toMatch(
        /^Version 2 of model-\d+ is not live: The execution that deployed it was stopped \(arn:.*\)\. Version 1 serves/,
      );
      expect(await model.truth()).toEqual({
        live: 1,
        statuses: { 1: 'live', 2: 'deploy-failed' },
        leaseIsFree: true,
      });
      expect(await model.servingFactor()).toBe(1);
    },
  );

  it.each([
    { status: 'TIMED_OUT', says: /deployed it ran out of time/ },
    { status: 'FAILED', says: /deployed it could not end what it had begun/ },
  ])('because it $status is taken back too', async ({ status, says }) => {
    const ended = machine.execution(await model.approve(2), stoppedAfter('createEndpointConfig'));
    await ended.run();

    const end = await machine.run(statusChange(ended, status));

    expect(end.cause).toMatch(says);
    expect(await model.truth()).toMatchObject({
      live: 1,
      statuses: { 2: 'deploy-failed' },
      leaseIsFree: true,
    });
  });

  it('is taken back once, however often that is told', async () => {
    const stopped = machine.execution(await model.approve(2), stoppedAfter('updateEndpoint'));
    await stopped.run();
    await machine.run(statusChange(stopped));

    const again = await machine.run(statusChange(stopped));

    expect(again).toMatchObject({
      status: 'SUCCEEDED',
      output: { message: expect.stringMatching(/left nothing to do/) },
    });
    expect(await model.events()).toHaveLength(2);
  });

  it('leaves nothing to do when it was over already', async () => {
    const execution = machine.execution(await model.approve(2), stoppedAfter('putEvents'));
    await execution.run();

    const end = await machine.run(statusChange(execution, 'TIMED_OUT'));

    expect(end).toMatchObject({ status: 'SUCCEEDED' });
    expect(await model.truth()).toMatchObject({ live: 2, leaseIsFree: true });
  });

  it('is left to whoever has taken the model up since', async () => {
    const stopped = machine.execution(await model.approve(2), stoppedAfter('updateEndpoint'));
    await stopped.run();
    await model.endLease();
    expect(await machine.run({ model: model.name, version: 2 })).toMatchObject({ status: 'SUCCEEDED' });

    const end = await machine.run(statusChange(stopped));

    expect(end).toMatchObject({ status: 'SUCCEEDED' });
    expect(await model.truth()).toEqual({
      live: 2,
      statuses: { 1: 'retired', 2: 'live' },
      leaseIsFree: true,
    });
    expect(await model.servingFactor()).toBe(2);
  });

  it('can be started again by hand once its lease has ended', async () => {
    const stopped = machine.execution(await model.approve(2), stoppedAfter('updateEndpoint'));
    await stopped.run();
    await model.endLease();

    const end = await machine.run({ model: model.name, version: 2 });

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { version: 2, replaced: 1 } });
    expect(await model.servingFactor()).toBe(2);
  });
});

describe('a first deployment that is stopped', () => {
  it('leaves no endpoint behind', async () => {
    await model.register(1);
    const stopped = machine.execution(await model.approve(1), stoppedAfter('ProveEndpoint'));
    await stopped.run();

    const end = await machine.run(statusChange(stopped));

    expect(end).toMatchObject({ status: 'FAILED', errorName: 'DeploymentRolledBack' });
    expect(await model.endpoint()).toBeNull();
    expect(await model.truth()).toEqual({ live: null, statuses: { 1: 'deploy-failed' }, leaseIsFree: true });
  });
});
