import { CreateQueueCommand, DeleteQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { customerKeyArn } from '../encryption-key.ts';
import { ifThere } from '../gone.ts';
import { resourceType } from '../resource-type.ts';

const attributes = {
  VisibilityTimeout: z.int().optional(),
  MessageRetentionPeriod: z.int().optional(),
  ReceiveMessageWaitTimeSeconds: z.int().optional(),
};

const nameLimits = { maximum: 80 };

export const sqsQueue = resourceType({
  type: 'AWS::SQS::Queue',
  properties: { QueueName: z.string().optional(), KmsMasterKeyId: z.string().optional(), ...attributes },
  ignored: {
    SqsManagedSseEnabled: 'how messages rest on a disk of the laptop changes no answer',
    Tags: 'nothing reads them',
  },
  kept: {
    async put({ QueueName, KmsMasterKeyId: _, ...given }, { services, name }) {
      const Attributes = Object.fromEntries(
        Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
      );
      await services.sqs.send(
        new CreateQueueCommand({ QueueName: QueueName ?? name(nameLimits), Attributes }),
      );
    },
    async read(QueueUrl, { sqs }) {
      const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
      const all = (await ifThere(sqs.send(asked)))?.Attributes;
      return all && Object.keys(attributes).map((name) => Object.entries(all).find(([key]) => key === name));
    },
  },
  async apply({ QueueName, KmsMasterKeyId }, context) {
    const { region, accountId, services, name } = context;
    const queueName = QueueName ?? name(nameLimits);
    const QueueUrl = `${services.endpoint}/${accountId}/${queueName}`;
    const arn = `arn:aws:sqs:${region}:${accountId}:${queueName}`;
    const key = customerKeyArn(KmsMasterKeyId, context);
    if (key !== undefined) services.roles.putKeyOf(arn, key);
    return {
      ref: QueueUrl,
      attributes: {
        Arn: arn,
        QueueName: queueName,
        QueueUrl,
      },
    };
  },
  remove: async (QueueUrl, { sqs }) => void (await sqs.send(new DeleteQueueCommand({ QueueUrl }))),
});
