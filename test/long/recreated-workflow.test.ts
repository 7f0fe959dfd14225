import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DeleteAlarmsCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import type { Breakpoint, LocalRegion } from '@tidemark/region';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Captures } from '../../laptop/start/replay/captures.client.ts';
import { synthesisedAssembly } from '../support/assembly.ts';
import { idsOf, withoutWorkflows } from '../support/destroyed-workflows.ts';
import { ProductUser } from '../support/product-user.ts';
import { type RegionUnderTest, startRegion } from '../support/region.ts';
import { startByHand } from '../support/start-by-hand.ts';
import { endWithFirstFailure } from '../support/story.ts';

/** For each step of the story: some executions, on a machine that may be busy with other things. */
const patienceMilliseconds = 300_000;

const model = 'churn';
const definition = `
name: churn
problem: binary
target: cancelled
training:
  hyperparameters: { num_round: 5 }
gates:
  champion: { margin: 0.5 }
retraining: { on: [new-data] }
`;
const allWatchers = ['churn-monitor', 'tidemark-dev-model-churn-drift', 'tidemark-dev-model-churn-quality'];

let directory: string;
let subject: RegionUnderTest;
let user: ProductUser;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'recreated-'));
  writeFileSync(path('active.yaml'), definition);
  writeFileSync(path('retired.yaml'), `${definition}lifecycle: retired\n`);
  for (const [drop, name] of ['first', 'second', 'third', 'fourth'].entries())
    writeFileSync(path(`${name}.csv`), customers(drop));
  subject = await startRegion({ processes: true, breakpoint: async (moment) => await held?.(moment) });
  user = new ProductUser(subject.region, model);
  await user.dropDefinition(path('active.yaml'));
  await user.event('model.onboarded');
  await user.dropData('first.csv', path('first.csv'));
  await user.event('deployment.succeeded');
  await user.dropData('second.csv', path('second.csv'));
  await user.event('deployment.succeeded', 2);
  await user.atRest();
}, patienceMilliseconds);
afterAll(async () => {
  await subject.stop();
  rmSync(directory, { recursive: true });
});

/** Holds an execution while there is one. */
let held: Breakpoint | undefined;

const path = (name: string) => join(directory, name);

/** Starts the region again, with all stacks: a user needs the workflows'. */
async function restart(options?: { readonly revertDrift: true }): Promise<LocalRegion> {
  await subject.restart(options);
  user = new ProductUser(subject.region, model);
  return subject.region;
}

const scheduler = () => new SchedulerClient(subject.region.sdkConfig);

async function alarms() {
  const AlarmNamePrefix = `tidemark-dev-model-${model}-`;
  return (
    (await user.clients.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix }))).MetricAlarms ?? []
  );
}

/** Names of the model's alarms and schedules. */
async function watchers(): Promise<string[]> {
  const { Schedules = [] } = await scheduler().send(new ListSchedulesCommand({}));
  return [...(await alarms()).map(({ AlarmName }) => AlarmName), ...Schedules.map(({ Name }) => Name)]
    .map(String)
    .sort();
}

/** The model has all its alarms and schedules, and what they name is there. */
async function expectWatched(): Promise<void> {
  const { region } = subject;
  expect(await watchers()).toEqual(allWatchers);
  const { Target } = await scheduler().send(
    new GetScheduleCommand({ GroupName: 'tidemark-dev', Name: 'churn-monitor' }),
  );
  expect(idsOf(region, 'AWS::StepFunctions::StateMachine')).toContain(Target?.Arn);
  expect(region.roles.roles.map(({ arn }) => arn)).toContain(Target?.RoleArn);
  for (const { AlarmActions } of await alarms()) {
    expect(idsOf(region, 'AWS::SNS::Topic')).toEqual(AlarmActions);
  }
}

const recordOf = (row: number) => ({
  age: 18 + ((row * 37) % 60),
  plan: ['basic', 'plus', 'pro'][(row * 7) % 3],
  balance: ((row * 7919) % 10_007) / 8,
});

/** Four hundred customers. Every ninth does otherwise than its age says, so that there is something to be unsure of. */
function customers(drop: number): string {
  const lines = Array.from({ length: 400 }, (_, index) => {
    const row = drop * 400 + index;
    const { age, plan, balance } = recordOf(row);
    return `${age},${plan},${balance},${age > 45 === (row % 9 !== 0) ? 'yes' : 'no'}`;
  });
  return `age,plan,balance,cancelled\n${lines.join('\n')}\n`;
}

