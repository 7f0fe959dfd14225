import { type Permissions, textOf } from '../../gateway/permissions.ts';
import type { Place } from '../../iam/access-request.ts';

const queueArn = (name: string, { region, accountId }: Place): string =>
  `arn:aws:sqs:${region}:${accountId}:${name}`;

/** @param keyUse what the operation does with the customer's key that encrypts the queue */
const onQueue =
  (action: string, keyUse: readonly string[] = []): Permissions =>
  (input, place) => {
    const url = textOf(input, 'QueueUrl');
    return [{ action, resource: queueArn(url.slice(url.lastIndexOf('/') + 1), place), keyUse }];
  };

const onNamedQueue =
  (action: string): Permissions =>
  (input, place) => [{ action, resource: queueArn(textOf(input, 'QueueName'), place) }];

/** What sending does with the key of an encrypted queue, whoever sends. */
export const sendingKeyUse = ['kms:GenerateDataKey', 'kms:Decrypt'];

/** By the Service Authorization Reference of SQS. */
export const sqsPermissions = {
  CreateQueue: onNamedQueue('sqs:CreateQueue'),
  DeleteMessage: onQueue('sqs:DeleteMessage'),
  DeleteQueue: onQueue('sqs:DeleteQueue'),
  GetQueueAttributes: onQueue('sqs:GetQueueAttributes'),
  GetQueueUrl: onNamedQueue('sqs:GetQueueUrl'),
  ReceiveMessage: onQueue('sqs:ReceiveMessage', ['kms:Decrypt']),
  SendMessage: onQueue('sqs:SendMessage', sendingKeyUse),
} satisfies Record<string, Permissions>;
