import { Level } from 'level';
import type * as z from 'zod';
import { CorruptStateError } from './corrupt-state-error.ts';
import { openLevel } from './open-level.ts';

/**
 * Of each store in memory: LevelDB would keep 8 MiB of what was read, and twice 4 MiB of what was written last, for each of the region's seven. Records
 * are small and few, and the file system caches what is read.
 */
const buffers = { cacheSize: 1024 ** 2, writeBufferSize: 1024 ** 2 };

/** One record written or deleted. Made by a collection, applied by its store. */
export type RecordChange =
  | { readonly type: 'put'; readonly key: string; readonly value: unknown }
  | { readonly type: 'del'; readonly key: string };

export interface RecordRange {
  /** Only keys that start with this. */
  readonly prefix?: string;
  /** Only keys behind this one. */
  readonly after?: string;
}

/**
 * JSON records in a LevelDB directory, sorted by the UTF-8 bytes of their keys. A write of several changes is atomic
 * and outlives a crash of the process; a power failure can take the last ones.
 */
export class RecordStore {
  readonly #level: Level<string, unknown>;

  private constructor(level: Level<string, unknown>) {
    this.#level = level;
  }

  /** @throws CorruptStateError, StoreInUseError */
  static async open(directory: string): Promise<RecordStore> {
    const level = new Level<string, unknown>(directory, { valueEncoding: 'json', ...buffers });
    await openLevel(level, directory);
    return new RecordStore(level);
  }

  /** The records of one kind. `name` is of small letters and hyphens, and one that no other collection of this store has. */
  collection<Value>(name: string, schema: z.ZodType<Value>): Collection<Value> {
    if (!/^[a-z-]+$/.test(name))
      throw new Error(`'${name}' cannot name a collection: it is not made of words.`);
    return new Collection(this.#level, `${name}!`, schema);
  }

  /** Applies all changes or none. */
  async write(changes: readonly RecordChange[]): Promise<void> {
    if (changes.length > 0) await this.#level.batch([...changes]);
  }

  async close(): Promise<void> {
    await this.#level.close();
  }
}

export class Collection<Value> {
  readonly #level: Level<string, unknown>;
  readonly #prefix: string;
  readonly #schema: z.ZodType<Value>;

  constructor(level: Level<string, unknown>, prefix: string, schema: z.ZodType<Value>) {
    this.#level = level;
    this.#prefix = prefix;
    this.#schema = schema;
  }

  async get(key: string): Promise<Value | undefined> {
    const record = await this.#level.get(this.#prefix + key);
    return record === undefined ? undefined : this.#parsed(key, record);
  }

  put(key: string, value: Value): RecordChange {
    return { type: 'put', key: this.#prefix + key, value };
  }

  del(key: string): RecordChange {
    return { type: 'del', key: this.#prefix + key };
  }

  /** Records in key order, as they were when the iteration began. */
  async *entries({ prefix = '', after }: RecordRange = {}): AsyncGenerator<[key: string, value: Value]> {
    const start = this.#prefix + prefix;
    const behind = after !== undefined && this.#prefix + after;
    const range = behind !== false && Buffer.compare(Buffer.from(behind), Buffer.from(start)) >= 0;
    for await (const [key, record] of this.#level.iterator(range ? { gt: behind } : { gte: start })) {
      if (!key.startsWith(start)) return;
      const name = key.slice(this.#prefix.length);
      yield [name, this.#parsed(name, record)];
    }
  }

  #parsed(key: string, record: unknown): Value {
    const parsed = this.#schema.safeParse(record);
    if (parsed.success) return parsed.data;
    throw new CorruptStateError(`${this.#level.location}, record ${this.#prefix}${key},`, parsed.error);
  }
}
