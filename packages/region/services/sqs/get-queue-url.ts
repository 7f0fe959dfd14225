import * as z from 'zod';
import type { Queues } from './queues.ts';
import { sqsOperation } from './sqs-input.ts';

const inputSchema = z.strictObject({ QueueName: z.string() });

export function getQueueUrl(queues: Queues) {
  return sqsOperation('GetQueueUrl', inputSchema, async ({ QueueName }, { endpoint }) => ({
    QueueUrl: queues.url((await queues.queue(QueueName)).name, endpoint),
  }));
}
