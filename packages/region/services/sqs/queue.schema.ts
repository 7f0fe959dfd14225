import * as z from 'zod';

/** What a queue can be told, in seconds, with SQS's bounds and defaults. */
export const queueAttributesSchema = z.strictObject({
  VisibilityTimeout: z.coerce.number().int().min(0).max(43_200).default(30),
  MessageRetentionPeriod: z.coerce.number().int().min(60).max(1_209_600).default(345_600),
  ReceiveMessageWaitTimeSeconds: z.coerce.number().int().min(0).max(20).default(0),
});

export const queueSchema = z.strictObject({
  name: z.string().regex(/^[\w-]{1,80}$/),
  /** Milliseconds since 1970. */
  createdAt: z.number(),
  attributes: queueAttributesSchema,
});
export type Queue = z.infer<typeof queueSchema>;

export const messageAttributeSchema = z.strictObject({
  DataType: z.string(),
  StringValue: z.string().optional(),
  /** Base64. */
  BinaryValue: z.string().optional(),
});
export type MessageAttribute = z.infer<typeof messageAttributeSchema>;

export const messageSchema = z.strictObject({
  /** Sorts by arrival. */
  key: z.string(),
  queue: z.string(),
  messageId: z.string(),
  body: z.string(),
  attributes: z.record(z.string(), messageAttributeSchema),
  /** The account or role that sent it. */
  senderId: z.string(),
  /** Milliseconds since 1970, as all times here. */
  sentAt: z.number(),
  /** Before this, nobody receives it. */
  visibleAt: z.number(),
  firstReceivedAt: z.number().optional(),
  receiveCount: z.int(),
  /** Of the latest receive; deletes the message. */
  receiptHandle: z.string().optional(),
});
export type Message = z.infer<typeof messageSchema>;
