import { realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import {
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBValue,
} from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import * as z from 'zod';
import { InvalidInputError, InvariantError } from '../errors.ts';
import { dictionaryBytes, mostRowGroupRows } from './row-groups.ts';
import { withScratchDirectory } from './scratch.client.ts';
import { literal } from './sql.ts';

/** The data cannot be read as it was asked for; the message is DuckDB's. */
export class UnreadableDataError extends InvalidInputError {
  override readonly name = 'UnreadableDataError';
}

/** A count or an integer: DuckDB gives 64-bit integers as text. */
export const wholeNumber = z.union([z.number(), z.string()]).transform(Number).pipe(z.int());

/** 1,769 MB of a function's memory are one virtual CPU. */
const megabytesPerCpu = 1769;

/**
 * Half of a function's memory. The other half is for Node.js (about 150 MB) and for what DuckDB keeps outside its buffers: CSV
 * buffers, Parquet row groups under compression and strings in flight took up to 250 MB more than the limit in our measurements.
 */
const bufferShare = 0.5;

/**
 * One in-process database with its scratch directory. Beyond its memory limit it spills to that directory. It opens no file elsewhere, no
 * network and no extension, and no statement can change that: whatever a name or a cell of somebody's data might make of our SQL.
 */
export class Database {
  readonly #connection: DuckDBConnection;

  private constructor(
    connection: DuckDBConnection,
    /** Files put here are deleted with the database. */
    readonly directory: string,
  ) {
    this.#connection = connection;
  }

  /**
   * Lends a database to `use`, then removes every trace of it.
   * @param memoryMegabytes memory of the function that asks
   * @param otherDirectories that it may read and write besides its scratch directory
   */
  static async with<T>(
    memoryMegabytes: number,
    use: (database: Database) => Promise<T>,
    otherDirectories: readonly string[] = [],
  ): Promise<T> {
    return withScratchDirectory(async (directory) => {
      const instance = await DuckDBInstance.create(':memory:', settings(memoryMegabytes, directory));
      const connection = await instance.connect();
      try {
        // Times without an offset are UTC, whatever the machine's own zone.
        await connection.run("SET TimeZone = 'UTC'");
        await lock(connection, [directory, ...otherDirectories]);
        return await use(new Database(connection, directory));
      } finally {
        connection.closeSync();
        instance.closeSync();
      }
    });
  }

  /** Path of a scratch file. */
  path(name: string): string {
    return join(this.directory, name);
  }

  /** @throws UnreadableDataError */
  async run(sql: string): Promise<void> {
    await this.#translated(() => this.#connection.run(sql));
  }

  /** Every row, checked. @throws UnreadableDataError */
  async rows<T extends z.ZodType>(sql: string, schema: T): Promise<z.infer<T>[]> {
    const reader = await this.#translated(() => this.#connection.runAndReadAll(sql));
    return z.array(schema).parse(reader.getRowObjectsJson());
  }

  /** The one row that the query gives. @throws UnreadableDataError */
  async row<T extends z.ZodType>(sql: string, schema: T): Promise<z.infer<T>> {
    const [row, ...others] = await this.rows(sql, schema);
    if (row === undefined || others.length > 0) throw new InvariantError(`Not one row: ${sql}`);
    return row;
  }

  /**
   * The query's result as it is computed, in its order: columns of some 2,000 rows each, so that memory does not grow with it.
   * Doubles are numbers, 64-bit integers are bigints. @throws UnreadableDataError
   */
  async *columns(sql: string): AsyncGenerator<DuckDBValue[][]> {
    const result = await this.#translated(() => this.#connection.stream(sql));
    for (;;) {
      const chunk = await this.#translated(() => result.fetchChunk());
      if (!chunk || chunk.rowCount === 0) return;
      yield chunk.getColumns();
    }
  }

  /**
   * As `columns`, but without a JavaScript value per cell, which takes ten times as long as most of what is done with it.
   * @param sql gives columns of DOUBLE and VARCHAR without NULL only
   * @throws UnreadableDataError
   */
  async *vectors(sql: string): AsyncGenerator<Vectors> {
    const result = await this.#translated(() => this.#connection.stream(sql));
    const fetch = () => this.#translated(() => result.fetchChunk());
    let next = fetch();
    try {
      for (;;) {
        const chunk = await next;
        if (!chunk || chunk.rowCount === 0) return;
        // DuckDB computes the next rows while these are looked at.
        next = fetch();
        yield new Vectors(chunk);
      }
    } finally {
      // Errors of rows that no caller awaits do not matter, but the connection is theirs until they are there.
      await next.catch(() => undefined);
    }
  }

  /**
   * Writes what the query gives as Parquet, rows in the query's order.
   * @param rowGroupRows rows that are held in memory until they are compressed; see `rowGroupRows`
   * @param compression `lz4_raw` for what is read again soon and then deleted
   */
  async writeParquet(
    sql: string,
    path: string,
    rowGroupRows = mostRowGroupRows,
    compression: 'zstd' | 'lz4_raw' = 'zstd',
  ): Promise<void> {
    const dictionary = `STRING_DICTIONARY_PAGE_SIZE_LIMIT ${dictionaryBytes(rowGroupRows)}`;
    const options = `FORMAT parquet, COMPRESSION ${compression}, ROW_GROUP_SIZE ${rowGroupRows}, ${dictionary}`;
    await this.run(`COPY (${sql}) TO ${literal(path)} (${options})`);
  }

  async #translated<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof Error && isAboutData(error.message)) {
        throw new UnreadableDataError(error.message, { cause: error });
      }
      throw error;
    }
  }
}

