import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AwsError } from '../../../aws-error.ts';
import { wallClock } from '../../../clock.ts';
import { Gateway } from '../../../gateway/gateway.ts';
import { Roles } from '../../../gateway/roles.ts';
import { unlimited } from '../../../iam/access.ts';
import type { Deliver } from '../../../services/events/deliveries.ts';
import { type EventsService, eventsService } from '../../../services/events/events-service.ts';
import { sqsService } from '../../../services/sqs/sqs-service.ts';

const place = { region: 'eu-west-1', accountId: '000000000000' };
const functionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:target';
/** What AWS asks of an event that is tried on a pattern. */
const minimalEvent = {
  id: '1',
  account: place.accountId,
  source: 'aws.s3',
  time: '2026-01-01T00:00:00Z',
  region: place.region,
  'detail-type': 'Object Created',
};
const everything = JSON.stringify({ account: [place.accountId] });

interface Region {
  readonly events: EventsService;
  readonly client: EventBridgeClient;
  readonly sqs: SQSClient;
  stop(): Promise<void>;
}

/** EventBridge and SQS over HTTP. `speed` makes a second of back-off last a millisecond. */
async function startRegion(directory: string, deliver: Deliver, { starts = true } = {}): Promise<Region> {
  const queues = await sqsService({ ...place, directory: join(directory, 'sqs') });
  const events = await eventsService({
    ...place,
    directory: join(directory, 'events'),
    targets: { lambda: deliver, sqs: queues.deliver },
    sendDeadLetter: queues.sendDeadLetter,
    clock: wallClock({ speed: 1000 }),
  });
  const roles = new Roles(unlimited);
  const gateway = await Gateway.start({ ...place, services: [events, queues], roles });
  if (starts) await events.start();
  const config = {
    region: place.region,
    endpoint: gateway.endpoint,
    credentials: roles.developer,
  };
  const client = new EventBridgeClient(config);
  const sqs = new SQSClient(config);
  return {
    events,
    client,
    sqs,
    async stop() {
      client.destroy();
      sqs.destroy();
      await gateway.stop();
    },
  };
}

let directory: string;
let region: Region;
let inputs: unknown[];
const record: Deliver = async (_arn, input) => void inputs.push(JSON.parse(input));

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'events-'));
  inputs = [];
});
afterEach(async () => {
  await region.stop();
  await rm(directory, { recursive: true });
});

const entry = { Source: 'example', DetailType: 'model.onboarded', Detail: '{"model":"m"}' };

async function putRule(settings: { name?: string; bus?: string; pattern?: string; target?: object } = {}) {
  const { name = 'rule', bus = 'default', pattern = everything, target = {} } = settings;
  const { RuleArn } = await region.client.send(
    new PutRuleCommand({ Name: name, EventBusName: bus, EventPattern: pattern }),
  );
  const Targets = [{ Id: 'target', Arn: functionArn, ...target }];
  await region.client.send(new PutTargetsCommand({ Rule: name, EventBusName: bus, Targets }));
  return RuleArn ?? '';
}

