import { createHash } from 'node:crypto';
import { rowHash } from '@tidemark/domain/datasets/row-hash.ts';
import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { identifier } from '@tidemark/statistics/tables/sql.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

const memoryMegabytes = 512;
const hashes = z.object({ hash: z.string() });

/** Hashes of rows that are written as SQL values. */
function hashesOf(columns: readonly Column[], rows: readonly (readonly string[])[]): Promise<string[]> {
  const names = columns.map(({ name }) => identifier(name)).join(', ');
  const values = rows.map((row) => `(${row.join(', ')})`).join(', ');
  return Database.with(memoryMegabytes, async (database) => {
    const found = await database.rows(
      `SELECT ${rowHash(columns)}::VARCHAR AS hash FROM (VALUES ${values}) AS t(${names})`,
      hashes,
    );
    return found.map(({ hash }) => hash);
  });
}

const city: Column = { name: 'city', type: 'string' };
const delay: Column = { name: 'delay', type: 'integer' };

describe('a row’s hash', () => {
  it('is the lower half of the MD5 of the values’ spelling, in every version of the engine', async () => {
    // A string has its length before it, a number a semicolon after it.
    expect(await hashesOf([delay, city], [['15', "'Paris'"]])).toEqual([md5Lower('5:Paris15;')]);
  });

  it('does not depend on the order of the columns', async () => {
    const [one] = await hashesOf([delay, city], [['15', "'Paris'"]]);
    const [other] = await hashesOf([city, delay], [["'Paris'", '15']]);

    expect(one).toBe(other);
  });

  it('is the same for whole numbers as integers and as numbers, and for both zeros', async () => {
    const asIntegers = await hashesOf([delay], [['15'], ['0'], ['-3'], ['9007199254740991']]);
    const asNumbers = await hashesOf(
      [{ name: 'delay', type: 'number' }],
      [['15::DOUBLE'], ['-0.0::DOUBLE'], ['-3::DOUBLE'], ['9007199254740991::DOUBLE']],
    );

    expect(asNumbers).toEqual(asIntegers);
  });

  it('tells numbers apart that differ in the last bit', async () => {
    const [one, other] = await hashesOf(
      [{ name: 'x', type: 'number' }],
      [['0.1::DOUBLE'], ['0.30000000000000004::DOUBLE - 0.2::DOUBLE']],
    );

    expect(one).not.toBe(other);
  });

  it('tells rows apart wherever their texts are cut into fields, and missing from empty', async () => {
    const columns: Column[] = [
      { name: 'a', type: 'string' },
      { name: 'b', type: 'string' },
    ];
    const field = fc.option(
      fc.string({ unit: fc.constantFrom('1', ':', ';', '~', 'a', 'é', '😀'), maxLength: 4 }),
    );
    const rows = fc.uniqueArray(fc.tuple(field, field), {
      minLength: 2,
      maxLength: 200,
      selector: (row) => JSON.stringify(row),
    });

    await fc.assert(
      fc.asyncProperty(rows, async (some) => {
        const spelled = some.map((row) => row.map((text) => (text === null ? 'NULL' : `'${text}'`)));
        const found = await hashesOf(columns, spelled);
        expect(new Set(found).size).toBe(some.length);
      }),
      { numRuns: 20 },
    );
  });
});

/** The last 8 of the 16 bytes, the lowest first: DuckDB reads the digest as a little-endian number of 128 bits. */
function md5Lower(text: string): string {
  return String(createHash('md5').update(text).digest().readBigUInt64LE(8));
}
