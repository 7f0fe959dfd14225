import * as z from 'zod';
import type { Queue } from './queue.schema.ts';
import { maxMessageBytes, type Queues } from './queues.ts';
import { sqsOperation, unknownAttribute } from './sqs-input.ts';

const inputSchema = z.strictObject({ QueueUrl: z.string(), AttributeNames: z.array(z.string()).default([]) });

export function getQueueAttributes(queues: Queues) {
  return sqsOperation('GetQueueAttributes', inputSchema, async ({ QueueUrl, AttributeNames }) => {
    const all = await attributesOf(queues, await queues.queue(QueueUrl));
    if (AttributeNames.includes('All')) return { Attributes: all };
    const chosen: Record<string, string> = {};
    for (const name of AttributeNames) {
      const value = all[name];
      if (value === undefined) throw unknownAttribute(name);
      chosen[name] = value;
    }
    return Object.keys(chosen).length === 0 ? {} : { Attributes: chosen };
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
    // Queues are not changed once they are there.
    LastModifiedTimestamp: Math.floor(queue.createdAt / 1000),
    DelaySeconds: 0,
    MaximumMessageSize: maxMessageBytes,
    SqsManagedSseEnabled: true,
    ...queue.attributes,
  };
  const texts = Object.entries(counts).map(([name, value]) => [name, String(value)]);
  return { QueueArn: queues.arn(queue.name), ...Object.fromEntries(texts) };
}
