import * as z from 'zod';
import { policyDocumentSchema } from '../../iam/role-store.ts';
import { resourceType } from '../resource-type.ts';

export const sqsQueuePolicy = resourceType({
  type: 'AWS::SQS::QueuePolicy',
  properties: { Queues: z.array(z.string()), PolicyDocument: policyDocumentSchema },
  async apply({ Queues, PolicyDocument }, { region, accountId, services, name }) {
    for (const url of Queues) {
      const queueName = url.slice(url.lastIndexOf('/') + 1);
      services.roles.putResourcePolicy(`arn:aws:sqs:${region}:${accountId}:${queueName}`, PolicyDocument);
    }
    return { ref: name({ maximum: 128 }), attributes: {} };
  },
});
