import db, { type Callback, type Item, type Store, type Table } from 'dynalite/db/index.js';
import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import { Mutex } from '../../store/mutex.ts';
import { openLevel } from '../../store/open-level.ts';
import { itemSchema } from './item.schema.ts';

/** A change to dynalite's key-value store; several are applied atomically. */
export type StoreChange =
  | { readonly type: 'put'; readonly key: string; readonly value: unknown }
  | { readonly type: 'del'; readonly key: string };

/** An operation of dynalite: reads and writes a store, answers by callback. */
export type Action = (store: Store, input: Record<string, unknown>, callback: Callback<unknown>) => void;

export interface EngineOptions {
  /** Where tables are kept; in memory without it. */
  readonly directory?: string;
  readonly accountId: string;
  readonly region: string;
}

const dynaliteErrorSchema = z.object({
  statusCode: z.number(),
  body: z.object({
    __type: z.string(),
    message: z.string().optional(),
    Message: z.string().optional(),
  }),
});

/**
 * dynalite's store with two properties added: operations run one at a time, which is what isolates transactions from
 * every other read and write, and all changes of an operation, indexes included, reach the disk in one atomic batch.
 */
export class Engine {
  readonly store: Store;
  readonly #turns = new Mutex();

  private constructor(store: Store) {
    this.store = store;
  }

  static async open({ directory, accountId, region }: EngineOptions): Promise<Engine> {
    // No artificial delays: a table is usable as soon as it is written.
    const store = db.create({
      ...(directory !== undefined && { path: directory }),
      createTableMs: 0,
      deleteTableMs: 0,
      updateTableMs: 0,
    });
    store.tableDb.awsAccountId = accountId;
    store.tableDb.awsRegion = region;
    if (directory === undefined) await store.db.open();
    else await openLevel(store.db, directory);
    return new Engine(store);
  }

  /** Runs `work` while no other operation runs. */
  exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#turns.run(work);
  }

  /** Runs one of dynalite's operations against `store`: the engine's own, or a view of it. */
  perform(action: Action, input: Record<string, unknown>, store: Store = this.store): Promise<unknown> {
    return answerOf((callback) => action(store, input, callback));
  }

  /** The table's description. `ResourceNotFoundException` unless it is there and active. */
  async table(name: string): Promise<Table> {
    const table = await answerOf<Table>((callback) => this.store.getTable(name, true, callback));
    if (table === undefined) throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
    return table;
  }

  /** As `table`, with the words of operations that are about the table itself. */
  async namedTable(name: string): Promise<Table> {
    if (await this.hasTable(name)) return await this.table(name);
    throw new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
  }

  async hasTable(name: string): Promise<boolean> {
    try {
      await this.table(name);
      return true;
    } catch (error) {
      if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return false;
      throw error;
    }
  }

  item(table: Table, key: string): Promise<Item | undefined> {
    return answerOf((callback) => this.store.getItemDb(table.TableName).get(key, callback));
  }

  record(key: string): Promise<unknown> {
    return this.store.db.get(key);
  }

  /** Keys and values whose key starts with `prefix`, in key order. */
  records(prefix: string): AsyncIterable<[string, unknown]> {
    return this.store.db.iterator({ gte: prefix, lt: `${prefix}\uffff` });
  }

  /** The items of a table, in the order of a scan. */
  async *items(tableName: string): AsyncIterable<Item> {
    for await (const [, item] of this.records(`item-${tableName}~`)) yield itemSchema.parse(item);
  }

  async apply(changes: readonly StoreChange[]): Promise<void> {
    if (changes.length > 0) await this.store.db.batch([...changes]);
  }

  async close(): Promise<void> {
    await this.#turns.idle();
    await this.store.db.close();
  }
}

function answerOf<Output>(run: (callback: Callback<Output>) => void): Promise<Output | undefined> {
  return new Promise((resolve, reject) => {
    run((error, output) => (error ? reject(awsErrorOf(error)) : resolve(output)));
  });
}

/** dynalite's error as an `AwsError`; anything that is not an error of the API stays what it is. */
export function awsErrorOf(error: unknown): unknown {
  const parsed = dynaliteErrorSchema.safeParse(error);
  if (!parsed.success) return error;
  const { statusCode, body } = parsed.data;
  const code = body.__type.split('#').at(-1) ?? body.__type;
  return new AwsError(code, body.message ?? body.Message ?? code, statusCode);
}
