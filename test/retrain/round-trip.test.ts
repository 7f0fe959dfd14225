import { writeFile } from 'node:fs/promises';
import type { FeatureEncoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import { encodeRow } from '@tidemark/domain/datasets/encoding.ts';
import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { say } from '@tidemark/statistics/sentence.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { missingSpellings } from '@tidemark/statistics/tables/missing-values.ts';
import { literal } from '@tidemark/statistics/tables/sql.ts';
import { millisecondsSql } from '@tidemark/statistics/tables/value-sql.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { validateFile } from '../../functions/ingest/validate-file.ts';
import { feedbackRow } from '../../functions/retrain/feedback-row.ts';
import { encodingOf } from '../capture/encodings.ts';

const features: FeatureEncoding[] = [
  { kind: 'number', column: 'n' },
  { kind: 'boolean', column: 'b' },
  {
    kind: 'category',
    column: 's',
    values: { pro: 1, Zürich: 2 },
    other: 0.5,
    method: 'index',
    missing: [...missingSpellings],
  },
  { kind: 'time', column: 't', parts: ['hour', 'day-of-week', 'day-of-month', 'month', 'day-of-year'] },
];
const encoding = encodingOf(...features);
const columns = [
  { name: 'n', type: 'number' as const },
  { name: 'b', type: 'boolean' as const },
  { name: 's', type: 'string' as const, missing: [...missingSpellings] },
  { name: 't', type: 'timestamp' as const },
  { name: 'delay', type: 'integer' as const },
];
const definition = definitionSchema.parse({ name: 'any', problem: 'regression', target: 'delay' });

const missing = fc.constantFrom('', ' ', ...missingSpellings);
const blank = fc.constantFrom('', '', ' ', '\t', '\u00a0 ');
const padded = (text: fc.Arbitrary<string>) =>
  fc
    .tuple(blank, fc.oneof({ weight: 4, arbitrary: text }, { weight: 1, arbitrary: missing }), blank)
    .map((parts) => parts.join(''));
/** As a CSV file without quotes spells them. */
const rowsOf = fc.array(
  fc.record({
    n: padded(
      fc.oneof(
        fc.integer().map(String),
        fc.double({ noNaN: true, min: -3e38, max: 3e38 }).map(String),
        fc.constantFrom('007', '+1.', '.5', '1E3'),
      ),
    ),
    b: padded(fc.constantFrom('true', 'False', 'TRUE', '1', '0')),
    s: padded(fc.constantFrom('pro', 'plus', 'Zürich', 'none')),
    t: padded(
      fc
        .tuple(
          fc.date({ min: new Date('0002-01-01'), max: new Date('9998-01-01'), noInvalidDate: true }),
          fc.constantFrom('Z', ' UTC', '', '+02:00', ' -0330'),
        )
        .map(([date, zone]) => `${date.toISOString().slice(0, 19)}${zone}`),
    ),
  }),
  { minLength: 60, maxLength: 60 },
);

describe('every row of a file that ingest accepts', () => {
  it('is encoded to the same numbers from the dataset, as a request, and as a row made of feedback', async () => {
    await fc.assert(
      fc.asyncProperty(rowsOf, async (rows) => {
        await Database.with(1769, async (database) => {
          const path = database.path('file.csv');
          await writeFile(
            path,
            `n,b,s,t,delay\n${rows.map(({ n, b, s, t }, row) => `${n},${b},${s},${t},${row}`).join('\n')}\n`,
          );
          const reference = { columns, origin: say`the dataset ds-1`, mayGrow: false };
          const asked = rows.map((row) => encodeRow(encoding, row));

          expect(await encodedRows(database, path)).toEqual(asked);

          const again = database.path('again.jsonl');
          const lines = rows.map((row, delay) =>
            JSON.stringify({ ...feedbackRow(columns, encoding, row), delay }),
          );
          await writeFile(again, `${lines.join('\n')}\n`);
          expect(await encodedRows(database, again)).toEqual(asked);

          async function encodedRows(from: Database, file: string) {
            const { part } = await validateFile(from, file, definition, reference);
            const found = await from.rows(
              `SELECT n::DOUBLE AS n, b, s, ${millisecondsSql('t')} AS t FROM read_parquet(${literal(part.path)}) ORDER BY delay`,
              z.object({
                n: z.number().nullable(),
                b: z.boolean().nullable(),
                s: z.string().nullable(),
                t: z.number().nullable(),
              }),
            );
            return found.map(({ t, ...row }) =>
              encodeRow(encoding, { ...row, t: t === null ? null : new Date(t).toISOString() }),
            );
          }
        });
      }),
      { numRuns: 12 },
    );
  });
});
