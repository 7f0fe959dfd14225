import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { sqsService } from '../../../services/sqs/sqs-service.ts';
import { place, type Served, serve } from '../serve.ts';

let directory: string;
let served: Served;
let client: SQSClient;
let now: number;
let QueueUrl: string;

async function start(): Promise<void> {
  const service = await sqsService({ ...place, directory, now: () => now });
  served = await serve(service);
  client = new SQSClient(served.clientConfig);
}

async function stop(): Promise<void> {
  client.destroy();
  await served.stop();
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sqs-'));
  now = Date.parse('2026-01-01T00:00:00Z');
  await start();
  ({ QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName: 'dead-letters' })));
});
afterEach(async () => {
  await stop();
  await rm(directory, { recursive: true });
});

const send = (MessageBody: string, input: Partial<SendMessageCommandInput> = {}) =>
  client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...input }));
const receive = async (input: Partial<ReceiveMessageCommandInput> = {}) =>
  (await client.send(new ReceiveMessageCommand({ QueueUrl, ...input }))).Messages ?? [];
const bodies = async (input: Partial<ReceiveMessageCommandInput> = {}) =>
  (await receive(input)).map(({ Body }) => Body);

describe('a message', () => {
  test('is received as it was sent; the SDK checks its digests', async () => {
    const MessageAttributes = {
      RULE_ARN: { DataType: 'String', StringValue: 'arn:rule' },
      count: { DataType: 'Number', StringValue: '5' },
      bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 255]) },
    };
    const { MessageId, MD5OfMessageAttributes } = await send('{"a":"é"}', { MessageAttributes });

    const [message] = await receive({
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    });

    expect(message).toMatchObject({
      MessageId,
      Body: '{"a":"é"}',
      MessageAttributes,
      MD5OfMessageAttributes,
      Attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(now), SenderId: '000000000000' },
    });
    // As the algorithm in SQS's documentation gives it.
    expect(MD5OfMessageAttributes).toMatch(/^[0-9a-f]{32}$/);
  });

  test('comes with the attributes that were asked for', async () => {
    const text = (StringValue: string) => ({ DataType: 'String', StringValue });
    await send('x', { MessageAttributes: { 'a.1': text('1'), 'a.2': text('2'), b: text('3') } });

    const [message] = await receive({ MessageAttributeNames: ['a.*'] });

    expect(Object.keys(message?.MessageAttributes ?? {})).toEqual(['a.1', 'a.2']);
  });

  test('is hidden when received, and comes back if it is not deleted', async () => {
    await send('x');

    expect(await bodies()).toEqual(['x']);
    expect(await bodies()).toEqual([]);
    now += 30_000;
    expect(await bodies()).toEqual(['x']);
  });

  test('is gone when it is deleted', async () => {
    await send('x');
    const [message] = await receive();
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
    now += 60_000;

    expect(await bodies()).toEqual([]);
  });

  test('is not deleted by the handle of an earlier receive', async () => {
    await send('x');
    const [first] = await receive({ VisibilityTimeout: 0 });
    await receive({ VisibilityTimeout: 0 });

    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));

    expect(await bodies()).toEqual(['x']);
  });

  test('can be delayed', async () => {
    await send('x', { DelaySeconds: 10 });

    expect(await bodies()).toEqual([]);
    now += 10_000;
    expect(await bodies()).toEqual(['x']);
  });

  test('is dropped when it is older than the queue keeps', async () => {
    await send('x');
    now += 4 * 24 * 60 * 60 * 1000 + 1;

    expect(await bodies()).toEqual([]);
  });

  test('outlives a restart', async () => {
    await send('x');
    await stop();
    await start();
    const url = await client.send(new GetQueueUrlCommand({ QueueName: 'dead-letters' }));
    QueueUrl = url.QueueUrl ?? '';

    expect(await bodies()).toEqual(['x']);
  });
});

describe('receiving', () => {
  test('brings as many messages as asked for, oldest first', async () => {
    for (const body of ['1', '2', '3']) await send(body);

    expect(await bodies({ MaxNumberOfMessages: 2 })).toEqual(['1', '2']);
    expect(await bodies({ MaxNumberOfMessages: 10 })).toEqual(['3']);
  });

  test('waits for a message', async () => {
    const waiting = bodies({ WaitTimeSeconds: 20 });
    await send('late');

    expect(await waiting).toEqual(['late']);
  });

  test('gives a message to one of several receivers', async () => {
    await send('x');

    const received = await Promise.all(Array.from({ length: 5 }, () => bodies()));

    expect(received.flat()).toEqual(['x']);
  });
});

describe('a queue', () => {
  test('is found by its name and described', async () => {
    await send('waiting');
    await send('delayed', { DelaySeconds: 60 });
    await send('received');
    await receive();

    const url = await client.send(new GetQueueUrlCommand({ QueueName: 'dead-letters' }));
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );

    expect(url.QueueUrl).toBe(QueueUrl);
    expect(Attributes).toMatchObject({
      QueueArn: 'arn:aws:sqs:eu-west-1:000000000000:dead-letters',
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '1',
      VisibilityTimeout: '30',
    });
  });

  test('is created again with the same attributes, not with others', async () => {
    const again = await client.send(new CreateQueueCommand({ QueueName: 'dead-letters' }));

    expect(again.QueueUrl).toBe(QueueUrl);
    await expect(
      client.send(
        new CreateQueueCommand({ QueueName: 'dead-letters', Attributes: { VisibilityTimeout: '5' } }),
      ),
    ).rejects.toMatchObject({ name: 'QueueNameExists' });
  });

  test('is gone with its messages when it is deleted', async () => {
    await send('x');
    await client.send(new DeleteQueueCommand({ QueueUrl }));

    await expect(send('y')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
    await client.send(new CreateQueueCommand({ QueueName: 'dead-letters' }));
    expect(await bodies()).toEqual([]);
  });
});

// Recorded on AWS by LocalStack (8b9a79f): test_sqs.py::test_non_existent_queue, 30 April 2024. boto3 gives the header's code.
test('an error has the code of the query protocol in a header', async () => {
  let header: unknown;
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      header = z.object({ headers: z.record(z.string(), z.string()) }).parse(result.response).headers[
        'x-amzn-query-error'
      ];
      return result;
    },
    { step: 'deserialize', priority: 'low' },
  );
  const absent = new GetQueueUrlCommand({ QueueName: 'absent' });

  await expect(client.send(absent)).rejects.toMatchObject({ name: 'QueueDoesNotExist' });

  expect(header).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender');
});

describe('what is not served says so', () => {
  test.each([
    [
      'a queue in order',
      () => client.send(new CreateQueueCommand({ QueueName: 'q', Attributes: { FifoQueue: 'true' } })),
    ],
    ['a message group', () => send('x', { MessageGroupId: 'g' })],
    ['another operation', () => client.send(new PurgeQueueCommand({ QueueUrl }))],
  ])('%s', async (_title, call) => {
    await expect(call()).rejects.toMatchObject({ name: 'NotImplemented' });
  });
});

test('a message of more than a megabyte is refused', async () => {
  await expect(send('x'.repeat(1024 * 1024 + 1))).rejects.toMatchObject({ name: 'InvalidParameterValue' });
});
