import { randomUUID } from 'node:crypto';
import { AwsError } from '../../aws-error.ts';
import { Mutex } from '../../store/mutex.ts';
import type { Collection, RecordStore } from '../../store/record-store.ts';
import {
  type Message,
  type MessageAttribute,
  messageSchema,
  type Queue,
  queueSchema,
} from './queue.schema.ts';
import { invalidParameterValue } from './sqs-input.ts';

/** A body with its attributes: 1 MiB since January 2026. */
export const maxMessageBytes = 1024 * 1024;

export interface NewMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly senderId: string;
  readonly delaySeconds: number;
}

/** Queues and their messages, on disk. */
export class Queues {
  readonly turns = new Mutex();
  readonly now: () => number;
  readonly #accountId: string;
  readonly #region: string;
  readonly #records: RecordStore;
  readonly #queues: Collection<Queue>;
  readonly #messages: Collection<Message>;
  readonly #waiters = new Set<() => void>();
  #sentCount = 0;

  constructor(records: RecordStore, accountId: string, region: string, now: () => number) {
    this.now = now;
    this.#accountId = accountId;
    this.#region = region;
    this.#records = records;
    this.#queues = records.collection('queue', queueSchema);
    this.#messages = records.collection('message', messageSchema);
  }

  arn(name: string): string {
    return `arn:aws:sqs:${this.#region}:${this.#accountId}:${name}`;
  }

  url(name: string, endpoint: string): string {
    return `${endpoint}/${this.#accountId}/${name}`;
  }

  async find(name: string): Promise<Queue | undefined> {
    return await this.#queues.get(name);
  }

  /** The queue that a URL or an ARN ends in. */
  async queue(urlOrArn: string): Promise<Queue> {
    const name = urlOrArn.split(/[/:]/).at(-1) ?? '';
    const queue = await this.find(name);
    if (!queue) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return queue;
  }

  async save(queue: Queue): Promise<void> {
    await this.#records.write([this.#queues.put(queue.name, queue)]);
  }

  async remove(queue: Queue): Promise<void> {
    const messages = await this.messages(queue);
    await this.#records.write([
      this.#queues.del(queue.name),
      ...messages.map((message) => this.#messages.del(message.key)),
    ]);
  }

  /** Messages that are not yet too old, in the order of arrival. */
  async messages({ name, attributes }: Queue): Promise<Message[]> {
    const oldest = this.now() - attributes.MessageRetentionPeriod * 1000;
    const messages: Message[] = [];
    for await (const [, message] of this.#messages.entries({ prefix: `${name}\0` }))
      if (message.sentAt > oldest) messages.push(message);
    return messages;
  }

  /** Deletes messages that are older than their queues keep them. */
  async forgetOld(): Promise<void> {
    for await (const [name, queue] of this.#queues.entries()) {
      const kept = new Set((await this.messages(queue)).map(({ key }) => key));
      for await (const [key] of this.#messages.entries({ prefix: `${name}\0` }))
        if (!kept.has(key)) await this.#records.write([this.#messages.del(key)]);
    }
  }

  async send(queue: Queue, { body, attributes, senderId, delaySeconds }: NewMessage): Promise<Message> {
    assertSize(body, attributes);
    this.#sentCount += 1;
    const sentAt = this.now();
    const order = `${String(sentAt).padStart(15, '0')}-${String(this.#sentCount).padStart(9, '0')}`;
    const messageId = randomUUID();
    const message: Message = {
      key: `${queue.name}\0${order}-${messageId}`,
      queue: queue.name,
      messageId,
      body,
      attributes: { ...attributes },
      senderId,
      sentAt,
      visibleAt: sentAt + delaySeconds * 1000,
      receiveCount: 0,
    };
    await this.#records.write([this.#messages.put(message.key, message)]);
    for (const wake of this.#waiters) wake();
    return message;
  }

  /** Takes up to `max` visible messages and hides them for `visibilitySeconds`. */
  async receive(queue: Queue, max: number, visibilitySeconds: number): Promise<Message[]> {
    return await this.turns.run(async () => {
      const now = this.now();
      const visible = (await this.messages(queue)).filter(({ visibleAt }) => visibleAt <= now).slice(0, max);
      const received = visible.map((message) => ({
        ...message,
        receiveCount: message.receiveCount + 1,
        firstReceivedAt: message.firstReceivedAt ?? now,
        visibleAt: now + visibilitySeconds * 1000,
        // The key finds the message again; the rest makes the handle of this receive its own.
        receiptHandle: Buffer.from(`${randomUUID()}\0${message.key}`).toString('base64url'),
      }));
      await this.#records.write(received.map((message) => this.#messages.put(message.key, message)));
      return received;
    });
  }

  /** Deletes a message by the handle of its latest receive; an older handle does nothing, as in SQS. */
  async delete(queue: Queue, receiptHandle: string): Promise<void> {
    const [, name, ...rest] = Buffer.from(receiptHandle, 'base64url').toString('utf8').split('\0');
    if (name !== queue.name)
      throw new AwsError(
        'ReceiptHandleIsInvalid',
        `The input receipt handle "${receiptHandle}" is not valid.`,
      );
    const key = [name, ...rest].join('\0');
    await this.turns.run(async () => {
      const message = await this.#messages.get(key);
      if (message?.receiptHandle === receiptHandle) await this.#records.write([this.#messages.del(key)]);
    });
  }

  /** How many messages were sent since the start; for `arrival`. */
  get sentCount(): number {
    return this.#sentCount;
  }

  /** Resolves when any queue has had a message since `sentCount` was read, or when the signal is aborted. */
  async arrival(sentCount: number, signal: AbortSignal): Promise<void> {
    if (sentCount !== this.#sentCount || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        this.#waiters.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiters.add(wake);
      signal.addEventListener('abort', wake);
    });
  }
}

function assertSize(body: string, attributes: Readonly<Record<string, MessageAttribute>>): void {
  const attributeBytes = Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue = '', BinaryValue = '' }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue) + Buffer.byteLength(BinaryValue, 'base64'),
    0,
  );
  if (Buffer.byteLength(body) + attributeBytes > maxMessageBytes)
    throw invalidParameterValue(
      `One or more parameters are invalid. Reason: Message must be shorter than ${maxMessageBytes} bytes.`,
    );
}
