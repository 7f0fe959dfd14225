import * as z from 'zod';
import type { Queues } from './queues.ts';
import { sqsOperation } from './sqs-input.ts';

const inputSchema = z.strictObject({ QueueUrl: z.string(), ReceiptHandle: z.string() });

export function deleteMessage(queues: Queues) {
  return sqsOperation('DeleteMessage', inputSchema, async ({ QueueUrl, ReceiptHandle }) => {
    await queues.delete(await queues.queue(QueueUrl), ReceiptHandle);
    return {};
  });
}
