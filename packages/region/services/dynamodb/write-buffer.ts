import type { Item, Store, SubDb } from 'dynalite/db/index.js';
import type { StoreChange } from './engine.ts';

/**
 * A view of dynalite's store that reads through and keeps writes back, so that its unmodified operations can be used
 * to work out what a write would change. The caller applies `changes` in one batch, or drops them.
 * The caller holds the engine's turn, so locks are granted at once.
 */
export class WriteBuffer {
  readonly changes: StoreChange[] = [];
  readonly store: Store;
  #existingItem: Item | undefined;

  constructor(store: Store) {
    this.store = {
      ...store,
      getItemDb: (table) => this.#subDb(`item-${table}~`, store.getItemDb(table)),
      // dynalite's own layout of keys (`getIndexDb` in its db/index.js).
      getIndexDb: (type, table, index) =>
        this.#subDb(`index-${type.toLowerCase()}~${table}~${index}~`, store.getIndexDb(type, table, index)),
    };
  }

  /** The item that the operation found under its key. */
  get existingItem(): Item | undefined {
    return this.#existingItem;
  }

  #subDb(prefix: string, stored: SubDb): SubDb {
    return {
      lock: (_key, execute) => execute((callback) => callback),
      get: (key, callback) =>
        stored.get(key, (error, item) => {
          this.#existingItem = item;
          callback(error, item);
        }),
      put: (key, value, callback) => {
        this.changes.push({ type: 'put', key: prefix + key, value });
        callback();
      },
      del: (key, callback) => {
        this.changes.push({ type: 'del', key: prefix + key });
        callback();
      },
    };
  }
}
