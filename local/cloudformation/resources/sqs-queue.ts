import { CreateQueueCommand, DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { customerKeyArn } from '../encryption-key.ts';
import { resourceType } from '../resource-type.ts';

const attributes = {
  VisibilityTimeout: z.int().optional(),
  MessageRetentionPeriod: z.int().optional(),
  ReceiveMessageWaitTimeSeconds: z.int().optional(),
};

export const sqsQueue = resourceType({
  type: 'AWS::SQS::Queue',
  properties: { QueueName: z.string().optional(), KmsMasterKeyId: z.string().optional(), ...attributes },
  ignored: {
    SqsManagedSseEnabled: 'how messages rest on a disk of the laptop changes no answer',
    Tags: 'nothing reads them',
  },
  async apply({ QueueName, KmsMasterKeyId, ...given }, context) {
    const { region, accountId, services, name } = context;
    const queueName = QueueName ?? name({ maximum: 80 });
    const Attributes = Object.fromEntries(
      Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
    );
    const { QueueUrl = '' } = await services.sqs.send(
      new CreateQueueCommand({ QueueName: queueName, Attributes }),
    );
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
