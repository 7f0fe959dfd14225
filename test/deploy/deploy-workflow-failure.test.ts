import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StateError } from '../../packages/region/states/state-error.ts';
import { packed } from '../../packages/region/test/services/sagemaker/archive-files.ts';
import type { Execution, Machine, Meddle } from '../support/machine.ts';
import { instanceSettings } from './deploy-records.ts';
import { type Candidate, HostedModel } from './hosted-model.ts';
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

const onInstances: Candidate = { record: { deployment: instanceSettings } };

/** Lets a task fail the first times, as the region cannot. */
function failing(task: string, times: number, name: string, cause: string): Meddle {
  let left = times;
  return {
    before(called) {
      if (called !== task || left === 0) return;
      left -= 1;
      throw new StateError(name, cause);
    },
  };
}

interface Failure {
  readonly title: string;
  readonly champion?: Candidate;
  readonly candidate: Candidate;
  /** What somebody does to it before it is deployed. */
  readonly spoil?: () => Promise<unknown>;
  readonly meddle?: Meddle;
  readonly says: RegExp;
}

const failures: Failure[] = [
  {
    title: 'its container ends',
    candidate: { behaviour: 'exits' },
    says: /SageMaker did not complete the change.*ping health check/,
  },
  {
    title: 'its container never becomes healthy',
    candidate: { behaviour: 'never-healthy' },
    says: /SageMaker did not complete the change.*GET \/ping did not answer 200/,
  },
  {
    title: 'it answers otherwise than recorded',
    candidate: { recordedFactor: 2.01 },
    says: /does not answer as version 2 did: row 1 of 2 stored hold-out rows answered 3\.5 where 3\.51\d* was recorded/,
  },
  {
    title: 'it refuses the rows',
    candidate: { behaviour: 'refuses' },
    says: /row 1 of 2 stored hold-out rows was refused: the model's container answered HTTP 415: expected 3 features/,
  },
  {
    title: 'its artifact was swapped for another that answers alike',
    candidate: {},
    spoil: async () => model.putArtifact(2, await packed({ model: 'with a back door' })),
    says: /artifact s3:\/\/artifacts\/models\/.*is not the evaluated one: its SHA-256 is [0-9a-f]{64} .* and [0-9a-f]{64} .* was registered/,
  },
  {
    title: 'its artifact is gone',
    candidate: {},
    spoil: () => model.deleteArtifact(2),
    says: /The role cannot read s3:\/\/artifacts\/models\/.*model\.tar\.gz/,
  },
  {
    title: 'its SageMaker model was made again of another image',
    candidate: {},
    spoil: () => model.replaceModel(2, { image: 'answers:2' }),
    says: /The SageMaker model .* runs answers:2, not answers:1/,
  },
  {
    title: 'its SageMaker model was made again of another artifact',
    candidate: {},
    spoil: async () => {
      const { key } = (await model.version(1)).training.artifact;
      await model.replaceModel(2, { key });
    },
    says: /The SageMaker model .* has its artifact at s3:\/\/artifacts\/models\/.*run1.*, not at s3:\/\/artifacts\/models\/.*run2/,
  },
  {
    title: 'it answers with errors, however often it is asked',
    candidate: { behaviour: 'fails' },
    says: /the model's container answered HTTP 500: out of memory/,
  },
  {
    title: 'an alarm sounds while traffic moves',
    champion: onInstances,
    candidate: onInstances,
    meddle: {
      async after(task) {
        if (task !== 'updateEndpoint') return;
        for (const alarm of await region.alarms())
          if (alarm.endsWith('-server-errors')) await region.sound(alarm);
      },
    },
    says: /SageMaker did not complete the change.*-server-errors is in ALARM/,
  },
  {
    title: 'SageMaker does not update instances to serverless',
    champion: onInstances,
    candidate: {},
    says: /start the deployment again with "replaceEndpoint": true/,
  },
  {
    title: 'it is wrong only after the way from serverless to instances, which has no update back',
    candidate: { ...onInstances, recordedFactor: 3 },
    says: /does not answer as version 2 did/,
  },
  {
    title: 'the account may have no more instances',
    candidate: {},
    meddle: failing(
      'updateEndpoint',
      3,
      'SageMaker.ResourceLimitExceededException',
      'The account-level service limit for this is 0',
    ),
    says: /The account-level service limit for this is 0\. Raise the quota/,
  },
  {
    title: 'the configuration is not accepted',
    candidate: {},
    meddle: failing(
      'createEndpointConfig',
      1,
      'SageMaker.SageMakerException',
      'Instance type is not supported',
    ),
    says: /Instance type is not supported\./,
  },
  {
    title: 'alarms cannot be put',
    champion: onInstances,
    candidate: onInstances,
    meddle: failing('putMetricAlarm', 2 * 13, 'CloudWatch.LimitExceededException', 'Too many alarms'),
    says: /Too many alarms\./,
  },
  {
    title: 'a function has a defect',
    candidate: {},
    meddle: failing('ProveEndpoint', 1, 'InvariantError', JSON.stringify({ errorMessage: 'That cannot be' })),
    says: /is not live: That cannot be\./,
  },
  {
    title: 'the pointer cannot be moved',
    candidate: {},
    meddle: failing(
      'PromoteVersion',
      6,
      'RegistryConflictError',
      JSON.stringify({ errorMessage: 'It has changed' }),
    ),
    says: /is not live: It has changed\./,
  },
];