/** Some 2,000 rows of a result, column by column, as DuckDB's C interface describes them. What it gives is good as long as it is held. */
export class Vectors {
  readonly #chunk: DuckDBDataChunk;
  readonly rows: number;

  constructor(chunk: DuckDBDataChunk) {
    this.#chunk = chunk;
    this.rows = chunk.rowCount;
  }

  /** The values of a DOUBLE column. */
  doubles(column: number): Float64Array {
    const { buffer, byteOffset } = this.#data(column, this.rows * Float64Array.BYTES_PER_ELEMENT);
    return new Float64Array(buffer, byteOffset, this.rows);
  }

  /** Calls `visit` for each text of a VARCHAR column with the bytes in which it stands, from `start` to before `end`. */
  eachText(column: number, visit: (bytes: Uint8Array, start: number, end: number) => void): void {
    // A `duckdb_string_t`: its length, then the text itself if it has at most 12 bytes, else 4 bytes of it and a pointer.
    const [size, textAt, pointerAt, longestInPlace] = [16, 4, 8, 12];
    const pointer = new Uint8Array(8);
    const strings = this.#data(column, this.rows * size);
    const view = new DataView(strings.buffer, strings.byteOffset, strings.byteLength);
    for (let at = 0; at < strings.length; at += size) {
      const length = view.getUint32(at, true);
      if (length <= longestInPlace) visit(strings, at + textAt, at + textAt + length);
      else {
        for (let byte = 0; byte < pointer.length; byte += 1)
          pointer[byte] = strings[at + pointerAt + byte] ?? 0;
        visit(duckdb.get_data_from_pointer(pointer.buffer, 0, length), 0, length);
      }
    }
  }

  #data(column: number, bytes: number): Uint8Array {
    const vector = duckdb.data_chunk_get_vector(this.#chunk.chunk, column);
    return duckdb.vector_get_data(vector, bytes);
  }
}

function settings(memoryMegabytes: number, directory: string): Record<string, string> {
  const cpus = Math.max(1, Math.round(memoryMegabytes / megabytesPerCpu));
  return {
    memory_limit: `${Math.floor(memoryMegabytes * bufferShare)}MB`,
    threads: String(Math.min(cpus, availableParallelism())),
    temp_directory: join(directory, 'spill'),
    // It makes a hash join of every `IN` with more than a few values: 12 MB and some 10 ms of planning for each column that has one.
    disabled_optimizers: 'in_clause',
    // A function must work without the internet, and never run what it downloads.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  };
}

/**
 * DuckDB Documentation, *Securing DuckDB*: without external access only files below allowed directories can be opened, and a configuration
 * that is locked cannot be changed back.
 */
async function lock(connection: DuckDBConnection, directories: readonly string[]): Promise<void> {
  // It follows links before it compares, and the temporary directory is one on macOS.
  const allowed = directories.map((directory) => literal(realpathSync(directory)));
  await connection.run(`SET allowed_directories = [${allowed.join(', ')}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
}

/** Lack of memory or disk is our trouble, not the data's, and so is a query that is wrong. */
function isAboutData(message: string): boolean {
  return /^(Invalid Input|Conversion|Invalid|Serialization|Out of Range|Invalid Type|Not implemented) Error/i.test(
    message,
  );
}
