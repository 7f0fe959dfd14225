import { jsonService } from '../../gateway/json-service.ts';
import type { Service } from '../../gateway/service.ts';
import { RecordStore } from '../../store/record-store.ts';
import type { DeadLetter } from '../events/dead-letter.ts';
import { createQueue } from './create-queue.ts';
import { deleteMessage } from './delete-message.ts';
import { deleteQueue } from './delete-queue.ts';
import { getQueueAttributes } from './get-queue-attributes.ts';
import { getQueueUrl } from './get-queue-url.ts';
import { sqsPermissions } from './permissions.ts';
import { Queues } from './queues.ts';
import { receiveMessage } from './receive-message.ts';
import { sendMessage } from './send-message.ts';

export interface SqsServiceOptions {
  readonly directory: string;
  readonly accountId: string;
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** SQS on the wire, and the two ways in which EventBridge sends to a queue. */
export interface SqsService extends Service {
  sendDeadLetter(letter: DeadLetter): Promise<void>;
  /** Delivers an event to a queue that is a rule's target. */
  deliver(queueArn: string, body: string): Promise<void>;
}

/** As recorded on AWS (LocalStack 8b9a79f, `test_sqs.py`): boto3 gives these as an error's code. */
const queryCodes = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  InvalidParameterValueException: 'InvalidParameterValue',
  MissingRequiredParameterException: 'MissingParameter',
};

/** Opens the local SQS: standard queues, enough for dead letters and for reading them. */
export async function sqsService({
  directory,
  accountId,
  region,
  now = Date.now,
}: SqsServiceOptions): Promise<SqsService> {
  const records = await RecordStore.open(directory);
  const queues = new Queues(records, accountId, region, now);
  await queues.forgetOld();
  const stop = new AbortController();
  const service = jsonService({
    signingName: 'sqs',
    version: '1.0',
    permissions: sqsPermissions,
    queryCodes,
    operations: {
      CreateQueue: createQueue(queues),
      DeleteMessage: deleteMessage(queues),
      DeleteQueue: deleteQueue(queues),
      GetQueueAttributes: getQueueAttributes(queues),
      GetQueueUrl: getQueueUrl(queues),
      ReceiveMessage: receiveMessage(queues, stop.signal),
      SendMessage: sendMessage(queues),
    },
    async close() {
      stop.abort();
      await queues.turns.idle();
      await records.close();
    },
  });

  async function sendAsEventBridge(queueArn: string, body: string, attributes: DeadLetter['attributes']) {
    await queues.send(await queues.queue(queueArn), {
      body,
      attributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
      ),
      senderId: 'events.amazonaws.com',
      delaySeconds: 0,
    });
  }
  return {
    ...service,
    sendDeadLetter: ({ queueArn, body, attributes }) => sendAsEventBridge(queueArn, body, attributes),
    deliver: (queueArn, body) => sendAsEventBridge(queueArn, body, {}),
  };
}
