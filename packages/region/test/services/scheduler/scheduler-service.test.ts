import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  SchedulerClient,
  TagResourceCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AwsError } from '../../../aws-error.ts';
import { wallClock } from '../../../clock.ts';
import { Gateway } from '../../../gateway/gateway.ts';
import { jsonService } from '../../../gateway/json-service.ts';
import { none } from '../../../gateway/permissions.ts';
import { Roles } from '../../../gateway/roles.ts';
import { unlimited } from '../../../iam/access.ts';
import { type SchedulerService, schedulerService } from '../../../services/scheduler/scheduler-service.ts';
import { sqsService } from '../../../services/sqs/sqs-service.ts';
import { ManualTime } from '../../manual-time.ts';
import { place } from '../serve.ts';

const machine = 'arn:aws:states:eu-west-1:000000000000:stateMachine:monitor';
const role = 'arn:aws:iam::000000000000:role/scheduler';
const queueArn = 'arn:aws:sqs:eu-west-1:000000000000:dead';

let directory: string;
let time: ManualTime;
/** Input and caller of every StartExecution, in order. */
let started: { input: unknown; roleArn: string | undefined }[];
/** What the state machine answers; nothing is success. */
let answer: () => AwsError | undefined;
let faults: unknown[];
let client: SchedulerClient;
let sqs: SQSClient;
let gateway: Gateway;
let scheduler: SchedulerService;

async function start(): Promise<void> {
  const roles = new Roles(unlimited);
  const queues = await sqsService({ ...place, directory: join(directory, 'sqs') });
  scheduler = await schedulerService({
    ...place,
    directory: join(directory, 'scheduler'),
    roles,
    endpoint: () => gateway.endpoint,
    time,
    // A second of back-off lasts a millisecond.
    clock: wallClock({ speed: 1000 }),
    sendDeadLetter: queues.sendDeadLetter,
    random: () => 0.5,
    onFault: (fault) => faults.push(fault),
  });
  const states = jsonService({
    signingName: 'states',
    version: '1.0',
    permissions: { StartExecution: none },
    operations: {
      StartExecution: async ({ stateMachineArn, input }, { caller }) => {
        expect(stateMachineArn).toBe(machine);
        const failure = answer();
        if (failure) throw failure;
        started.push({ input: JSON.parse(String(input)), roleArn: caller.roleArn });
        return { executionArn: 'arn', startDate: 0 };
      },
    },
  });
  gateway = await Gateway.start({ ...place, services: [scheduler, states, queues], roles });
  const config = {
    region: place.region,
    endpoint: gateway.endpoint,
    credentials: roles.developer,
    maxAttempts: 1,
  };
  client = new SchedulerClient(config);
  sqs = new SQSClient(config);
  await scheduler.start();
}

async function stop(): Promise<void> {
  client.destroy();
  sqs.destroy();
  await scheduler.pause();
  await gateway.stop();
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'scheduler-'));
  time = new ManualTime('2026-03-01T12:00:30Z');
  started = [];
  faults = [];
  answer = () => undefined;
  await start();
});
afterEach(async () => {
  await stop();
  await rm(directory, { recursive: true });
  expect(faults).toEqual([]);
});

const hourly = {
  Name: 'monitor-m1',
  ScheduleExpression: 'cron(0 * * * ? *)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: {
    Arn: machine,
    RoleArn: role,
    Input: '{"model":"m1","scheduledTime":"<aws.scheduler.scheduled-time>"}',
  },
} as const satisfies CreateScheduleCommandInput;

const create = (changes: Partial<CreateScheduleCommandInput> = {}) =>
  client.send(new CreateScheduleCommand({ ...hourly, ...changes }));
/** In order; invocations that are late together may overtake each other, as in AWS. */
const scheduledTimes = () => started.map(({ input }) => String(Object(input).scheduledTime)).sort();

