import { Mutex } from '../../store/mutex.ts';
import type { Collection, RecordStore } from '../../store/record-store.ts';

/**
 * Records of one kind by name. SageMaker's ARNs are lower-case, so names that differ in case only are one name; the
 * record keeps its own spelling. Changes of a table follow one another.
 */
export class RecordTable<T> {
  readonly #store: RecordStore;
  readonly #collection: Collection<T>;
  readonly #writes = new Mutex();

  constructor(store: RecordStore, collection: Collection<T>) {
    this.#store = store;
    this.#collection = collection;
  }

  get(name: string): Promise<T | undefined> {
    return this.#collection.get(name.toLowerCase());
  }

  /** All records, by name. */
  async all(): Promise<T[]> {
    const records: T[] = [];
    for await (const [, record] of this.#collection.entries()) records.push(record);
    return records;
  }

  /** Adds a record; `false` when there is one of that name. */
  add(name: string, record: T): Promise<boolean> {
    return this.#writes.run(async () => {
      if (await this.get(name)) return false;
      await this.#put(name, record);
      return true;
    });
  }

  /** Replaces a record by what `change` makes of it; `undefined` when there is none. */
  update(name: string, change: (record: T) => T): Promise<T | undefined> {
    return this.#writes.run(async () => {
      const record = await this.get(name);
      if (!record) return undefined;
      const changed = change(record);
      await this.#put(name, changed);
      return changed;
    });
  }

  /** Removes a record; `false` when there is none. */
  remove(name: string): Promise<boolean> {
    return this.#writes.run(async () => {
      if (!(await this.get(name))) return false;
      await this.#store.write([this.#collection.del(name.toLowerCase())]);
      return true;
    });
  }

  #put(name: string, record: T): Promise<void> {
    return this.#store.write([this.#collection.put(name.toLowerCase(), record)]);
  }
}
