import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sqsService } from '../../../services/sqs/sqs-service.ts';
import { place, type Served, serve } from '../serve.ts';

/**
 * Answers of AWS: those with a test's name as LocalStack recorded them (localstack/localstack 8b9a79f,
 * `tests/aws/services/sqs/test_sqs.snapshot.json`), the others by the API reference of SendMessage,
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
let directory: string;
let served: Served;
let client: SQSClient;
let QueueUrl: string | undefined;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sqs-'));
  served = await serve(await sqsService({ ...place, directory }));
  client = new SQSClient(served.clientConfig);
  ({ QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'work' })));
});
afterAll(async () => {
  client.destroy();
  await served.stop();
  await rm(directory, { recursive: true, force: true });
});

const send = (input: Partial<SendMessageCommandInput>) =>
  client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', ...input }));
const refused = (name: string, message: string) => ({ name, message, $metadata: { httpStatusCode: 400 } });

it('SendMessage asks for a body (test_send_empty_message)', async () => {
  await expect(send({ MessageBody: '' })).rejects.toMatchObject(
    refused('MissingParameter', 'The request must contain the parameter MessageBody.'),
  );
});

it.each(['a\uFFFEb', 'a\u000Bb', '\uD800', '\u0000'])(
  'SendMessage refuses %j, whose characters XML does not have (test_send_message_with_invalid_payload_characters)',
  async (MessageBody) => {
    await expect(send({ MessageBody })).rejects.toMatchObject({ name: 'InvalidMessageContents' });
  },
);

it('SendMessage takes tabs, lines and characters beyond the basic plane', async () => {
  await expect(send({ MessageBody: 'a\tb\nc\r😀' })).resolves.toMatchObject({
    MessageId: expect.any(String),
  });
});

it('SendMessage refuses an attribute without a value (test_send_message_with_empty_string_attribute)', async () => {
  const MessageAttributes = { ErrorDetails: { StringValue: '', DataType: 'String' } };

  await expect(send({ MessageAttributes })).rejects.toMatchObject(
    refused(
      'InvalidParameterValue',
      "Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'.",
    ),
  );
});

it.each([
  { what: 'no name', name: '', attribute: { DataType: 'String', StringValue: 'x' } },
  { what: 'a space in its name', name: 'a b', attribute: { DataType: 'String', StringValue: 'x' } },
  { what: 'two dots in its name', name: 'a..b', attribute: { DataType: 'String', StringValue: 'x' } },
  { what: "AWS's prefix", name: 'AWS.a', attribute: { DataType: 'String', StringValue: 'x' } },
  { what: 'a type that SQS does not have', name: 'a', attribute: { DataType: 'Colour', StringValue: 'x' } },
  { what: 'a number that is none', name: 'a', attribute: { DataType: 'Number', StringValue: 'x' } },
  { what: 'U+FFFE in its value', name: 'a', attribute: { DataType: 'String', StringValue: '\uFFFE' } },
])('SendMessage refuses an attribute with $what', async ({ name, attribute }) => {
  await expect(send({ MessageAttributes: { [name]: attribute } })).rejects.toMatchObject({
    name: 'InvalidParameterValue',
  });
});

it('SendMessage refuses an eleventh attribute', async () => {
  const attributes = Array.from({ length: 11 }, (_, index) => [
    `a${index}`,
    { DataType: 'String', StringValue: 'x' },
  ]);

  await expect(send({ MessageAttributes: Object.fromEntries(attributes) })).rejects.toMatchObject({
    name: 'InvalidParameterValue',
  });
});

it.each([
  { parameter: { MaxNumberOfMessages: 11 }, reason: 'Must be between 1 and 10, if provided.' },
  { parameter: { WaitTimeSeconds: -1 }, reason: 'Must be >= 0 and <= 20, if provided.' },
  { parameter: { WaitTimeSeconds: 21 }, reason: 'Must be >= 0 and <= 20, if provided.' },
])('ReceiveMessage refuses $parameter in the words of SQS', async ({ parameter, reason }) => {
  const [[name, value] = []] = Object.entries(parameter);

  await expect(client.send(new ReceiveMessageCommand({ QueueUrl, ...parameter }))).rejects.toMatchObject(
    refused('InvalidParameterValue', `Value ${value} for parameter ${name} is invalid. Reason: ${reason}`),
  );
});

it('CreateQueue names the attribute whose value differs (test_create_queue_with_different_attributes_raises_exception)', async () => {
  const Attributes = { MessageRetentionPeriod: '60' };

  await expect(client.send(new CreateQueueCommand({ QueueName: 'work', Attributes }))).rejects.toMatchObject(
    refused(
      'QueueNameExists',
      'A queue already exists with the same name and a different value for attribute MessageRetentionPeriod',
    ),
  );
});

it('GetQueueAttributes tells what a queue has by default (test_create_and_update_queue_attributes)', async () => {
  const all = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));

  expect(all.Attributes).toMatchObject({
    DelaySeconds: '0',
    MaximumMessageSize: '1048576',
    SqsManagedSseEnabled: 'true',
    LastModifiedTimestamp: all.Attributes?.CreatedTimestamp,
  });
});

it('an answer leaves out attributes that it does not have (test_receive_message_message_attribute_names_filters)', async () => {
  await send({ MessageBody: 'plain' });
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
  );

  expect(Messages.length).toBeGreaterThan(0);
  expect(Messages.filter((message) => 'Attributes' in message || 'MessageAttributes' in message)).toEqual([]);
  const none = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [] }));
  expect(none.Attributes).toBeUndefined();
});
