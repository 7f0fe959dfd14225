import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Interruption } from '../../packages/region/states/interruption.ts';
import { StateError } from '../../packages/region/states/state-error.ts';
import type { Machine, Meddle } from '../support/machine.ts';
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

const types = async () => (await model.events()).map((event) => event['detail-type']);

/** Does something once, just before a task. */
function once(task: string, act: () => Promise<unknown>): Meddle {
  let done = false;
  return {
    async before(called) {
      if (done || called !== task) return;
      done = true;
      await act();
    },
  };
}

describe('a model that is retired', () => {
  it('has no endpoint any more, and keeps its version for later', async () => {
    await model.goLive(machine, 1);

    const end = await machine.run(await model.retire());

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { version: 1 } });
    expect(await model.endpoint()).toBeNull();
    expect(await model.truth()).toEqual({ live: null, statuses: { 1: 'retired' }, leaseIsFree: true });
    expect(await model.record()).toMatchObject({ restoreVersion: 1 });
    expect(await types()).toEqual(['deployment.succeeded', 'endpoint.removed']);
  });

  it('without an endpoint is told so', async () => {
    const end = await machine.run(await model.retire());

    expect(end).toMatchObject({ status: 'SUCCEEDED' });
    expect((await model.events()).at(-1)).toMatchObject({
      'detail-type': 'endpoint.removed',
      detail: { version: null, message: expect.stringContaining('No version of') },
    });
  });

  it('loses an endpoint that has failed, too', async () => {
    await model.register(1, { behaviour: 'exits' });
    await model.leaveFailedEndpoint(1);

    await machine.run(await model.retire());

    expect(await model.endpoint()).toBeNull();
  });

  it('is not deployed by hand, and says why', async () => {
    await model.goLive(machine, 1);
    await machine.run(await model.retire());

    const end = await machine.run({ model: model.name, version: 1 });

    expect(end).toMatchObject({
      status: 'SUCCEEDED',
      output: {
        outcome: 'refused',
        message: expect.stringMatching(/Version 1 .* is not deployed\. .* is retired: .*`lifecycle: active`/),
      },
    });
    expect(await model.endpoint()).toBeNull();
  });

  it('passes over an approval that comes afterwards, and has its version when it is active again', async () => {
    await model.register(1);
    const approval = await model.approve(1);
    await model.retire();

    const end = await machine.run(approval);

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { version: 1, reason: 'retired' } });
    expect(await types()).toEqual(['deployment.skipped']);
    expect(await model.truth()).toEqual({ live: null, statuses: { 1: 'approved' }, leaseIsFree: true });
    expect(await model.record()).toMatchObject({ restoreVersion: 1 });
  });

  it('passes over the approval of a second version, and has its first when it is active again', async () => {
    await model.goLive(machine, 1);
    await model.register(2);
    const approval = await model.approve(2);
    const retired = await model.retire();

    await Promise.all([machine.run(retired), machine.run(approval)]);
    await machine.run(await model.reactivate());

    expect(await model.truth()).toEqual({
      live: 1,
      statuses: { 1: 'live', 2: 'approved' },
      leaseIsFree: true,
    });
  });

  it('does not wait for a training, which loses the model', async () => {
    await model.goLive(machine, 1);
    const training = { owner: 'run-9', purpose: 'train', seconds: 3600 } as const;
    await model.leases.acquire(model.name, training, new Date());

    await machine.run(await model.retire());

    expect(await model.endpoint()).toBeNull();
    expect(await model.truth()).toMatchObject({ leaseIsFree: true });
  });

  it('is retired once, however often that is delivered', async () => {
    await model.goLive(machine, 1);
    const event = await model.retire();

    const ends = await Promise.all([machine.run(event), machine.run(event)]);

    expect(ends.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(await types()).toEqual(['deployment.succeeded', 'endpoint.removed']);
  });

  it('keeps what it has, with a clear word, when SageMaker does not delete the endpoint, and loses it at the next try', async () => {
    await model.goLive(machine, 1);
    const refused: Meddle = {
      before(task) {
        if (task === 'deleteEndpoint') throw new StateError('SageMaker.SageMakerException', 'Not now');
      },
    };

    const end = await machine.run(await model.retire(), refused);

    expect(end).toMatchObject({ status: 'FAILED', errorName: 'EndpointNotRemoved' });
    expect(end.cause).toMatch(/could not be deleted and may cost money: SageMaker refused 3 times\. Not now/);
    expect(await model.truth()).toMatchObject({ live: 1, leaseIsFree: true });

    await machine.run({ model: model.name });

    expect(await model.endpoint()).toBeNull();
    expect(await types()).toEqual(['deployment.succeeded', 'endpoint.removal-failed', 'endpoint.removed']);
  });

  it('loses its endpoint also when the execution that deletes it is stopped', async () => {
    await model.goLive(machine, 1);
    const stopped = machine.execution(await model.retire(), {
      after(task) {
        if (task === 'deleteEndpoint') throw new Interruption({ kind: 'execution-stopped' });
      },
    });
    await stopped.run();

    const end = await machine.run({
      'detail-type': 'Step Functions Execution Status Change',
      detail: { executionArn: stopped.arn, status: 'ABORTED', input: JSON.stringify(stopped.input) },
    });

    expect(end).toMatchObject({ status: 'SUCCEEDED' });
    expect(await model.endpoint()).toBeNull();
    expect(await model.truth()).toMatchObject({ live: null, leaseIsFree: true });
  });
});

/** Tasks of a deployment, before each of which the model may be retired. */
const deploymentTasks = [
  'StartDeployment',
  'createEndpointConfig',
  'CheckEndpoint',
  'updateEndpoint',
  'ProveEndpoint',
  'PromoteVersion',
  'putEvents',
];

