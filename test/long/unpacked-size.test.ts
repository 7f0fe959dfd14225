import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { describe, expect, it } from 'vitest';
import { validateFile } from '../../functions/ingest/validate-file.ts';

const definition = definitionSchema.parse({ name: 'bomb', problem: 'binary', target: 'late' });

/** Small files that unpack to more than a file may have, each in its own way. */
const bombs = [
  {
    title: 'one long text in a dictionary, for all rows',
    sql: `SELECT i % 3 = 0 AS late, repeat('x', 1000000) AS note FROM range(20000) t(i)`,
    options: '',
  },
  {
    title: 'long texts in the dictionaries of many columns',
    sql: `SELECT i % 3 = 0 AS late, ${Array.from({ length: 40 }, (_, n) => `repeat('${n % 10}', 100000) AS note_${n}`).join(', ')}
      FROM range(2000) t(i)`,
    options: '',
  },
  {
    title: 'compressed pages of text',
    sql: `SELECT i % 3 = 0 AS late, repeat('x', 500000) || i AS note FROM range(8000) t(i)`,
    options: ', DICTIONARY_SIZE_LIMIT 1, ROW_GROUP_SIZE 2048',
  },
  {
    title: 'numbers in runs',
    sql: 'SELECT i < 2 AS late, 1 AS number, 2.5 AS other FROM range(220000000) t(i)',
    options: ', ROW_GROUP_SIZE 20000000',
  },
];

describe('a Parquet file that unpacks to more than a file may have is refused before it is unpacked', () => {
  it.each(bombs)('$title', async ({ sql, options }) => {
    // Making it may take all memory; reading it must not.
    await Database.with(1769, async (database) => {
      const path = database.path('bomb.parquet');
      await Database.with(
        12_000,
        (other) => other.run(`COPY (${sql}) TO '${path}' (FORMAT parquet, COMPRESSION zstd${options})`),
        [database.directory],
      );
      const before = process.cpuUsage();

      await expect(validateFile(database, path, definition, undefined)).rejects.toThrow(
        /larger than 3 GiB, unpacked/,
      );

      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1e6).toBeLessThan(60);
    });
  });
});
