import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import { parseInput } from '../../gateway/parse-input.ts';
import type { Call } from '../../gateway/service.ts';
import { queueAttributesSchema, queueSchema } from './queue.schema.ts';
import type { Queues } from './queues.ts';

const inputSchema = z.strictObject({
  QueueName: queueSchema.shape.name,
  Attributes: queueAttributesSchema.prefault({}),
});

/** Creates a standard queue; one that is there with the same attributes is left as it is. */
export function createQueue(queues: Queues) {
  return async (input: unknown, { endpoint }: Call) => {
    const { QueueName, Attributes } = parseInput('sqs:CreateQueue', inputSchema, input);
    return await queues.turns.run(async () => {
      const existing = await queues.find(QueueName);
      if (existing && JSON.stringify(existing.attributes) !== JSON.stringify(Attributes))
        throw new AwsError(
          'QueueNameExists',
          'A queue already exists with the same name and a different value for an attribute',
        );
      if (!existing) await queues.save({ name: QueueName, createdAt: queues.now(), attributes: Attributes });
      return { QueueUrl: queues.url(QueueName, endpoint) };
    });
  };
}
