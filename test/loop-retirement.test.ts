import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { Endpoints } from '@tidemark/domain/endpoints/endpoints.client.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectFlights } from '../laptop/start/sample-flights.ts';
import { ProductUser } from './support/product-user.ts';
import { type RegionUnderTest, startRegion } from './support/region.ts';
import { startByHand } from './support/start-by-hand.ts';
import { endWithFirstFailure } from './support/story.ts';

const definition = `
name: late
problem: binary
target: { column: delay, above: 15 }
training:
  hyperparameters: { num_round: 20, max_depth: 5 }
retraining: { on: [drift, schedule] }
`;
const model = 'late';
const flight = { date: '2001-01-04T18:30:00Z', distance: 599, origin: 'ATL', destination: 'DFW' };

let directory: string;
let subject: RegionUnderTest;
let user: ProductUser;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tidemark-retirement-'));
  writeFileSync(path('active.yaml'), definition);
  writeFileSync(path('retired.yaml'), `${definition}lifecycle: retired\n`);
  await selectFlights(path('first.csv'), { from: '2001-01-03', until: '2001-01-04' });
  await selectFlights(path('second.csv'), { from: '2001-01-04', until: '2001-01-05' });
  subject = await startRegion();
  user = new ProductUser(subject.region, model);
});
afterAll(async () => {
  await subject.stop();
  rmSync(directory, { recursive: true, force: true });
});

const path = (name: string) => join(directory, name);

async function endpointStatus(): Promise<string | undefined> {
  const endpoints = new Endpoints(new SageMakerClient(subject.region.sdkConfig));
  return (await endpoints.describe(`tidemark-dev-${model}`))?.status;
}

/** Names of the model's alarms and schedules. */
async function watchers(): Promise<string[]> {
  const { sdkConfig } = subject.region;
  const { MetricAlarms = [] } = await user.clients.cloudwatch.send(
    new DescribeAlarmsCommand({ AlarmNamePrefix: `tidemark-dev-model-${model}-` }),
  );
  const { Schedules = [] } = await new SchedulerClient(sdkConfig).send(new ListSchedulesCommand({}));
  return [...MetricAlarms.map(({ AlarmName }) => AlarmName), ...Schedules.map(({ Name }) => Name)]
    .map(String)
    .sort();
}
const allWatchers = [
  'late-monitor',
  'late-retrain',
  'tidemark-dev-model-late-drift',
  'tidemark-dev-model-late-quality',
];

/** What the prediction function answers: its payload, read. */
async function ask(): Promise<unknown> {
  const client = new LambdaClient(subject.region.sdkConfig);
  const request = { model, records: [flight] };
  const { Payload } = await client.send(
    new InvokeCommand({ FunctionName: 'tidemark-dev-predict', Payload: JSON.stringify(request) }),
  );
  return JSON.parse(Payload?.transformToString() ?? 'null');
}

// One story: each test continues where the one before has ended.
describe('a live model', () => {
  endWithFirstFailure();

  it('is retired by its definition: nothing runs for it and nothing costs, but nothing is lost', async () => {
    await user.dropDefinition(path('active.yaml'));
    await user.event('model.onboarded');
    await user.dropData('first.csv', path('first.csv'));
    await user.event('deployment.succeeded');
    expect(await ask()).toMatchObject({ version: 1 });
    expect(await watchers()).toEqual(allWatchers);

    await user.dropDefinition(path('retired.yaml'));
    const removed = await user.event('endpoint.removed');
    await user.atRest();

    expect(removed.detail).toMatchObject({ version: 1, endpointName: 'tidemark-dev-late' });
    expect(await endpointStatus()).toBeUndefined();
    expect(await watchers()).toEqual([]);
    expect(await user.record()).toMatchObject({ liveVersion: null, restoreVersion: 1, lease: null });
    expect(await user.versions()).toMatchObject([{ version: 1, status: 'retired' }]);
    expect((await user.eventTypes()).slice(-2)).toEqual(['model.retired', 'endpoint.removed']);
  });

  it('says what was decided and what is kept', async () => {
    const retired = await user.event('model.retired');

    expect(retired.detail).toMatchObject({
      liveVersion: 1,
      endpointName: 'tidemark-dev-late',
      alarms: ['tidemark-dev-model-late-drift', 'tidemark-dev-model-late-quality'],
      schedules: ['late-monitor', 'late-retrain'],
      message: expect.stringMatching(
        /late is retired: .* Datasets, versions, captures, reports and audit are kept/,
      ),
    });
  });
});

describe('a retired model', () => {
  it('predicts nothing, and says why and what to do', async () => {
    expect(await ask()).toMatchObject({
      errorType: 'ModelRetiredError',
      errorMessage:
        'late is retired: its definition says `lifecycle: retired`. To bring it back, put definitions/late.yaml again with ' +
        '`lifecycle: active`.',
    });
  });

  it.each([
    ['deployed', 'DeployStateMachineArn', { model, version: 1 }, undefined],
    ['trained', 'TrainStateMachineArn', { model }, undefined],
    ['retrained', 'RetrainStateMachineArn', { model }, 'retraining.suppressed'],
    ['monitored', 'MonitorStateMachineArn', { model }, 'monitoring.skipped'],
  ] as const)('is not %s by hand, and says why', async (_, machine, input, type) => {
    const end = await startByHand(subject.region, machine, input);

    expect(end.status).toBe('SUCCEEDED');
    if (type === undefined) expect(end.output).toContain('late is retired');
    else expect((await user.event(type)).detail.message).toContain('late is retired');
    expect(await endpointStatus()).toBeUndefined();
  });

  it('leaves data where it is, and says that it waits', async () => {
    await user.dropData('second.csv', path('second.csv'));

    const { detail } = await user.event('data.waiting');

    expect(detail).toMatchObject({
      key: 'incoming/late/second.csv',
      message: expect.stringMatching(/stays where it is\. late is retired: .* taken up automatically/),
    });
  });

  it('stays retired when its definition is put again', async () => {
    const before = await user.eventTypes();
    writeFileSync(path('again.yaml'), `# for good\n${definition}lifecycle: retired\n`);
    await user.dropDefinition(path('again.yaml'));
    await user.atRest();

    expect(await user.eventTypes()).toEqual(before);
  });
});

describe('a model that is active again', () => {
  it('serves the version it had, proven, and is watched', async () => {
    await user.dropDefinition(path('active.yaml'));
    const succeeded = await user.event('deployment.succeeded', 2);
    await user.atRest();

    expect((await user.event('model.reactivated')).detail.restoring).toBe(1);
    expect(succeeded.detail).toMatchObject({ version: 1, replaced: null });
    expect(await ask()).toMatchObject({ version: 1 });
    expect(await watchers()).toEqual(allWatchers);
    expect(await user.record()).toMatchObject({ liveVersion: 1, restoreVersion: null, lease: null });
  });

  it('takes up the data that waited, and no other', async () => {
    const { detail } = await user.event('dataset.committed', 2);

    const [first] = await user.versions();
    expect(detail.rows).toBeGreaterThan(first?.dataset.rows ?? Number.POSITIVE_INFINITY);
  });
});
