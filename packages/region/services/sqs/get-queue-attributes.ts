import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import { checkedOperation } from '../../gateway/parse-input.ts';
import type { Queue } from './queue.schema.ts';
import type { Queues } from './queues.ts';

const inputSchema = z.strictObject({ QueueUrl: z.string(), AttributeNames: z.array(z.string()).default([]) });

export function getQueueAttributes(queues: Queues) {
  return checkedOperation('sqs:GetQueueAttributes', inputSchema, async ({ QueueUrl, AttributeNames }) => {
    const all = await attributesOf(queues, await queues.queue(QueueUrl));
    if (AttributeNames.includes('All')) return { Attributes: all };
    const chosen: Record<string, string> = {};
    for (const name of AttributeNames) {
      const value = all[name];
      if (value === undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
      chosen[name] = value;
    }
    return { Attributes: chosen };
  });
}

async function attributesOf(queues: Queues, queue: Queue): Promise<Record<string, string>> {
  const now = queues.now();
  const messages = await queues.messages(queue);
  const hidden = messages.filter(({ visibleAt }) => visibleAt > now);
  const inFlight = hidden.filter(({ receiveCount }) => receiveCount > 0);
  const counts = {
    ApproximateNumberOfMessages: messages.length - hidden.length,
    ApproximateNumberOfMessagesNotVisible: inFlight.length,
    ApproximateNumberOfMessagesDelayed: hidden.length - inFlight.length,
    CreatedTimestamp: Math.floor(queue.createdAt / 1000),
    ...queue.attributes,
  };
  const texts = Object.entries(counts).map(([name, value]) => [name, String(value)]);
  return { QueueArn: queues.arn(queue.name), ...Object.fromEntries(texts) };
}
