/**
 * The parts of dynalite 4.0.0 that the local DynamoDB is built on. Its package publishes no types and only an HTTP
 * server as its main export; its folders `db`, `actions` and `validations` are the engine behind that server.
 */
declare module 'dynalite/db/index.js' {
  import type { Level } from 'level';

  export type Callback<Output> = (error?: Error | null, output?: Output) => void;

  /** An attribute value as it travels: one type tag (`S`, `N`, `M`, …) and its content. */
  export type AttributeValue = Record<string, unknown>;
  export type Item = Record<string, AttributeValue>;

  export interface Table {
    TableName: string;
    TableStatus: string;
    KeySchema: { AttributeName: string; KeyType: string }[];
    [member: string]: unknown;
  }

  /** A namespace of the key-value store: the items of a table or of an index. */
  export interface SubDb {
    get(key: string, callback: Callback<Item>): void;
    put(key: string, item: Item, callback: Callback<void>): void;
    del(key: string, callback: Callback<void>): void;
    lock(key: string, execute: (release: <F>(callback: F) => F) => void): void;
  }

  export interface Store {
    options: { maxItemSize: number };
    db: Level<string, unknown>;
    tableDb: SubDb & { awsAccountId: string; awsRegion: string };
    getTable(name: string, checkStatus: boolean | Callback<Table>, callback?: Callback<Table>): void;
    getItemDb(tableName: string): SubDb;
    getIndexDb(indexType: string, tableName: string, indexName: string): SubDb;
  }

  const db: {
    create(options: {
      /** A directory; the store is in memory without it. */
      path?: string;
      createTableMs?: number;
      deleteTableMs?: number;
      updateTableMs?: number;
    }): Store;
    validateKey(key: Item, table: Table): Error | undefined;
    createKey(keyOrItem: Item, table: Table): string;
    checkConditional(
      input: Record<string, unknown>,
      existingItem: Item | undefined,
    ): Error | null | undefined;
    itemSize(item: Item): number;
    mapPaths(paths: unknown, item: Item): Item;
  };
  export default db;
}

declare module 'dynalite/actions/*' {
  import type { Callback, Store } from 'dynalite/db/index.js';

  const action: (store: Store, input: Record<string, unknown>, callback: Callback<unknown>) => void;
  export default action;
}

declare module 'dynalite/validations/index.js' {
  import type { Store } from 'dynalite/db/index.js';

  const validations: {
    /** Returns the members of `input` that `types` knows, in their types; throws on a wrong type. */
    checkTypes(input: unknown, types: Record<string, unknown>): Record<string, unknown>;
    /** Throws a `ValidationException`; leaves parsed expressions in members that start with `_`. */
    checkValidations(
      input: Record<string, unknown>,
      types: Record<string, unknown>,
      custom: ((input: Record<string, unknown>, store: Store) => string | undefined) | undefined,
      store: Store,
    ): void;
  };
  export default validations;
}

declare module 'dynalite/validations/*' {
  import type { Store } from 'dynalite/db/index.js';

  const operation: {
    types: Record<string, unknown>;
    custom?: (input: Record<string, unknown>, store: Store) => string | undefined;
  };
  export default operation;
}
