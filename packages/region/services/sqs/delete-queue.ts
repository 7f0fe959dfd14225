import * as z from 'zod';
import type { Queues } from './queues.ts';
import { sqsOperation } from './sqs-input.ts';

const inputSchema = z.strictObject({ QueueUrl: z.string() });

/** Deletes a queue with its messages. */
export function deleteQueue(queues: Queues) {
  return sqsOperation('DeleteQueue', inputSchema, async ({ QueueUrl }) => {
    await queues.turns.run(async () => queues.remove(await queues.queue(QueueUrl)));
    return {};
  });
}
