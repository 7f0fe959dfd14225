import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
} from '@aws-sdk/client-sqs';
import type { Scenario, Steps } from '../scenario.ts';
import type { World } from '../worlds/world.ts';

/** Answers name the queue by its URL, which has each implementation's own port. */
const withPath = <Answer extends { QueueUrl?: string | undefined }>(answer: Answer): Answer => ({
  ...answer,
  ...(answer.QueueUrl !== undefined && { QueueUrl: new URL(answer.QueueUrl).pathname }),
});

function queue({ sqs }: World, steps: Steps, QueueUrl: string) {
  return {
    send: (what: string, MessageBody: string, input: Partial<SendMessageCommandInput> = {}) =>
      steps.call(`SendMessage ${what}`, () =>
        sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...input })),
      ),
    receive: (what: string, input: Partial<ReceiveMessageCommandInput> = {}) =>
      steps.call(`ReceiveMessage ${what}`, () => sqs.send(new ReceiveMessageCommand({ QueueUrl, ...input }))),
    remove: (what: string, ReceiptHandle: string | undefined) =>
      steps.call(`DeleteMessage ${what}`, () =>
        sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
      ),
    attributes: (what: string, names: readonly string[]) =>
      steps.call(`GetQueueAttributes ${what}`, () =>
        sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] as 'All'[] })),
      ),
  };
}

async function madeQueue({ sqs }: World): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'work' }));
  return QueueUrl;
}

const text = (StringValue: string) => ({ DataType: 'String', StringValue });

export const sqsScenarios: readonly Scenario[] = [
  {
    service: 'sqs',
    name: 'queues',
    async run(world, steps) {
      const { sqs } = world;
      const create = (what: string, QueueName: string, Attributes?: Record<string, string>) =>
        steps.call(`CreateQueue ${what}`, async () =>
          withPath(await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))),
        );
      const url = (what: string, QueueName: string) =>
        steps.call(`GetQueueUrl ${what}`, async () =>
          withPath(await sqs.send(new GetQueueUrlCommand({ QueueName }))),
        );
      await create('plain', 'work');
      await create('again', 'work');
      await create('again with its default', 'work', { VisibilityTimeout: '30' });
      await create('again with another value', 'work', { VisibilityTimeout: '60' });
      await create('with values', 'valued', {
        VisibilityTimeout: '5',
        MessageRetentionPeriod: '120',
        ReceiveMessageWaitTimeSeconds: '1',
      });
      await create('with too long a timeout', 'wrong', { VisibilityTimeout: '43201' });
      await create('with a timeout of x', 'wrong', { VisibilityTimeout: 'x' });
      await create('with an attribute of none', 'wrong', { Colour: 'blue' });
      await create('with a name of other characters', 'a queue');
      await create('with a name of 81 characters', 'q'.repeat(81));
      await create('without a name', '');
      await url('of one', 'work');
      await url('of none', 'none');
      const QueueUrl = await madeQueue(world);
      const { attributes } = queue(world, steps, QueueUrl);
      await attributes('of all', ['All']);
      await attributes('of two', ['QueueArn', 'VisibilityTimeout']);
      await attributes('of none', []);
      await attributes('of an unknown one', ['Colour']);
      await steps.call('DeleteQueue', () => sqs.send(new DeleteQueueCommand({ QueueUrl })));
      await queue(world, steps, QueueUrl).send('to a deleted queue', 'x');
      await queue(world, steps, QueueUrl).receive('from a deleted queue');
      await attributes('of a deleted queue', ['All']);
    },
  },
  {
    service: 'sqs',
    name: 'messages',
    async run(world, steps) {
      const { send, receive, remove, attributes } = queue(world, steps, await madeQueue(world));
      await receive('of nothing');
      await send('plain', 'hello');
      await attributes('with one message', ['ApproximateNumberOfMessages']);
      const { Messages } = await receive('plain');
      await attributes('with one in flight', [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
      ]);
      await receive('while it is hidden');
      await remove('plain', Messages?.[0]?.ReceiptHandle);
      await remove('again', Messages?.[0]?.ReceiptHandle);
      await remove('by a made-up handle', 'made-up');
      await send('with attributes', 'attributed', {
        MessageAttributes: {
          colour: text('blue'),
          size: { DataType: 'Number', StringValue: '5' },
          bytes: { DataType: 'Binary', BinaryValue: Buffer.from('bytes') },
          own: { DataType: 'String.custom', StringValue: 'x' },
        },
      });
      await receive('with no attributes', { VisibilityTimeout: 0 });
      await receive('with one attribute', { VisibilityTimeout: 0, MessageAttributeNames: ['colour'] });
      await receive('by a beginning', { VisibilityTimeout: 0, MessageAttributeNames: ['co.*'] });
      await receive('with all attributes', { VisibilityTimeout: 0, MessageAttributeNames: ['All'] });
      await receive('with a count', {
        VisibilityTimeout: 0,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      });
      await receive('with system attributes', { VisibilityTimeout: 0, MessageSystemAttributeNames: ['All'] });
      await send('later', 'delayed', { DelaySeconds: 60 });
      await attributes('with one delayed', ['ApproximateNumberOfMessagesDelayed']);
    },
  },
  {
    service: 'sqs',
    name: 'refusals',
    async run(world, steps) {
      const { send, receive } = queue(world, steps, await madeQueue(world));
      await send('of nothing', '');
      await send('with U+FFFE', 'a\uFFFEb');
      await send('with U+000B', 'a\u000Bb');
      await send('with tab and line', 'a\tb\nc\r');
      await send('with an emoji', 'x 😀');
      await send('later than 900 seconds', 'x', { DelaySeconds: 901 });
      await send('before now', 'x', { DelaySeconds: -1 });
      await send('of more than 1 MiB', 'x'.repeat(1024 * 1024 + 1));
      const attribute = (what: string, name: string, value: object) =>
        send(`with ${what}`, 'x', { MessageAttributes: { [name]: value as { DataType: string } } });
      await attribute('an empty text', 'a', text(''));
      await attribute('U+FFFE in a text', 'a', text('\uFFFE'));
      await attribute('a text that is missing', 'a', { DataType: 'String' });
      await attribute('no type', 'a', { DataType: '', StringValue: 'x' });
      await attribute('a type of none', 'a', { DataType: 'Colour', StringValue: 'x' });
      await attribute('a number of x', 'a', { DataType: 'Number', StringValue: 'x' });
      await attribute('no name', '', text('x'));
      await attribute('a name with a space', 'a b', text('x'));
      await attribute('a name that begins with AWS', 'AWS.a', text('x'));
      await attribute('a name that ends with a dot', 'a.', text('x'));
      await attribute('a name with two dots', 'a..b', text('x'));
      await send('with eleven attributes', 'x', {
        MessageAttributes: Object.fromEntries(
          Array.from({ length: 11 }, (_, index) => [`a${index}`, text('x')]),
        ),
      });
      for (const MaxNumberOfMessages of [0, 11])
        await receive(`of ${MaxNumberOfMessages}`, { MaxNumberOfMessages });
      for (const VisibilityTimeout of [-1, 43_201])
        await receive(`hidden for ${VisibilityTimeout}`, { VisibilityTimeout });
      for (const WaitTimeSeconds of [-1, 21])
        await receive(`waiting for ${WaitTimeSeconds}`, { WaitTimeSeconds });
      const noQueue = queue(world, steps, 'http://127.0.0.1/123456789012/none');
      await noQueue.send('to none', 'x');
      await noQueue.remove('of none', 'x');
    },
  },
];
