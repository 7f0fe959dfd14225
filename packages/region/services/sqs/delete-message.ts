import * as z from 'zod';
import { checkedOperation } from '../../gateway/parse-input.ts';
import type { Queues } from './queues.ts';

const inputSchema = z.strictObject({ QueueUrl: z.string(), ReceiptHandle: z.string() });

export function deleteMessage(queues: Queues) {
  return checkedOperation('sqs:DeleteMessage', inputSchema, async ({ QueueUrl, ReceiptHandle }) => {
    await queues.delete(await queues.queue(QueueUrl), ReceiptHandle);
    return {};
  });
}
