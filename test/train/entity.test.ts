import { splitByEntity } from '@tidemark/domain/datasets/split.ts';
import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import { Database, wholeNumber } from '@tidemark/statistics/tables/duckdb.client.ts';
import { literal } from '@tidemark/statistics/tables/sql.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { fitData, writeSplits } from '../../functions/train/prepare-data.ts';

const definition = (more: object = {}) =>
  definitionSchema.parse({ name: 'any', problem: 'binary', target: 'y', entity: 'customer', ...more });
const shares = definition().split;

const columns: Column[] = [
  { name: 'customer', type: 'integer' },
  { name: 'y', type: 'boolean' },
  { name: 'x', type: 'number' },
  { name: 'at', type: 'timestamp' },
];

/** A part of rows of random customers, whose stored sides are anything. */
function rowsSql(rows: number, customers: number, seed: number): string {
  const chance = (of: string) => `((hash(i, ${literal(of)}, ${seed}) % 100000) / 100000.0)`;
  return `SELECT floor(${chance('customer')} * ${customers})::BIGINT AS customer, ${chance('y')} < 0.4 AS y,
    ${chance('x')}::DOUBLE AS x, TIMESTAMP '2026-01-01' + to_hours(i::INT) AS at,
    ['train', 'validation', 'holdout'][floor(${chance('side')} * 3)::INT + 1] AS _split,
    hash(i, ${seed})::UBIGINT AS _row FROM range(${rows}) t(i)`;
}

async function write(database: Database, parts: readonly string[]): Promise<string[]> {
  const paths: string[] = [];
  for (const [index, sql] of parts.entries()) {
    const path = database.path(`part-${index}.parquet`);
    await database.writeParquet(sql, path);
    paths.push(path);
  }
  return paths;
}

const sides = z.object({ customer: wholeNumber, sides: wholeNumber });

describe('rows of one entity', () => {
  it('are on one side, whatever the parts say that were split by something else, with and without a time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ rows: fc.integer({ min: 900, max: 1500 }), seed: fc.nat({ max: 9999 }) }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.integer({ min: 200, max: 700 }),
        fc.constantFrom({}, { time: 'at' }, { time: 'at', retraining: { data: 'window', windowDays: 30 } }),
        (parts, customers, more) =>
          Database.with(1769, async (database) => {
            const sql = parts.map(({ rows, seed }) => rowsSql(rows, customers, seed));
            const partPaths = await write(database, sql);

            await fitData(database, definition(more), { columns, partPaths });

            const split = await database.rows(
              'SELECT customer, count(DISTINCT _split) AS sides FROM labelled_rows GROUP BY 1 HAVING count(DISTINCT _split) > 1',
              sides,
            );
            expect(split).toEqual([]);
          }),
      ),
      { numRuns: 15 },
    );
  });

  it('are on the same side as integers and as numbers, in whichever file', async () => {
    await Database.with(1769, async (database) => {
      const side = (type: 'integer' | 'number') => splitByEntity({ name: 'customer', type }, shares);
      const found = await database.rows(
        `SELECT ${side('integer')} AS one, ${side('number').replaceAll('"customer"', 'customer::DOUBLE')} AS other
         FROM (SELECT i AS customer, 0::UBIGINT AS _row FROM range(2000) t(i))`,
        z.object({ one: z.string(), other: z.string() }),
      );
      expect(found.filter(({ one, other }) => one !== other)).toEqual([]);
      const share = found.filter(({ one }) => one === 'holdout').length / found.length;
      expect(share).toBeGreaterThan(0.12);
      expect(share).toBeLessThan(0.18);
    });
  });

  it('are no feature, and stay in the rows that the hold-out keeps', async () => {
    await Database.with(1769, async (database) => {
      const data = { columns, partPaths: await write(database, [rowsSql(2000, 300, 1)]) };

      const { encoding, findings, notes } = await fitData(database, definition(), data);
      const files = await writeSplits(database, data, encoding);

      expect(encoding.features.map(({ column }) => column)).not.toContain('customer');
      expect(findings).toContainEqual(expect.objectContaining({ column: 'customer', code: 'entity' }));
      expect(notes).toEqual([]);
      const kept = await database.rows(
        `SELECT count(customer) AS customer, count(DISTINCT customer) AS sides FROM ${literal(files.holdoutRows)}`,
        sides,
      );
      expect(kept[0]?.customer).toBeGreaterThan(100);
    });
  });

  it('that do not say whose they are are split one by one, which is told', async () => {
    await Database.with(1769, async (database) => {
      const sql = rowsSql(2000, 300, 1).replace(
        'SELECT floor',
        'SELECT CASE WHEN i % 4 > 0 THEN 1 END * floor',
      );
      const partPaths = await write(database, [sql]);

      const { rows, notes } = await fitData(database, definition(), { columns, partPaths });

      expect(Math.min(rows.train, rows.validation, rows.holdout)).toBeGreaterThan(100);
      expect(notes).toEqual([expect.stringMatching(/^500 rows have no `customer`/)]);
    });
  });
});