describe('when a version does not get live because', () => {
  it.each(failures)('$title, the former one serves and the registry says so', async (failure) => {
    await model.goLive(machine, 1, failure.champion);
    await model.register(2, failure.candidate);
    await failure.spoil?.();

    const end = await machine.run(await model.approve(2), failure.meddle);

    expect(end).toMatchObject({ status: 'FAILED', errorName: 'DeploymentRolledBack' });
    expect(end.cause).toMatch(failure.says);
    expect(end.cause).toMatch(/Version 1 serves, and answers its hold-out rows as recorded\./);
    expect(await model.servingFactor()).toBe(1);
    expect(await model.truth()).toEqual({
      live: 1,
      statuses: { 1: 'live', 2: 'deploy-failed' },
      leaseIsFree: true,
    });
    expect((await model.version(2)).statusReason).toMatch(/\.$/);
    expect((await model.events()).at(-1)).toMatchObject({
      'detail-type': 'deployment.rolled-back',
      detail: { version: 2, serving: 1, message: end.cause },
    });
    expect(await region.alarms()).toEqual([]);
  });

  it('it is held up by the requests of other models, it goes live when its turn comes', async () => {
    await model.goLive(machine, 1);
    await model.register(2);
    const busy = ['createEndpointConfig', 'describeEndpointConfig', 'updateEndpoint'].map((action) =>
      failing(action, 12, 'SageMaker.SageMakerException', 'Rate exceeded'),
    );
    const meddle = {
      before: (task: string, given: Parameters<NonNullable<Meddle['before']>>[1]) => {
        for (const { before } of busy) void before?.(task, given);
      },
    };

    const end = await machine.run(await model.approve(2), meddle);

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { version: 2, replaced: 1 } });
    expect(await model.truth()).toMatchObject({ live: 2, statuses: { 1: 'retired', 2: 'live' } });
  });

  it('it was put right, it goes live at the second attempt', async () => {
    await model.goLive(machine, 1);
    await model.register(2);
    const refused = failing('updateEndpoint', 3, 'SageMaker.SageMakerException', 'Not so');
    await machine.run(await model.approve(2), refused);

    const end = await machine.run({ model: model.name, version: 2 });

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { version: 2, replaced: 1 } });
    expect(await model.truth()).toMatchObject({ live: 2, statuses: { 1: 'retired', 2: 'live' } });
  });
});

describe('when the first version does not get live', () => {
  it.each([
    { title: 'because its endpoint fails', candidate: { behaviour: 'exits' } as const },
    { title: 'because it answers otherwise than recorded', candidate: { recordedFactor: 7 } },
  ])('$title, there is no endpoint, as before', async ({ candidate }) => {
    await model.register(1, candidate);

    const end = await machine.run(await model.approve(1));

    expect(end).toMatchObject({ status: 'FAILED', errorName: 'DeploymentRolledBack' });
    expect(end.cause).toMatch(/There is no endpoint .*, as before\./);
    expect(await model.endpoint()).toBeNull();
    expect(await model.truth()).toEqual({ live: null, statuses: { 1: 'deploy-failed' }, leaseIsFree: true });
    expect((await model.events()).at(-1)).toMatchObject({ detail: { serving: null } });
  });
});

describe('when nothing is live but an endpoint is there', () => {
  it('the endpoint gets its configuration back, and nothing is called live', async () => {
    await model.goLive(machine, 1);
    const former = (await model.endpoint())?.endpointConfigName;
    await model.movePointer(null);
    await model.register(2, { recordedFactor: 3 });

    const end = await machine.run(await model.approve(2));

    expect(end.cause).toMatch(/has its former configuration .*, which belongs to no live version/);
    expect(await model.endpoint()).toEqual({ status: 'InService', endpointConfigName: former });
    expect(await model.truth()).toMatchObject({ live: null, leaseIsFree: true });
  });
});

