import { runIdOf } from '@tidemark/domain/names.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StateError } from '../../packages/region/states/state-error.ts';
import { everyFault, type Fault, withFault } from '../support/fault-at-call.ts';
import type { Machine } from '../support/machine.ts';
import { typos } from '../support/typos.ts';
import { HostedModel } from './hosted-model.ts';
import { type HostingRegion, startHostingRegion } from './hosting-region.ts';

type Handler = (event: unknown) => Promise<unknown>;

let region: HostingRegion;
let machine: Machine;
let start: Handler;
let giveUp: Handler;

beforeAll(async () => {
  region = await startHostingRegion();
  machine = await region.machine('Deploy');
  start = (await import('../../functions/deploy/start-deployment.lambda.ts')).handler;
  giveUp = (await import('../../functions/deploy/give-up.lambda.ts')).handler;
});
afterAll(() => region.stop());

let executions = 0;
const newArn = () => `arn:aws:states:eu-west-1:1:execution:deploy:lease-${++executions}`;
const formerArn = 'arn:aws:states:eu-west-1:1:execution:deploy:former';
const stopped = (input: unknown) => ({
  'detail-type': 'Step Functions Execution Status Change',
  detail: { executionArn: formerArn, status: 'ABORTED', input: JSON.stringify(input) },
});

/** A way to start, on a model of its own: what is there before, and the request. */
const ways: {
  readonly title: string;
  readonly outcome: string;
  prepare(model: HostedModel): Promise<unknown>;
}[] = [
  {
    title: 'an approved version',
    outcome: 'started',
    async prepare(model) {
      await model.register(1);
      return model.approve(1);
    },
  },
  {
    title: 'a version that a person names',
    outcome: 'started',
    async prepare(model) {
      await model.register(1);
      return { model: model.name, version: 1 };
    },
  },
  {
    title: 'an approval of a version that the registry does not have',
    outcome: 'refused',
    prepare: async (model) => model.approval(99),
  },
  {
    title: 'an approval that was handed the lease of a version that is gone',
    outcome: 'refused',
    prepare: (model) => model.approve(99),
  },
  {
    title: 'an approval by comparison with another champion',
    outcome: 'refused',
    async prepare(model) {
      await model.register(3, { record: { comparedWith: 1 } });
      await model.movePointer(2);
      return model.approve(3);
    },
  },
  {
    title: 'an approval of a retired model',
    outcome: 'skipped',
    async prepare(model) {
      await model.register(1);
      const approval = await model.approve(1);
      await model.retire();
      return approval;
    },
  },
  {
    title: 'a version that a person may not have',
    outcome: 'refused',
    async prepare(model) {
      await model.register(1, { record: { status: 'rejected' } });
      return { model: model.name, version: 1 };
    },
  },
  {
    title: 'a retirement',
    outcome: 'removing',
    prepare: (model) => model.retire(),
  },
  {
    title: 'a lifecycle that asks for nothing',
    outcome: 'unneeded',
    prepare: async (model) => ({ model: model.name }),
  },
  {
    title: 'a reactivation',
    outcome: 'started',
    async prepare(model) {
      await model.register(1);
      await model.restore(1);
      return model.reactivate();
    },
  },
  {
    title: 'a reactivation with a version that is gone',
    outcome: 'refused',
    async prepare(model) {
      await model.restore(7);
      return model.reactivate();
    },
  },
  {
    title: 'the end of an execution that had only the lease',
    outcome: 'unneeded',
    async prepare(model) {
      await model.register(1);
      await model.seize(`deployment-${runIdOf(formerArn)}`);
      return stopped({ model: model.name, version: 1 });
    },
  },
  {
    title: 'the end of an execution that was deploying',
    outcome: 'abandoned',
    async prepare(model) {
      const deployer = `deployment-${runIdOf(formerArn)}`;
      await model.register(1, { record: { status: 'deploying', deployer } });
      await model.seize(deployer);
      return stopped({ model: model.name, version: 1 });
    },
  },
];
const goesOn = (outcome: string) => ['started', 'abandoned', 'removing'].includes(outcome);

describe.each(ways)('the lease of $title', ({ prepare, outcome }) => {
  async function attempt(fault?: Fault) {
    const model = await HostedModel.onboard(region);
    const request = await prepare(model);
    const input = { executionArn: newArn(), request };
    const first = await withFault(fault, () => start(input));
    const own = `deployment-${runIdOf(input.executionArn)}`;
    return { model, input, first, own };
  }

  it('is free, or held by the execution that goes on', async () => {
    const { model, first, own } = await attempt();

    expect(first.result).toMatchObject({ outcome });
    const { lease } = await model.record();
    expect(lease?.owner ?? 'nobody').toBe(goesOn(outcome) ? own : 'nobody');
  });

  it('is so after a fault at any call and another attempt', async () => {
    const { first } = await attempt();
    for (const fault of everyFault(first.calls, false)) {
      const { model, input, own } = await attempt(fault);
      const what = JSON.stringify(fault);

      expect(await start(input), what).toMatchObject({ outcome });
      const { lease } = await model.record();
      expect(lease?.owner ?? 'nobody', what).toBe(goesOn(outcome) ? own : 'nobody');
    }
  });

  it('is free when the execution gives up after everything has failed from any call on', async () => {
    const { first } = await attempt();
    for (const fault of everyFault(first.calls - 1, true)) {
      const { model, input, first: failed } = await attempt(fault);
      const what = JSON.stringify(fault);

      expect(failed.error, what).toMatchObject({ name: 'InjectedFault' });
      await giveUp(input);
      expect((await model.record()).lease, what).toBeNull();
    }
  });
});

describe('a deployment that cannot begin', () => {
  it('frees the model, fails, and says what failed', async () => {
    const model = await HostedModel.onboard(region);
    await model.register(1);

    const end = await machine.run(await model.approve(1), {
      after(task) {
        if (task === 'StartDeployment') throw new StateError('Runtime.ExitError', 'Memory ran out.');
      },
    });

    expect(end).toMatchObject({
      status: 'FAILED',
      errorName: 'DeploymentNotStarted',
      cause: 'Runtime.ExitError: Memory ran out.',
    });
    expect(await model.truth()).toMatchObject({ leaseIsFree: true });
  });
});

describe('an input that cannot be read', () => {
  it.each(typos)('%j of a person is refused, which alarms nobody', async (typed) => {
    expect(await machine.run(typed)).toMatchObject({
      status: 'SUCCEEDED',
      output: { outcome: 'refused', message: expect.stringMatching(/nor like \{ "model"/) },
    });
  });

  it('of an event fails, which is alarmed', async () => {
    expect(await machine.run({ 'detail-type': 'version.approved', detail: {} })).toMatchObject({
      status: 'FAILED',
      errorName: 'VersionNotDeployable',
    });
  });
});

describe('an approval of a version that the registry does not have', () => {
  it('ends as refused, is announced, and leaves the lease free', async () => {
    const model = await HostedModel.onboard(region);

    const end = await machine.run(model.approval(99));

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'refused', version: 99 } });
    expect(await model.truth()).toMatchObject({ leaseIsFree: true });
    expect(await model.events()).toMatchObject([
      { 'detail-type': 'deployment.skipped', detail: { version: 99, reason: 'refused' } },
    ]);
  });

  it('leaves the lease with the training that has it', async () => {
    const model = await HostedModel.onboard(region);
    await model.seize('run-1');

    expect(await machine.run(model.approval(99))).toMatchObject({ output: { outcome: 'refused' } });
    expect((await model.record()).lease).toMatchObject({ owner: 'run-1' });
  });
});
