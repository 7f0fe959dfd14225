import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod';
import { ConflictError, InvariantError, TransientError } from '../errors.ts';
import type { DomainEvent } from '../events/domain-event.ts';
import { domainEventSchema } from '../events/domain-events.schema.ts';
import { deliveryMemorySeconds, epochSeconds } from './claims.ts';
import { type Key, keys } from './keys.ts';
import { recordedEventSchema } from './records.schema.ts';
import { admit } from './store-format.client.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];
/** One write of a transaction, without the table's name. */
export type Write =
  | { Put: Omit<NonNullable<TransactItem['Put']>, 'TableName'> }
  | { Update: Omit<NonNullable<TransactItem['Update']>, 'TableName'> }
  | { Delete: Omit<NonNullable<TransactItem['Delete']>, 'TableName'> }
  | { ConditionCheck: Omit<NonNullable<TransactItem['ConditionCheck']>, 'TableName'> };

/** A condition of ours did not hold: somebody else was first, or the facts have changed. */
export class RegistryConflictError extends ConflictError {
  override readonly name = 'RegistryConflictError';

  /** @param failed positions, in the transaction, of the writes whose condition failed; empty for a clash in time. */
  constructor(
    message: string,
    readonly failed: readonly number[],
  ) {
    super(message);
  }
}

/**
 * The registry table: typed reads, and writes that are conditional and all-or-nothing. The first call of a process looks whether the store
 * has the format of this code: every call throws `StoreFormatError` if it has another.
 */
export class RegistryTable {
  readonly #client: DynamoDBDocumentClient;

  constructor(
    readonly tableName: string,
    client = new DynamoDBClient({}),
  ) {
    this.#client = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  }

  /** The item, consistently read and checked, or `undefined`. */
  async get<T extends z.ZodType>(key: Key, schema: T): Promise<z.infer<T> | undefined> {
    await this.#admit('read');
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.tableName, Key: key, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : parseItem(Item, schema, key);
  }

  /** Every item under `pk` whose sort key begins so, in the sort key's order, page by page. */
  async *query<T extends z.ZodType>(pk: string, skPrefix: string, schema: T): AsyncGenerator<z.infer<T>> {
    await this.#admit('read');
    let start: Record<string, unknown> | undefined;
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.tableName,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
          ExpressionAttributeValues: { ':pk': pk, ':sk': skPrefix },
          ConsistentRead: true,
          ...(start && { ExclusiveStartKey: start }),
        }),
      );
      for (const item of page.Items ?? []) yield parseItem(item, schema, { pk, sk: skPrefix });
      start = page.LastEvaluatedKey;
    } while (start);
  }

  /**
   * All the writes or none.
   * @throws RegistryConflictError when a condition fails or another writer is in the way; the caller decides again.
   */
  async transact(writes: readonly Write[]): Promise<void> {
    await this.#admit('write');
    try {
      await this.#client.send(
        new TransactWriteCommand({ TransactItems: writes.map((write) => withTable(write, this.tableName)) }),
      );
    } catch (error) {
      throw translate(error);
    }
  }

  /**
   * The writes of a decision and the domain events it leads to, all or none, once. Every function that decides something ends
   * with this. When it is retried after it had committed, the events are found as recorded, nothing is written, and what was
   * recorded comes back: so a retry yields the same events, whatever it would decide now.
   * @throws RegistryConflictError when a condition of `writes` fails; the caller loads the facts and decides again.
   */
  async commit(writes: readonly Write[], events: readonly DomainEvent[]): Promise<readonly DomainEvent[]> {
    try {
      await this.transact([...writes, ...events.flatMap(eventWrites)]);
      return events;
    } catch (error) {
      if (!(error instanceof RegistryConflictError)) throw error;
      const recorded = await Promise.all(
        events.map(({ detail }) => this.recordedEvent(detail.model, detail.eventId)),
      );
      const known = recorded.filter((event) => event !== undefined);
      if (known.length === 0 || known.length < events.length) throw error;
      return known;
    }
  }

  /** The event as it was recorded, or `undefined`. Its id follows from type, model and cause: see `eventIdOf`. */
  async recordedEvent(model: string, eventId: string): Promise<DomainEvent | undefined> {
    const recorded = await this.get(keys.recorded(model, eventId), recordedEventSchema);
    if (!recorded) return undefined;
    return this.get(keys.event(model, recorded.eventTime, eventId), domainEventSchema);
  }

  /** One conditional put. @throws RegistryConflictError */
  async put(input: Omit<PutCommandInput, 'TableName' | 'ReturnValues'>): Promise<void> {
    await this.#admit('write');
    try {
      await this.#client.send(new PutCommand({ ...input, TableName: this.tableName }));
    } catch (error) {
      throw translate(error);
    }
  }

  /** One conditional update; returns the item as it is afterwards. @throws RegistryConflictError */
  async update<T extends z.ZodType>(
    input: Omit<UpdateCommandInput, 'TableName' | 'ReturnValues'>,
    schema: T,
  ): Promise<z.infer<T>> {
    await this.#admit('write');
    try {
      const { Attributes } = await this.#client.send(
        new UpdateCommand({ ...input, TableName: this.tableName, ReturnValues: 'ALL_NEW' }),
      );
      return parseItem(Attributes ?? {}, schema, { pk: String(input.Key?.pk), sk: String(input.Key?.sk) });
    } catch (error) {
      throw translate(error);
    }
  }

  #admit(access: 'read' | 'write'): Promise<void> {
    return admit(this.#client, this.tableName, access);
  }
}