describe('a schedule', () => {
  test('is described as it was made, with AWS’s defaults', async () => {
    const { ScheduleArn } = await create({ Description: 'Hourly window of m1' });

    expect(await client.send(new GetScheduleCommand({ Name: 'monitor-m1' }))).toMatchObject({
      ...hourly,
      Arn: ScheduleArn,
      Description: 'Hourly window of m1',
      GroupName: 'default',
      State: 'ENABLED',
      ScheduleExpressionTimezone: 'UTC',
      ActionAfterCompletion: 'NONE',
      CreationDate: new Date(time.now()),
    });
    expect(ScheduleArn).toBe('arn:aws:scheduler:eu-west-1:000000000000:schedule/default/monitor-m1');
  });

  test('starts its machine at each occurrence, as its role', async () => {
    await create();
    time.moveTo('2026-03-01T13:00:00Z');
    await expect.poll(scheduledTimes).toEqual(['2026-03-01T13:00:00Z']);
    time.moveTo('2026-03-01T14:00:00Z');

    await expect.poll(scheduledTimes).toEqual(['2026-03-01T13:00:00Z', '2026-03-01T14:00:00Z']);
    expect(started[0]?.roleArn).toBe(role);
  });

  test('makes up for every occurrence that a busy region is late for, with the time of each', async () => {
    await create();
    time.moveTo('2026-03-01T16:30:00Z');

    await expect
      .poll(scheduledTimes)
      .toEqual(['13', '14', '15', '16'].map((hour) => `2026-03-01T${hour}:00:00Z`));
  });

  test('makes up for the last occurrence only after a night in which the region did not run', async () => {
    await create();
    await stop();
    time.moveTo('2026-03-02T08:10:00Z');
    await start();
    await expect.poll(scheduledTimes).toEqual(['2026-03-02T08:00:00Z']);
    time.moveTo('2026-03-02T09:00:00Z');

    await expect.poll(scheduledTimes).toEqual(['2026-03-02T08:00:00Z', '2026-03-02T09:00:00Z']);
  });

  test('of a rate begins at once', async () => {
    await create({ ScheduleExpression: 'rate(10 minutes)' });
    await expect.poll(scheduledTimes).toEqual(['2026-03-01T12:00:30Z']);
    time.moveTo('2026-03-01T12:10:30Z');

    await expect.poll(scheduledTimes).toHaveLength(2);
  });

  test('is not due before its start date nor after its end date', async () => {
    await create({
      StartDate: new Date('2026-03-01T13:30:00Z'),
      EndDate: new Date('2026-03-01T15:00:00Z'),
    });
    time.moveTo('2026-03-02T00:00:00Z');

    await expect.poll(scheduledTimes).toEqual(['2026-03-01T14:00:00Z', '2026-03-01T15:00:00Z']);
  });

  test('is not due while it is disabled', async () => {
    await create({ State: 'DISABLED' });
    await create({ Name: 'other', ScheduleExpression: 'at(2026-03-01T15:00:00)' });
    time.moveTo('2026-03-01T15:30:00Z');
    await expect.poll(scheduledTimes).toEqual(['2026-03-01T15:00:00Z']);
    await client.send(new UpdateScheduleCommand({ ...hourly, State: 'ENABLED' }));
    time.moveTo('2026-03-01T16:00:00Z');

    await expect.poll(scheduledTimes).toEqual(['2026-03-01T15:00:00Z', '2026-03-01T16:00:00Z']);
  });

  test('is replaced as a whole by an update', async () => {
    await create({ Description: 'old', State: 'DISABLED' });
    await client.send(new UpdateScheduleCommand({ ...hourly, ScheduleExpression: 'cron(30 * * * ? *)' }));

    const described = await client.send(new GetScheduleCommand({ Name: 'monitor-m1' }));
    expect(described).toMatchObject({ ScheduleExpression: 'cron(30 * * * ? *)', State: 'ENABLED' });
    expect(described.Description).toBeUndefined();
    time.moveTo('2026-03-01T12:30:00Z');
    await expect.poll(scheduledTimes).toEqual(['2026-03-01T12:30:00Z']);
  });

  test('is no longer due once it is deleted', async () => {
    await create();
    await create({ Name: 'other', ScheduleExpression: 'at(2026-03-01T15:00:00)' });
    await client.send(new DeleteScheduleCommand({ Name: 'monitor-m1' }));
    time.moveTo('2026-03-01T15:00:00Z');

    await expect.poll(scheduledTimes).toEqual(['2026-03-01T15:00:00Z']);
    await expect(client.send(new GetScheduleCommand({ Name: 'monitor-m1' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test.each([
    ['DELETE', []],
    ['NONE', ['monitor-m1']],
  ] as const)('that was due once is followed by %s', async (ActionAfterCompletion, left) => {
    await create({ ScheduleExpression: 'at(2026-03-01T12:01:00)', ActionAfterCompletion });
    time.moveTo('2026-03-01T12:01:00Z');
    await expect.poll(scheduledTimes).toEqual(['2026-03-01T12:01:00Z']);

    const { Schedules } = await client.send(new ListSchedulesCommand({}));
    expect(Schedules?.map(({ Name }) => Name)).toEqual(left);
  });

  test('with a flexible window is due within it, and tells the scheduled time', async () => {
    await create({ FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 20 } });
    await create({ Name: 'other', ScheduleExpression: 'at(2026-03-01T13:09:00)' });
    time.moveTo('2026-03-01T13:09:59Z');
    await expect.poll(scheduledTimes).toEqual(['2026-03-01T13:09:00Z']);
    time.moveTo('2026-03-01T13:10:00Z');

    await expect.poll(scheduledTimes).toEqual(['2026-03-01T13:00:00Z', '2026-03-01T13:09:00Z']);
  });
});

describe('an invocation', () => {
  test('knows its schedule, its attempt and its own id', async () => {
    const Input =
      '{"arn":"<aws.scheduler.schedule-arn>","attempt":<aws.scheduler.attempt-number>,"id":"<aws.scheduler.execution-id>","other":"<aws.scheduler.unknown>"}';
    let attempts = 0;
    answer = () => {
      attempts += 1;
      return attempts === 1 ? new AwsError('ThrottlingException', 'slow down') : undefined;
    };
    await create({ ScheduleExpression: 'rate(1 day)', Target: { ...hourly.Target, Input } });

    await expect
      .poll(() => started)
      .toMatchObject([
        {
          input: {
            arn: 'arn:aws:scheduler:eu-west-1:000000000000:schedule/default/monitor-m1',
            attempt: 2,
            id: expect.stringMatching(/^[0-9a-f-]{36}$/),
            other: '<aws.scheduler.unknown>',
          },
        },
      ]);
  });

  test('without input gets an empty object', async () => {
    await create({ ScheduleExpression: 'rate(1 day)', Target: { Arn: machine, RoleArn: role } });

    await expect.poll(() => started.map(({ input }) => input)).toEqual([{}]);
  });

  test.each([
    ['that is denied, at once', () => new AwsError('AccessDeniedException', 'no'), '0', undefined],
    [
      'that fails again and again, after its attempts',
      () => new AwsError('InternalFailure', 'oh', 500),
      '2',
      'MaximumRetryAttempts',
    ],
  ])('%s goes to the dead-letter queue', async (_title, failure, retries, exhausted) => {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
    answer = failure;
    await create({
      ScheduleExpression: 'rate(1 day)',
      Target: {
        ...hourly.Target,
        RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 86_400 },
        DeadLetterConfig: { Arn: queueArn },
      },
    });

    const received = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20, MessageAttributeNames: ['All'] }),
    );

    const [letter] = received.Messages ?? [];
    const attributes = Object.fromEntries(
      Object.entries(letter?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue]),
    );
    expect(JSON.parse(letter?.Body ?? '')).toEqual({ model: 'm1', scheduledTime: '2026-03-01T12:00:30Z' });
    expect(attributes).toMatchObject({
      RETRY_ATTEMPTS: retries,
      SCHEDULED_TIME: '2026-03-01T12:00:30Z',
      TARGET_ARN: machine,
      SCHEDULE_ARN: 'arn:aws:scheduler:eu-west-1:000000000000:schedule/default/monitor-m1',
    });
    expect(attributes.EXHAUSTED_RETRY_CONDITION).toBe(exhausted);
  });

  test('that was not delivered is delivered after a restart', async () => {
    let attempts = 0;
    answer = () => {
      attempts += 1;
      return new AwsError('InternalFailure', 'oh', 500);
    };
    await create({ ScheduleExpression: 'rate(1 day)' });
    await expect.poll(() => attempts).toBeGreaterThan(0);
    await stop();
    answer = () => undefined;
    await start();

    await expect.poll(scheduledTimes).toEqual(['2026-03-01T12:00:30Z']);
  });
});