describe('events', () => {
  test('reach the targets of matching rules, in the shape that EventBridge gives them', async () => {
    region = await startRegion(directory, record);
    await putRule({ pattern: JSON.stringify({ source: ['example'] }) });
    await putRule({ name: 'other', pattern: JSON.stringify({ source: ['elsewhere'] }) });

    const { Entries, FailedEntryCount } = await region.client.send(
      new PutEventsCommand({
        Entries: [{ ...entry, Time: new Date('2026-01-02T03:04:05.678Z'), Resources: ['arn:x'] }],
      }),
    );
    await region.events.idle();

    expect(FailedEntryCount).toBe(0);
    expect(inputs).toEqual([
      {
        version: '0',
        id: Entries?.[0]?.EventId,
        'detail-type': 'model.onboarded',
        source: 'example',
        account: place.accountId,
        time: '2026-01-02T03:04:05Z',
        region: place.region,
        resources: ['arn:x'],
        detail: { model: 'm' },
      },
    ]);
  });

  test('stay on their bus', async () => {
    region = await startRegion(directory, record);
    await region.client.send(new CreateEventBusCommand({ Name: 'custom' }));
    await putRule({ bus: 'custom', target: { Input: '"custom"' } });
    await putRule({ bus: 'default', target: { Input: '"default"' } });

    const EventBusName = 'arn:aws:events:eu-west-1:000000000000:event-bus/custom';
    await region.client.send(new PutEventsCommand({ Entries: [{ ...entry, EventBusName }] }));
    await region.events.idle();

    expect(inputs).toEqual(['custom']);
  });

  test('of a service go to the default bus', async () => {
    region = await startRegion(directory, record);
    await putRule({ pattern: JSON.stringify({ source: ['aws.s3'] }), target: { InputPath: '$.detail' } });

    await region.events.emit({
      'detail-type': 'Object Created',
      source: 'aws.s3',
      resources: [],
      detail: { version: '0' },
    });
    await region.events.idle();

    expect(inputs).toEqual([{ version: '0' }]);
  });

  test('are not delivered by a disabled rule', async () => {
    region = await startRegion(directory, record);
    await putRule();
    await region.client.send(new DisableRuleCommand({ Name: 'rule' }));
    await region.client.send(new PutEventsCommand({ Entries: [entry] }));
    await region.client.send(new EnableRuleCommand({ Name: 'rule' }));
    await region.client.send(new PutEventsCommand({ Entries: [{ ...entry, Detail: '{"second":true}' }] }));
    await region.events.idle();

    expect(inputs).toMatchObject([{ detail: { second: true } }]);
  });

  test('reach a queue that is a target', async () => {
    region = await startRegion(directory, record);
    const { QueueUrl } = await region.sqs.send(new CreateQueueCommand({ QueueName: 'inbox' }));
    await putRule({ target: { Arn: 'arn:aws:sqs:eu-west-1:000000000000:inbox', InputPath: '$.detail' } });

    await region.client.send(new PutEventsCommand({ Entries: [entry] }));
    const { Messages } = await region.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));

    expect(Messages).toMatchObject([{ Body: '{"model":"m"}' }]);
  });
});

describe('PutEvents', () => {
  test('refuses wrong entries one by one and takes the others', async () => {
    region = await startRegion(directory, record);
    await putRule();

    const { FailedEntryCount, Entries } = await region.client.send(
      new PutEventsCommand({
        Entries: [
          { ...entry, Source: undefined },
          { ...entry, DetailType: undefined },
          { ...entry, Detail: undefined },
          { ...entry, Detail: 'not json' },
          { ...entry, Detail: '[1]' },
          { ...entry, Source: 'aws.s3' },
          { ...entry, EventBusName: 'nowhere' },
          entry,
        ],
      }),
    );
    await region.events.idle();

    expect(FailedEntryCount).toBe(7);
    expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      'InvalidArgument',
      'InvalidArgument',
      'InvalidArgument',
      'MalformedDetail',
      'MalformedDetail',
      'NotAuthorizedForSourceException',
      'ResourceNotFoundException',
      undefined,
    ]);
    expect(inputs).toHaveLength(1);
  });

  test('refuses more than ten entries, and more than a megabyte', async () => {
    region = await startRegion(directory, record);
    const big = { ...entry, Detail: JSON.stringify({ text: 'x'.repeat(600_000) }) };

    await expect(
      region.client.send(new PutEventsCommand({ Entries: Array.from({ length: 11 }, () => entry) })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(region.client.send(new PutEventsCommand({ Entries: [big, big] }))).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Total size of the entries in the request is over the limit.',
    });
    await expect(region.client.send(new PutEventsCommand({ Entries: [big] }))).resolves.toMatchObject({
      FailedEntryCount: 0,
    });
  });

  test('refuses parameters that it would ignore', async () => {
    region = await startRegion(directory, record);

    await expect(
      region.client.send(new PutEventsCommand({ Entries: [{ ...entry, TraceHeader: 'x' }] })),
    ).rejects.toMatchObject({ name: 'NotImplemented', $metadata: { httpStatusCode: 501 } });
  });
});

