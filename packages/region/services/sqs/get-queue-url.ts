import * as z from 'zod';
import { parseInput } from '../../gateway/parse-input.ts';
import type { Call } from '../../gateway/service.ts';
import type { Queues } from './queues.ts';

const inputSchema = z.strictObject({ QueueName: z.string() });

export function getQueueUrl(queues: Queues) {
  return async (input: unknown, { endpoint }: Call) => {
    const { QueueName } = parseInput('sqs:GetQueueUrl', inputSchema, input);
    return { QueueUrl: queues.url((await queues.queue(QueueName)).name, endpoint) };
  };
}
