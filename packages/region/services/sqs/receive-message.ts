import * as z from 'zod';
import { attributesDigest, bodyDigest } from './message-digest.ts';
import type { Message, Queue } from './queue.schema.ts';
import type { Queues } from './queues.ts';
import { sqsOperation } from './sqs-input.ts';

const inputSchema = z.strictObject({
  QueueUrl: z.string(),
  MaxNumberOfMessages: z.int().min(1).max(10).default(1),
  VisibilityTimeout: z.int().min(0).max(43_200).optional(),
  WaitTimeSeconds: z.int().min(0).max(20).optional(),
  /** System attributes to return, or `All`; the older name of the two is still in use. */
  MessageSystemAttributeNames: z.array(z.string()).default([]),
  AttributeNames: z.array(z.string()).default([]),
  /** Names, `All`, or beginnings that end in `.*`. */
  MessageAttributeNames: z.array(z.string()).default([]),
});
type Input = z.infer<typeof inputSchema>;

/** Receives messages that are visible, and waits for one if asked to. */
export function receiveMessage(queues: Queues, stop: AbortSignal) {
  return sqsOperation('ReceiveMessage', inputSchema, async (input) => {
    const queue = await queues.queue(input.QueueUrl);
    const messages = await receivedWithin(queues, queue, input, stop);
    return messages.length === 0 ? {} : { Messages: messages.map((message) => shown(message, input)) };
  });
}

/** How often a long poll looks for messages that have become visible again. */
const lookAgainMilliseconds = 1000;

async function receivedWithin(
  queues: Queues,
  queue: Queue,
  input: Input,
  stop: AbortSignal,
): Promise<Message[]> {
  const { MaxNumberOfMessages: max, VisibilityTimeout = queue.attributes.VisibilityTimeout } = input;
  const waitSeconds = input.WaitTimeSeconds ?? queue.attributes.ReceiveMessageWaitTimeSeconds;
  const deadline = AbortSignal.any([stop, AbortSignal.timeout(waitSeconds * 1000)]);
  for (;;) {
    const { sentCount } = queues;
    const messages = await queues.receive(queue, max, VisibilityTimeout);
    if (messages.length > 0 || waitSeconds === 0 || deadline.aborted) return messages;
    await queues.arrival(sentCount, AbortSignal.any([deadline, AbortSignal.timeout(lookAgainMilliseconds)]));
  }
}

function shown(message: Message, input: Input) {
  const attributes = chosen(message.attributes, input.MessageAttributeNames);
  const system = chosen(systemAttributes(message), [
    ...input.MessageSystemAttributeNames,
    ...input.AttributeNames,
  ]);
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: bodyDigest(message.body),
    ...(Object.keys(attributes).length > 0 && {
      MessageAttributes: attributes,
      MD5OfMessageAttributes: attributesDigest(attributes),
    }),
    ...(Object.keys(system).length > 0 && { Attributes: system }),
  };
}

function systemAttributes({
  senderId,
  sentAt,
  firstReceivedAt,
  receiveCount,
}: Message): Record<string, string> {
  return {
    SenderId: senderId,
    SentTimestamp: String(sentAt),
    ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
    ApproximateReceiveCount: String(receiveCount),
  };
}

function chosen<Value>(
  all: Readonly<Record<string, Value>>,
  names: readonly string[],
): Record<string, Value> {
  const isChosen = (name: string) =>
    names.some(
      (wanted) =>
        wanted === 'All' ||
        wanted === name ||
        (wanted.endsWith('.*') && name.startsWith(wanted.slice(0, -2))),
    );
  return Object.fromEntries(Object.entries(all).filter(([name]) => isChosen(name)));
}