describe('when the pointer is moved behind a deployment’s back', () => {
  it('it does not promote, and goes back to what the pointer says', async () => {
    await model.goLive(machine, 1);
    await model.goLive(machine, 2);
    await model.register(3);
    const moved: Meddle = {
      async before(task) {
        if (task === 'PromoteVersion') await model.movePointer(1);
      },
    };

    const end = await machine.run(await model.approve(3), moved);

    expect(end).toMatchObject({ status: 'FAILED', errorName: 'DeploymentRolledBack' });
    expect(await model.servingFactor()).toBe(1);
    expect(await model.truth()).toMatchObject({
      live: 1,
      statuses: { 3: 'deploy-failed' },
      leaseIsFree: true,
    });
  });
});

describe('when going back fails too', () => {
  it('nothing is called live, and the message says to look now', async () => {
    await model.goLive(machine, 1);
    await model.register(2, { recordedFactor: 3 });
    let updates = 0;
    const meddle: Meddle = {
      before(task) {
        if (task !== 'updateEndpoint') return;
        updates += 1;
        if (updates > 1) throw new StateError('SageMaker.SageMakerException', 'The service is unavailable');
      },
    };

    const end = await machine.run(await model.approve(2), meddle);

    expect(end).toMatchObject({ status: 'FAILED', errorName: 'RollbackFailed' });
    expect(end.cause).toMatch(
      /Going back failed too: SageMaker refused 3 times\. The service is unavailable\. Nothing is proven to serve: look at the endpoint/,
    );
    expect(await model.truth()).toEqual({
      live: null,
      statuses: { 1: 'deploy-failed', 2: 'deploy-failed' },
      leaseIsFree: true,
    });
    expect((await model.events()).at(-1)).toMatchObject({ detail: { serving: null } });
  });

  it('the former version can be put back with one command', async () => {
    await model.goLive(machine, 1);
    await model.register(2, { recordedFactor: 3 });
    await machine.run(await model.approve(2), failing('PlanRollback', 6, 'TransientError', '{}'));

    const end = await machine.run({ model: model.name, version: 1 });

    expect(end).toMatchObject({ status: 'SUCCEEDED' });
    expect(await model.truth()).toMatchObject({ live: 1, statuses: { 1: 'live' }, leaseIsFree: true });
    expect(await model.servingFactor()).toBe(1);
  });

  it('a champion that no longer answers as recorded is not called live', async () => {
    await model.goLive(machine, 1);
    await model.rewriteSmoke(1, 5);
    await model.register(2, { recordedFactor: 3 });

    const end = await machine.run(await model.approve(2));

    expect(end).toMatchObject({ status: 'FAILED', errorName: 'RollbackFailed' });
    expect(end.cause).toMatch(/Going back failed too: The endpoint does not answer as version 1 did/);
    expect(await model.truth()).toMatchObject({ live: null, statuses: { 1: 'deploy-failed' } });
  });
});

describe('when the registry or the bus is out of reach at the end', () => {
  it.each([
    ['that was proven', 'PromoteVersion', 2],
    ['that failed', 'RecordRollback', 3],
  ])(
    'a version %s is not forgotten: the execution says that it is unfinished, and another goes back and records it',
    async (_, task, recordedFactor) => {
      await model.goLive(machine, 1);
      await model.register(2, { recordedFactor });
      const meddle = failing(task, 6, 'TimeoutError', 'socket hang up');
      const execution = machine.execution(await model.approve(2), meddle);

      const end = await execution.run();

      expect(end).toMatchObject({ status: 'FAILED', errorName: 'DeploymentUnfinished' });
      expect(end.status === 'FAILED' && end.cause).toContain('socket hang up');
      expect(await model.truth()).toMatchObject({
        live: 1,
        statuses: { 2: 'deploying' },
        leaseIsFree: false,
      });

      await machine.run(ended(execution));

      expect(await model.servingFactor()).toBe(1);
      expect(await model.truth()).toEqual({
        live: 1,
        statuses: { 1: 'live', 2: 'deploy-failed' },
        leaseIsFree: true,
      });
      expect((await model.events()).at(-1)).toMatchObject({ 'detail-type': 'deployment.rolled-back' });
    },
  );

  it('a live version stays live, and the execution fails so that its event is not lost', async () => {
    await model.register(1);

    const end = await machine.run(
      await model.approve(1),
      failing('putEvents', 9, 'EventBridge.FailedEntry', 'no such bus'),
    );

    expect(end).toMatchObject({ status: 'FAILED', errorName: 'EventBridge.FailedEntry' });
    expect(await model.truth()).toEqual({ live: 1, statuses: { 1: 'live' }, leaseIsFree: true });
    expect(await model.events()).toEqual([]);
  });
});

/** What EventBridge says of an execution that has failed. */
function ended({ arn, input }: Execution): object {
  return {
    'detail-type': 'Step Functions Execution Status Change',
    detail: { executionArn: arn, status: 'FAILED', input: JSON.stringify(input) },
  };
}
