import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import { type Queue, queueAttributesSchema, queueSchema } from './queue.schema.ts';
import type { Queues } from './queues.ts';
import { sqsOperation } from './sqs-input.ts';

const inputSchema = z.strictObject({
  QueueName: queueSchema.shape.name,
  Attributes: queueAttributesSchema.prefault({}),
});

/** Creates a standard queue; one that is there with the same attributes is left as it is. */
export function createQueue(queues: Queues) {
  return sqsOperation('CreateQueue', inputSchema, async ({ QueueName, Attributes }, { endpoint }) =>
    queues.turns.run(async () => {
      const existing = await queues.find(QueueName);
      const differing = existing && differingAttribute(existing.attributes, Attributes);
      if (differing !== undefined)
        throw new AwsError(
          'QueueNameExists',
          `A queue already exists with the same name and a different value for attribute ${differing}`,
        );
      if (!existing) await queues.save({ name: QueueName, createdAt: queues.now(), attributes: Attributes });
      return { QueueUrl: queues.url(QueueName, endpoint) };
    }),
  );
}

function differingAttribute(one: Queue['attributes'], other: Queue['attributes']): string | undefined {
  const values = new Map<string, number>(Object.entries(other));
  return Object.entries(one).find(([name, value]) => values.get(name) !== value)?.[0];
}