describe('a delivery that fails', () => {
  test('is tried again until it succeeds', async () => {
    let attempts = 0;
    region = await startRegion(directory, async (arn, input, context) => {
      attempts += 1;
      if (attempts < 4) throw new AwsError('ThrottlingException', 'later', 429);
      await record(arn, input, context);
    });
    await putRule();

    await region.client.send(new PutEventsCommand({ Entries: [entry] }));

    await expect.poll(() => inputs).toHaveLength(1);
    expect(attempts).toBe(4);
  });

  const queueArn = 'arn:aws:sqs:eu-west-1:000000000000:dead-letters';
  const deadLetter = async () => {
    const QueueUrl = `http://queue/000000000000/dead-letters`;
    const { Messages } = await region.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10, MessageAttributeNames: ['All'] }),
    );
    const attributes = Object.entries(Messages?.[0]?.MessageAttributes ?? {});
    return {
      event: JSON.parse(Messages?.[0]?.Body ?? 'null'),
      attributes: Object.fromEntries(attributes.map(([name, { StringValue }]) => [name, StringValue])),
    };
  };

  test('for good goes to the dead-letter queue at once, with the event and the reason', async () => {
    region = await startRegion(directory, async () => {
      throw new AwsError('AccessDeniedException', 'not authorized to perform states:StartExecution', 403);
    });
    await region.sqs.send(new CreateQueueCommand({ QueueName: 'dead-letters' }));
    const RULE_ARN = await putRule({ target: { Input: '{}', DeadLetterConfig: { Arn: queueArn } } });

    await region.client.send(new PutEventsCommand({ Entries: [entry] }));

    expect(await deadLetter()).toEqual({
      event: expect.objectContaining({ source: 'example', detail: { model: 'm' } }),
      attributes: {
        RULE_ARN,
        TARGET_ARN: functionArn,
        ERROR_CODE: 'NO_PERMISSIONS',
        ERROR_MESSAGE: 'not authorized to perform states:StartExecution',
        RETRY_ATTEMPTS: '0',
      },
    });
  });

  test('too often goes to the dead-letter queue with the number of retries', async () => {
    region = await startRegion(directory, async () => {
      throw new AwsError('ServiceUnavailable', 'down', 503);
    });
    await region.sqs.send(new CreateQueueCommand({ QueueName: 'dead-letters' }));
    await putRule({
      target: { RetryPolicy: { MaximumRetryAttempts: 2 }, DeadLetterConfig: { Arn: queueArn } },
    });

    await region.client.send(new PutEventsCommand({ Entries: [entry] }));

    expect((await deadLetter()).attributes).toMatchObject({
      ERROR_CODE: 'ERROR_FROM_TARGET',
      RETRY_ATTEMPTS: '2',
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
    });
  });

  test('because its input is not JSON goes to the dead-letter queue', async () => {
    region = await startRegion(directory, record);
    await region.sqs.send(new CreateQueueCommand({ QueueName: 'dead-letters' }));
    const InputTransformer = { InputPathsMap: { x: '$.detail' }, InputTemplate: '{"text":"<x>"}' };
    await putRule({ target: { InputTransformer, DeadLetterConfig: { Arn: queueArn } } });

    await region.client.send(new PutEventsCommand({ Entries: [entry] }));

    expect((await deadLetter()).attributes).toMatchObject({ ERROR_CODE: 'INVALID_JSON' });
    expect(inputs).toEqual([]);
  });

  test('does not hold up the rule’s other targets', async () => {
    region = await startRegion(directory, async (arn, input, context) => {
      if (arn !== functionArn) throw new AwsError('ThrottlingException', 'later', 429);
      await record(arn, input, context);
    });
    await putRule();
    await region.client.send(
      new PutTargetsCommand({ Rule: 'rule', Targets: [{ Id: 'slow', Arn: `${functionArn}-slow` }] }),
    );

    await region.client.send(new PutEventsCommand({ Entries: [entry] }));
    await region.events.idle();

    expect(inputs).toHaveLength(1);
  });
});

describe('over a restart', () => {
  test('rules, buses and targets are kept', async () => {
    region = await startRegion(directory, record);
    await region.client.send(new CreateEventBusCommand({ Name: 'custom' }));
    await putRule({ bus: 'custom', pattern: JSON.stringify({ source: ['example'] }) });
    await region.stop();

    region = await startRegion(directory, record);
    await region.client.send(new PutEventsCommand({ Entries: [{ ...entry, EventBusName: 'custom' }] }));
    await region.events.idle();

    expect(inputs).toHaveLength(1);
  });

  test('an event that was taken before a stop is delivered after it', async () => {
    region = await startRegion(directory, record, { starts: false });
    await putRule();
    const { Entries } = await region.client.send(new PutEventsCommand({ Entries: [entry, entry] }));
    await region.stop();
    expect(inputs).toEqual([]);

    region = await startRegion(directory, record);
    await region.events.idle();

    const ids = inputs.map((input) => (input as { id: string }).id);
    expect(ids.sort()).toEqual(Entries?.map(({ EventId }) => EventId).sort());
  });

  test('an event that waits for another attempt is tried again', async () => {
    region = await startRegion(directory, async () => {
      throw new AwsError('ThrottlingException', 'later', 429);
    });
    await putRule();
    await region.client.send(new PutEventsCommand({ Entries: [entry] }));
    await region.events.idle();
    await region.stop();

    region = await startRegion(directory, record);

    await expect.poll(() => inputs).toHaveLength(1);
  });

  test('an event that was delivered is not delivered again', async () => {
    region = await startRegion(directory, record);
    await putRule();
    await region.client.send(new PutEventsCommand({ Entries: [entry] }));
    await region.events.idle();
    await region.stop();

    region = await startRegion(directory, record);
    await region.events.idle();

    expect(inputs).toHaveLength(1);
  });
});

