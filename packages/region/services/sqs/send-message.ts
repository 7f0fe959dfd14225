import * as z from 'zod';
import { assertContent } from './message-content.ts';
import { attributesDigest, bodyDigest } from './message-digest.ts';
import { messageAttributeSchema } from './queue.schema.ts';
import type { Queues } from './queues.ts';
import { sqsOperation } from './sqs-input.ts';

const inputSchema = z.strictObject({
  QueueUrl: z.string(),
  MessageBody: z.string().min(1),
  DelaySeconds: z.int().min(0).max(900).default(0),
  MessageAttributes: z.record(z.string(), messageAttributeSchema).default({}),
});

export function sendMessage(queues: Queues) {
  return sqsOperation('SendMessage', inputSchema, async (input, { caller, accountId }) => {
    const { QueueUrl, MessageBody, DelaySeconds, MessageAttributes } = input;
    assertContent(MessageBody, MessageAttributes);
    const message = await queues.send(await queues.queue(QueueUrl), {
      body: MessageBody,
      attributes: MessageAttributes,
      senderId: caller.roleArn ?? accountId,
      delaySeconds: DelaySeconds,
    });
    return {
      MessageId: message.messageId,
      MD5OfMessageBody: bodyDigest(MessageBody),
      MD5OfMessageAttributes: attributesDigest(MessageAttributes),
    };
  });
}
