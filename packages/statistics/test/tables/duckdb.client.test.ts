import { mkdtemp, readdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Database, UnreadableDataError, wholeNumber } from '../../tables/duckdb.client.ts';
import { rowGroupRows } from '../../tables/row-groups.ts';
import { literal } from '../../tables/sql.ts';

const outside = await mkdtemp(join(tmpdir(), 'outside '));
const secret = join(outside, 'secret.csv');
await writeFile(secret, 'a,b\n1,2\n');

const inDatabase = <T>(use: (database: Database) => Promise<T>, others?: readonly string[]) =>
  Database.with(512, use, others);
const count = z.object({ n: wholeNumber });
const rowsOf = (relation: string) => `SELECT count(*) AS n FROM ${relation}`;

/** Whatever a name or a value might make of our SQL, in words of DuckDB. */
const escapes: readonly (readonly [string, (directory: string) => string])[] = [
  ['a file by its path', () => rowsOf(literal(secret))],
  ['a file as text', () => rowsOf(`read_text(${literal(secret)})`)],
  ['a file by a way back', (directory) => rowsOf(`read_csv('${directory}/../../${secret}')`)],
  ['a file of the working directory', () => rowsOf(`read_text('package.json')`)],
  ['its own environment', () => rowsOf(`read_text('/proc/self/environ')`)],
  ['the names of files', () => rowsOf(`glob(${literal(`${outside}/*`)})`)],
  ['the network', () => rowsOf(`read_csv('http://127.0.0.1:9/a.csv')`)],
  ['another database', () => `ATTACH ${literal(join(outside, 'other.db'))}`],
  ['another directory, to write there', () => `COPY (SELECT 1) TO ${literal(join(outside, 'out.csv'))}`],
  ['another database, to copy this one', () => `EXPORT DATABASE ${literal(join(outside, 'export'))}`],
  ['an extension', () => 'LOAD httpfs'],
  ['an extension from the internet', () => 'INSTALL httpfs'],
  ['external access', () => 'SET enable_external_access = true'],
  ['more directories', () => "SET allowed_directories = ['/']"],
  ['more paths', () => `SET allowed_paths = [${literal(secret)}]`],
  ['the lock of its settings', () => 'SET lock_configuration = false'],
  ['the lock of its settings, by default', () => 'RESET lock_configuration'],
  ['more memory', () => "SET memory_limit = '100GB'"],
];

describe('a database', () => {
  it.each(escapes)('does not reach %s', async (_, statement) => {
    await inDatabase(async (database) => {
      await expect(database.run(statement(database.directory))).rejects.toThrow(
        /(Permission|Invalid Input|Catalog) Error/,
      );
    });
    expect(await readdir(outside)).toEqual(['secret.csv']);
  });

  it('does not follow a link out of its scratch directory', () =>
    inDatabase(async (database) => {
      await symlink(secret, database.path('link.csv'));

      await expect(database.run(rowsOf(`read_csv(${literal(database.path('link.csv'))})`))).rejects.toThrow(
        'Permission Error',
      );
    }));

  it('reads and writes files of its scratch directory, and spills there', () =>
    inDatabase(async (database) => {
      const path = database.path("it's.parquet");
      await database.writeParquet('SELECT range AS i FROM range(1_000_000)', path);
      // Twice the memory limit.
      await database.run(
        `CREATE TABLE wide AS SELECT i, repeat('x', 400) || i AS text FROM read_parquet(${literal(path)})`,
      );

      expect(await database.row(rowsOf('wide'), count)).toEqual({ n: 1_000_000 });
      expect(await database.row(rowsOf('duckdb_temporary_files()'), count)).not.toEqual({ n: 0 });
    }));

  it('reads files of other directories that its user names', () =>
    inDatabase(
      async (database) => {
        expect(await database.row(rowsOf(literal(secret)), count)).toEqual({ n: 1 });
      },
      [outside],
    ));

  it('calls a path that is not allowed a fault of ours, not of the data', () =>
    inDatabase(async (database) => {
      await expect(database.run(rowsOf(literal(secret)))).rejects.not.toBeInstanceOf(UnreadableDataError);
    }));
});

it('writes 2,000 columns of few different texts within the memory of the functions that do', async () => {
  await Database.with(1769, async (database) => {
    const [cells, path] = [database.path('cells.csv'), database.path('cells.parquet')];
    const columns = Array.from({ length: 2000 }, (_, index) => `c${index}`);
    const line = (row: number) => columns.map((_, index) => `text ${(row * 7 + index) % 30}`).join(',');
    await writeFile(cells, `${Array.from({ length: 300 }, (_, row) => line(row)).join('\n')}\n`);
    const types = columns.map((name) => `${name}: 'VARCHAR'`).join(', ');
    const sql = `SELECT * FROM read_csv(${literal(cells)}, auto_detect = false, columns = {${types}})`;

    await database.writeParquet(sql, path, rowGroupRows(columns.length), 'lz4_raw');

    expect(await database.row(rowsOf(`read_parquet(${literal(path)})`), count)).toEqual({ n: 300 });
  });
});