/** Asks for predictions, a different one each. @returns the version that answered */
async function predict(howMany: number): Promise<unknown> {
  const records = Array.from({ length: howMany }, (_, row) => recordOf(row));
  const { Payload } = await new LambdaClient(subject.region.sdkConfig).send(
    new InvokeCommand({
      FunctionName: 'tidemark-dev-predict',
      Payload: JSON.stringify({ model, records }),
    }),
  );
  return JSON.parse(Payload?.transformToString() ?? 'null').version;
}

/** Drops a file whose training does not end, and resolves when it runs. */
async function trainForEver(name: string): Promise<void> {
  const trains = new Promise<void>((resolve) => {
    held = ({ stateMachineName, state }) => {
      if (stateMachineName !== 'tidemark-dev-train' || state !== 'KeepModel')
        return Promise.resolve(undefined);
      resolve();
      return new Promise(() => undefined);
    };
  });
  await user.dropData(name, path(name));
  await trains;
}

/** Predictions of version 1 in windows so far. */
async function rowsJudged(): Promise<number> {
  const events = await user.events();
  return events
    .map((event) => (event.type === 'window.monitored' && event.detail.version === 1 ? event.detail.rows : 0))
    .reduce((sum, rows) => sum + rows, 0);
}

// One story: each test goes on where the one before has ended.
endWithFirstFailure();

it(
  'a workflows’ stack that is destroyed and deployed again finds models watched as they were, under its new names',
  async () => {
    const before = subject.region;
    const functionsBefore = idsOf(before, 'AWS::Lambda::Function');
    await trainForEver('third.csv');

    await subject.restart({
      assemblyDirectory: withoutWorkflows(await synthesisedAssembly(), path('store-only')),
    });
    held = undefined;
    const after = await restart();

    // CloudFormation made other names where none is given; what a schedule and an alarm name is there again.
    expect(functionsBefore.filter((name) => idsOf(after, 'AWS::Lambda::Function').includes(name))).toEqual([
      'tidemark-dev-predict',
    ]);
    expect(after.drift).toEqual([]);
    await expectWatched();
  },
  patienceMilliseconds,
);

it(
  'its models are trained, compared with what was live before, although a training ended with the former stack',
  async () => {
    await user.dropData('fourth.csv', path('fourth.csv'));

    const { detail } = await user.event('deployment.succeeded', 3);
    expect(detail).toMatchObject({ version: 3, replaced: 2 });
    expect((await user.event('training.failed')).detail).toMatchObject({ error: 'Execution.ABORTED' });
    await user.atRest();
  },
  patienceMilliseconds,
);

it(
  'its models go back to a version from before',
  async () => {
    await startByHand(subject.region, 'DeployStateMachineArn', { model, version: 1 });

    expect((await user.event('deployment.succeeded', 4)).detail).toMatchObject({ version: 1, replaced: 3 });
    expect(await predict(300)).toBe(1);
    await user.atRest();
  },
  patienceMilliseconds,
);

it(
  'windows of its models are judged',
  async () => {
    const captures = new Captures(user.clients.objects, String(subject.region.outputs.ArtifactsBucketName));
    await expect.poll(() => captures.count(model)).toBe(300);
    // A window has what came before the second in which it ends.
    await delay(1_000);
    const end = await startByHand(subject.region, 'MonitorStateMachineArn', { model });
    expect(end).toMatchObject({ status: 'SUCCEEDED' });

    // The daily window may have come first: each prediction is in one of the two.
    await expect.poll(rowsJudged).toBe(300);
  },
  patienceMilliseconds,
);

it(
  'its models are retired and brought back',
  async () => {
    await user.dropDefinition(path('retired.yaml'));
    await user.event('endpoint.removed');
    await user.atRest();
    expect(await watchers()).toEqual([]);

    await user.dropDefinition(path('active.yaml'));
    const { detail } = await user.event('deployment.succeeded', 5);
    await user.atRest();

    expect(detail).toMatchObject({ version: 1 });
    expect(await predict(1)).toBe(1);
    await expectWatched();
  },
  patienceMilliseconds,
);

it(
  'alarms and schedules that somebody deleted are made again for all models by one execution of onboard',
  async () => {
    await user.clients.cloudwatch.send(
      new DeleteAlarmsCommand({ AlarmNames: (await alarms()).map(({ AlarmName }) => String(AlarmName)) }),
    );
    await scheduler().send(new DeleteScheduleGroupCommand({ Name: 'tidemark-dev' }));
    // The group is a stack's; what was in it is not.
    await restart({ revertDrift: true });
    expect(await watchers()).toEqual([]);

    const end = await startByHand(subject.region, 'OnboardStateMachineArn', { all: true });

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: expect.stringContaining('of 1 models') });
    await expectWatched();
  },
  patienceMilliseconds,
);