/**
 * What records an event: the audit item, whose key orders by time, and a marker under the event's id alone. The marker's
 * condition makes the whole transaction happen once; the audit item's key would differ when a retry has a later clock.
 */
function eventWrites({ type, detail }: DomainEvent): Write[] {
  const { model, eventId, time } = detail;
  const marker = { eventTime: time, expiresAt: epochSeconds(new Date(time)) + deliveryMemorySeconds };
  return [
    { Put: { Item: { ...keys.event(model, time, eventId), type, detail } } },
    {
      Put: {
        Item: { ...keys.recorded(model, eventId), ...marker },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
  ];
}

function withTable(write: Write, TableName: string): TransactItem {
  if ('Put' in write) return { Put: { ...write.Put, TableName } };
  if ('Update' in write) return { Update: { ...write.Update, TableName } };
  if ('Delete' in write) return { Delete: { ...write.Delete, TableName } };
  return { ConditionCheck: { ...write.ConditionCheck, TableName } };
}

function parseItem<T extends z.ZodType>(item: unknown, schema: T, key: Key): z.infer<T> {
  const parsed = schema.safeParse(item);
  if (!parsed.success) {
    throw new InvariantError(
      `Registry item ${key.pk} / ${key.sk} is not what was written: ${parsed.error.message}`,
    );
  }
  return parsed.data;
}

/** Errors that mean "somebody else was first" or "try again", as ours; every other error stays what it is. */
function translate(error: unknown): unknown {
  if (error instanceof ConditionalCheckFailedException) {
    return new RegistryConflictError(
      'The registry item has changed, or is not in the state this needs.',
      [0],
    );
  }
  if (error instanceof TransactionCanceledException) {
    const codes = (error.CancellationReasons ?? []).map((reason) => reason.Code ?? 'None');
    const failed = codes.flatMap((code, index) => (code === 'ConditionalCheckFailed' ? [index] : []));
    if (failed.length > 0 || codes.includes('TransactionConflict')) {
      return new RegistryConflictError(`The registry has changed meanwhile (${codes.join(', ')}).`, failed);
    }
    if (codes.some((code) => code === 'ThrottlingError' || code === 'ProvisionedThroughputExceeded')) {
      return new TransientError(`The registry is throttled (${codes.join(', ')}). Try again in a moment.`);
    }
  }
  return error;
}