describe('making a schedule', () => {
  test('twice by the same token is making it once, by another is a conflict', async () => {
    await create({ ClientToken: 'one' });
    await create({ ClientToken: 'one' });

    await expect(create({ ClientToken: 'two' })).rejects.toMatchObject({ name: 'ConflictException' });
  });

  test.each([
    ['in a group that does not exist', { GroupName: 'missing' }, 'ResourceNotFoundException'],
    ['with a wrong expression', { ScheduleExpression: 'hourly' }, 'ValidationException'],
    ['in another time zone', { ScheduleExpressionTimezone: 'Europe/Berlin' }, 'NotImplemented'],
    [
      'for a target that is not served',
      { Target: { Arn: 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage', RoleArn: role } },
      'NotImplemented',
    ],
    [
      'that ends before it starts',
      { StartDate: new Date(2000), EndDate: new Date(1000) },
      'ValidationException',
    ],
    [
      'with a dead-letter queue that is none',
      { Target: { ...hourly.Target, DeadLetterConfig: { Arn: machine } } },
      'ValidationException',
    ],
    ['with a key', { KmsKeyArn: 'arn:aws:kms:eu-west-1:000000000000:key/k' }, 'NotImplemented'],
  ])('is refused %s', async (_title, changes, name) => {
    await expect(create(changes)).rejects.toMatchObject({ name });
  });
});

describe('a group', () => {
  test('has schedules of its own, which go with it', async () => {
    await client.send(new CreateScheduleGroupCommand({ Name: 'example-dev' }));
    await create({ GroupName: 'example-dev' });
    await create();

    const listed = await client.send(new ListSchedulesCommand({ GroupName: 'example-dev' }));
    expect(listed.Schedules?.map(({ GroupName, Name }) => [GroupName, Name])).toEqual([
      ['example-dev', 'monitor-m1'],
    ]);
    expect(await client.send(new GetScheduleGroupCommand({ Name: 'example-dev' }))).toMatchObject({
      State: 'ACTIVE',
    });

    await client.send(new DeleteScheduleGroupCommand({ Name: 'example-dev' }));

    const left = await client.send(new ListSchedulesCommand({}));
    const groups = await client.send(new ListScheduleGroupsCommand({}));
    expect(left.Schedules?.map(({ GroupName }) => GroupName)).toEqual(['default']);
    expect(groups.ScheduleGroups?.map(({ Name }) => Name)).toEqual(['default']);
  });

  test('of that name cannot be made again', async () => {
    await client.send(new CreateScheduleGroupCommand({ Name: 'g' }));

    await expect(client.send(new CreateScheduleGroupCommand({ Name: 'g' }))).rejects.toMatchObject({
      name: 'ConflictException',
    });
  });
});

test('schedules are listed in pages', async () => {
  for (const Name of ['a-1', 'a-2', 'a-3', 'b-1']) await create({ Name });
  const first = await client.send(new ListSchedulesCommand({ NamePrefix: 'a-', MaxResults: 2 }));
  const second = await client.send(
    new ListSchedulesCommand({ NamePrefix: 'a-', MaxResults: 2, NextToken: first.NextToken }),
  );

  expect(first.Schedules?.map(({ Name }) => Name)).toEqual(['a-1', 'a-2']);
  expect(second.Schedules?.map(({ Name }) => Name)).toEqual(['a-3']);
  expect(second.NextToken).toBeUndefined();
});

test('what is not served says so', async () => {
  await expect(client.send(new TagResourceCommand({ ResourceArn: 'arn', Tags: [] }))).rejects.toMatchObject({
    name: 'NotImplemented',
  });
});
