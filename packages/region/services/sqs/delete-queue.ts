import * as z from 'zod';
import { checkedOperation } from '../../gateway/parse-input.ts';
import type { Queues } from './queues.ts';

const inputSchema = z.strictObject({ QueueUrl: z.string() });

/** Deletes a queue with its messages. */
export function deleteQueue(queues: Queues) {
  return checkedOperation('sqs:DeleteQueue', inputSchema, async ({ QueueUrl }) => {
    await queues.turns.run(async () => queues.remove(await queues.queue(QueueUrl)));
    return {};
  });
}