describe('rules', () => {
  test('are described and listed as they were put', async () => {
    region = await startRegion(directory, record);
    const Arn = await putRule({ pattern: '{"source":["a"]}' });
    await putRule({ name: 'another' });

    const described = await region.client.send(new DescribeRuleCommand({ Name: 'rule' }));
    const { Rules } = await region.client.send(new ListRulesCommand({ NamePrefix: 'ru' }));
    const { Targets } = await region.client.send(new ListTargetsByRuleCommand({ Rule: 'rule' }));

    expect(Arn).toBe('arn:aws:events:eu-west-1:000000000000:rule/rule');
    const rule = {
      Name: 'rule',
      Arn,
      EventPattern: '{"source":["a"]}',
      State: 'ENABLED',
      EventBusName: 'default',
    };
    expect(described).toMatchObject(rule);
    expect(Rules).toEqual([rule]);
    expect(Targets).toEqual([{ Id: 'target', Arn: functionArn }]);
  });

  test('keep their targets when they are changed, and a target is replaced by its id', async () => {
    region = await startRegion(directory, record);
    await putRule();
    await region.client.send(new PutRuleCommand({ Name: 'rule', EventPattern: '{"source":["b"]}' }));
    const Targets = [{ Id: 'target', Arn: `${functionArn}-2` }];
    await region.client.send(new PutTargetsCommand({ Rule: 'rule', Targets }));

    const listed = await region.client.send(new ListTargetsByRuleCommand({ Rule: 'rule' }));

    expect(listed.Targets).toEqual(Targets);
  });

  test('are deleted when they have no targets', async () => {
    region = await startRegion(directory, record);
    await putRule();

    await expect(region.client.send(new DeleteRuleCommand({ Name: 'rule' }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await region.client.send(new RemoveTargetsCommand({ Rule: 'rule', Ids: ['target'] }));
    await region.client.send(new DeleteRuleCommand({ Name: 'rule' }));

    await expect(region.client.send(new DescribeRuleCommand({ Name: 'rule' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test.each([
    [
      'an invalid pattern',
      { Name: 'r', EventPattern: '{"a":[{"regex":"x"}]}' },
      'InvalidEventPatternException',
    ],
    [
      'too long a pattern',
      { Name: 'r', EventPattern: JSON.stringify({ a: ['x'.repeat(2048)] }) },
      'InvalidEventPatternException',
    ],
    [
      'an unknown bus',
      { Name: 'r', EventPattern: everything, EventBusName: 'x' },
      'ResourceNotFoundException',
    ],
    ['a schedule', { Name: 'r', ScheduleExpression: 'rate(1 day)' }, 'NotImplemented'],
  ])('are refused with %s', async (_title, input, name) => {
    region = await startRegion(directory, record);

    await expect(region.client.send(new PutRuleCommand(input))).rejects.toMatchObject({ name });
  });

  test('with wildcards are limited to thirty on a bus', async () => {
    region = await startRegion(directory, record);
    const EventPattern = JSON.stringify({ source: [{ wildcard: 'a*b' }] });
    for (let index = 0; index < 30; index += 1)
      await region.client.send(new PutRuleCommand({ Name: `rule-${index}`, EventPattern }));

    await expect(
      region.client.send(new PutRuleCommand({ Name: 'one-more', EventPattern })),
    ).rejects.toMatchObject({ name: 'LimitExceededException' });
  });

  test.each([
    [
      'of a service without deliveries',
      { Arn: 'arn:aws:kinesis:eu-west-1:000000000000:stream/s' },
      'NotImplemented',
    ],
    [
      'with parameters of another kind of target',
      { KinesisParameters: { PartitionKeyPath: '$' } },
      'NotImplemented',
    ],
    ['with a wrong path', { InputPath: '$.a[0]' }, 'ValidationException'],
    [
      'with a dead-letter queue that is none',
      { DeadLetterConfig: { Arn: functionArn } },
      'ValidationException',
    ],
    ['with too many retries', { RetryPolicy: { MaximumRetryAttempts: 186 } }, 'ValidationException'],
  ])('take no target %s', async (_title, target, name) => {
    region = await startRegion(directory, record);
    await putRule();

    await expect(
      region.client.send(
        new PutTargetsCommand({ Rule: 'rule', Targets: [{ Id: 't', Arn: functionArn, ...target }] }),
      ),
    ).rejects.toMatchObject({ name });
  });

  test('take five targets', async () => {
    region = await startRegion(directory, record);
    await putRule();
    const Targets = Array.from({ length: 5 }, (_, index) => ({ Id: `t${index}`, Arn: functionArn }));

    await expect(region.client.send(new PutTargetsCommand({ Rule: 'rule', Targets }))).rejects.toMatchObject({
      name: 'LimitExceededException',
    });
  });
});

describe('buses', () => {
  test('can be created, described, listed and deleted', async () => {
    region = await startRegion(directory, record);

    const { EventBusArn } = await region.client.send(new CreateEventBusCommand({ Name: 'custom' }));
    const described = await region.client.send(new DescribeEventBusCommand({ Name: 'custom' }));
    const { EventBuses } = await region.client.send(new ListEventBusesCommand({}));
    await region.client.send(new DeleteEventBusCommand({ Name: 'custom' }));

    expect(EventBusArn).toBe('arn:aws:events:eu-west-1:000000000000:event-bus/custom');
    expect(described).toMatchObject({ Name: 'custom', Arn: EventBusArn });
    expect(EventBuses?.map(({ Name }) => Name)).toEqual(['default', 'custom']);
    await expect(region.client.send(new DescribeEventBusCommand({ Name: 'custom' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('are not created twice, and the default bus is not deleted', async () => {
    region = await startRegion(directory, record);

    await expect(region.client.send(new CreateEventBusCommand({ Name: 'default' }))).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
    });
    await expect(region.client.send(new DeleteEventBusCommand({ Name: 'default' }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});

// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html, Name
test('a bus of one’s own has no slash in its name', async () => {
  region = await startRegion(directory, record);
  await expect(region.client.send(new CreateEventBusCommand({ Name: 'a/b' }))).rejects.toMatchObject({
    name: 'ValidationException',
    message: "Event bus name must not contain '/'.",
  });
});

// LocalStack 8b9a79f, test_events.snapshot.json, TestEventBus
test('a bus tells when it was made and changed', async () => {
  region = await startRegion(directory, record);
  await region.client.send(new CreateEventBusCommand({ Name: 'dated' }));
  const { CreationTime, LastModifiedTime } = await region.client.send(
    new DescribeEventBusCommand({ Name: 'dated' }),
  );

  expect(CreationTime).toBeInstanceOf(Date);
  expect(LastModifiedTime).toEqual(CreationTime);
});

test('a target that is not an ARN is refused', async () => {
  region = await startRegion(directory, record);
  await region.client.send(new PutRuleCommand({ Name: 'rule', EventPattern: everything }));

  await expect(
    region.client.send(new PutTargetsCommand({ Rule: 'rule', Targets: [{ Id: 'queue', Arn: 'queue' }] })),
  ).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'Parameter queue is not valid. Reason: Provided Arn is not in correct format.',
  });
});

test('a pattern can be tried on an event', async () => {
  region = await startRegion(directory, record);

  const { Result } = await region.client.send(
    new TestEventPatternCommand({
      EventPattern: '{"source":[{"prefix":"aws."}]}',
      Event: JSON.stringify(minimalEvent),
    }),
  );

  expect(Result).toBe(true);
});

// Recorded on AWS by LocalStack (8b9a79f): test_events_patterns.py::test_invalid_event_payload and test_array_event_payload.
test.each([
  ['a list', [minimalEvent]],
  ['a text', 'event'],
  ...Object.keys(minimalEvent).map((name): [string, unknown] => [
    `no ${name}`,
    Object.fromEntries(Object.entries(minimalEvent).filter(([other]) => other !== name)),
  ]),
])('TestEventPattern refuses an event that is or has %s', async (_what, event) => {
  region = await startRegion(directory, record);

  await expect(
    region.client.send(
      new TestEventPatternCommand({
        EventPattern: '{"source":["aws.s3"]}',
        Event: JSON.stringify(event),
      }),
    ),
  ).rejects.toMatchObject({ name: 'ValidationException', message: 'Parameter Event is not valid.' });
});