describe('a model that is retired while version 2 is deployed', () => {
  it.each(deploymentTasks)('before %s ends without an endpoint', async (task) => {
    await model.goLive(machine, 1);
    await model.register(2);
    let removal: ReturnType<Machine['run']> | undefined;
    const retires = once(task, async () => {
      removal = machine.run(await model.retire());
    });

    const deployment = await machine.run(await model.approve(2), retires);

    expect(deployment.status).toBe('SUCCEEDED');
    expect((await removal)?.status).toBe('SUCCEEDED');
    expect(await model.endpoint()).toBeNull();
    const { live, statuses, leaseIsFree } = await model.truth();
    expect({ live, leaseIsFree }).toEqual({ live: null, leaseIsFree: true });
    expect(Object.values(statuses)).not.toContain('live');
    expect(Object.values(statuses)).not.toContain('deploying');
    expect((await types()).at(-1)).toBe('endpoint.removed');
  });

  it('says what became of the deployment', async () => {
    await model.goLive(machine, 1);
    await model.register(2);

    await machine.run(
      await model.approve(2),
      once('ProveEndpoint', () => model.retire()),
    );

    expect((await model.events()).at(-1)).toMatchObject({
      'detail-type': 'deployment.rolled-back',
      detail: {
        version: 2,
        serving: null,
        message: expect.stringMatching(
          /Version 2 .* is not live: .* is retired: .* There is no endpoint .* Version 1 is deployed when the model is active again/,
        ),
      },
    });
    expect(await model.record()).toMatchObject({ restoreVersion: 1 });
  });
});

describe('a model that is active again', () => {
  it('has its version back, proven', async () => {
    await model.goLive(machine, 1);
    await machine.run(await model.retire());

    const end = await machine.run(await model.reactivate());

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { version: 1 } });
    expect(await model.servingFactor()).toBe(1);
    expect(await model.truth()).toEqual({ live: 1, statuses: { 1: 'live' }, leaseIsFree: true });
    expect(await model.record()).toMatchObject({ restoreVersion: null });
    expect((await types()).at(-1)).toBe('deployment.succeeded');
  });

  it('without a version before has nothing to do', async () => {
    await machine.run(await model.retire());

    expect(await machine.run(await model.reactivate())).toMatchObject({
      status: 'SUCCEEDED',
      output: { message: expect.stringContaining('no version of it was live before') },
    });
  });

  it('whose version cannot be proven says so, and keeps it for another try', async () => {
    await model.goLive(machine, 1);
    await machine.run(await model.retire());
    await model.rewriteSmoke(1, 7);

    expect(await machine.run(await model.reactivate())).toMatchObject({ status: 'FAILED' });
    expect(await model.endpoint()).toBeNull();
    await model.rewriteSmoke(1, 1);
    await machine.run({ model: model.name });

    expect(await model.servingFactor()).toBe(1);
    expect(await model.truth()).toEqual({ live: 1, statuses: { 1: 'live' }, leaseIsFree: true });
  });

  it.each(['StartDeployment', 'CheckEndpoint', 'deleteEndpoint', 'RecordRemoval', 'putEvents'])(
    'before %s of its retirement serves in the end',
    async (task) => {
      await model.goLive(machine, 1);
      let restoration: ReturnType<Machine['run']> | undefined;
      const reactivates = once(task, async () => {
        restoration = machine.run(await model.reactivate());
      });

      const removal = await machine.run(await model.retire(), reactivates);

      expect([removal.status, (await restoration)?.status]).toEqual(['SUCCEEDED', 'SUCCEEDED']);
      expect(await model.servingFactor()).toBe(1);
      expect(await model.truth()).toEqual({ live: 1, statuses: { 1: 'live' }, leaseIsFree: true });
    },
  );
});

type Act = 'retire' | 'reactivate' | 'approve' | 'repeat' | 'by-hand';

describe('retirements, reactivations, approvals and repeats, all at once', () => {
  it('end as the last definition says', async () => {
    const acts = fc.array(fc.constantFrom<Act>('retire', 'reactivate', 'approve', 'repeat', 'by-hand'), {
      minLength: 2,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(acts, async (story) => {
        model = await HostedModel.onboard(region);
        await model.goLive(machine, 1);
        await Promise.all(await tell(story));

        const { definition } = await model.record();
        const { live, leaseIsFree, statuses } = await model.truth();
        expect(leaseIsFree).toBe(true);
        expect(Object.values(statuses)).not.toContain('deploying');
        // Each version answers with multiples of its number.
        expect(await model.servingFactor()).toBe(live);
        expect(live === null).toBe(definition.lifecycle === 'retired');
      }),
      { numRuns: 12 },
    );
  });
});

/** Starts what each act leads to, without waiting for it. */
async function tell(story: readonly Act[]): Promise<Promise<unknown>[]> {
  const runs: Promise<unknown>[] = [];
  const delivered: object[] = [];
  let version = 1;
  const start = (event: object) => {
    delivered.push(event);
    runs.push(machine.run(event));
  };
  for (const [index, act] of story.entries()) {
    if (act === 'retire') start(await model.retire(`event-${model.name}-${index}`));
    if (act === 'reactivate') start(await model.reactivate(`event-${model.name}-${index}`));
    if (act === 'by-hand') start({ model: model.name, version: 1 });
    if (act === 'repeat') runs.push(...delivered.map((event) => machine.run(event)));
    if (act === 'approve') {
      version += 1;
      await model.register(version, { record: { comparedWith: null } });
      start(model.approval(version));
    }
  }
  return runs;
}
