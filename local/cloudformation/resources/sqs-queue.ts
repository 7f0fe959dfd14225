import { CreateQueueCommand, DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { resourceType } from '../resource-type.ts';

const attributes = {
  VisibilityTimeout: z.int().optional(),
  MessageRetentionPeriod: z.int().optional(),
  ReceiveMessageWaitTimeSeconds: z.int().optional(),
};

export const sqsQueue = resourceType({
  type: 'AWS::SQS::Queue',
  properties: { QueueName: z.string().optional(), ...attributes },
  ignored: {
    KmsMasterKeyId: 'nothing on a laptop is encrypted by it',
    SqsManagedSseEnabled: 'how messages rest on a disk of the laptop changes no answer',
    Tags: 'nothing reads them',
  },
  async apply({ QueueName, ...given }, { region, accountId, services, name }) {
    const queueName = QueueName ?? name({ maximum: 80 });
    const Attributes = Object.fromEntries(
      Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
    );
    const { QueueUrl = '' } = await services.sqs.send(
      new CreateQueueCommand({ QueueName: queueName, Attributes }),
    );
    return {
      ref: QueueUrl,
      attributes: {
        Arn: `arn:aws:sqs:${region}:${accountId}:${queueName}`,
        QueueName: queueName,
        QueueUrl,
      },
    };
  },
  remove: async (QueueUrl, { sqs }) => void (await sqs.send(new DeleteQueueCommand({ QueueUrl }))),
});
