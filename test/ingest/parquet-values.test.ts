import { writeFile } from 'node:fs/promises';
import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { literal } from '@tidemark/statistics/tables/sql.ts';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { UnacceptableFileError } from '../../functions/ingest/data-finding.ts';
import { validateFile } from '../../functions/ingest/validate-file.ts';
import { parquet } from './parquet.ts';

/** What becomes of a Parquet file with a column `x` beside a target: the problems that reject it, or the column's type, values and what was noted. */
function validated(bytes: Buffer, columns: object = {}, features: object = {}) {
  const definition = definitionSchema.parse({
    name: 'any',
    problem: 'binary',
    target: 'y',
    columns,
    features,
  });
  return Database.with(1769, async (database) => {
    const path = database.path('file.parquet');
    await writeFile(path, bytes);
    try {
      const { part, columns: found, notes } = await validateFile(database, path, definition, undefined);
      const rows = await database.rows(
        `SELECT x::VARCHAR AS x FROM read_parquet(${literal(part.path)})`,
        z.object({ x: z.string().nullable() }),
      );
      const type = found.find(({ name }) => name === 'x')?.type;
      return { problems: [], type, values: rows.map(({ x }) => x), notes };
    } catch (error) {
      if (error instanceof UnacceptableFileError) return { problems: error.problems };
      throw error;
    }
  });
}

const rows = 20;
const withX = (x: string) =>
  parquet(`SELECT i % 2 = 0 AS y, ${x} AS x FROM range(${rows}) AS t(i) ORDER BY i`);

/** A file of times, a day apart, of which the bytes of the first or the last one (and of what is said of it in the metadata) are replaced. */
async function withInstant(type: string, perSecond: number, place: 'first' | 'last', value: bigint) {
  const day = 20_000;
  const bytes = await parquet(
    `SELECT i % 2 = 0 AS y, (TIMESTAMP 'epoch' + to_days(${day} + i::INTEGER))::${type} AS x FROM range(${rows}) AS t(i) ORDER BY i`,
    'uncompressed',
  );
  const [from, to] = [Buffer.alloc(8), Buffer.alloc(8)];
  from.writeBigInt64LE(BigInt(day + (place === 'first' ? 0 : rows - 1)) * 86_400n * BigInt(perSecond));
  to.writeBigInt64LE(value);
  let found = 0;
  for (let at = bytes.indexOf(from); at !== -1; at = bytes.indexOf(from, at + 8)) {
    to.copy(bytes, at);
    found += 1;
  }
  expect(found).toBeGreaterThan(0);
  return bytes;
}

const longest = 2n ** 63n;

describe('a time in a Parquet file that is beyond the years 1 to 9999 is told with its row and value, when it is', () => {
  it.each([
    [
      'a date that no timestamp holds',
      () => withX(`CASE i WHEN 6 THEN DATE '5000000-01-01' ELSE DATE '2026-01-01' END`),
      'row 7',
      '5000000-01-01',
    ],
    [
      'a date long before',
      () => withX(`CASE i WHEN 6 THEN DATE '5000000-01-01 (BC)' ELSE DATE '2026-01-01' END`),
      'row 7',
      '5000000-01-01 (BC)',
    ],
    [
      'a date of the year 10000',
      () => withX(`CASE i WHEN 6 THEN DATE '10000-01-01' ELSE DATE '2026-01-01' END`),
      'row 7',
      '10000-01-01',
    ],
    [
      'a time of the year 10000',
      () => withX(`CASE i WHEN 6 THEN TIMESTAMP '10000-01-01' ELSE TIMESTAMP '2026-01-01' END`),
      'row 7',
      '10000-01-01 00:00:00',
    ],
    [
      'infinite',
      () => withX(`CASE i WHEN 6 THEN TIMESTAMPTZ '-infinity' ELSE TIMESTAMPTZ '2026-01-01' END`),
      'row 7',
      '-infinity',
    ],
    [
      'the earliest with microseconds',
      () => withInstant('TIMESTAMP', 1_000_000, 'first', -longest),
      'row 1',
      'before all that can be spelled',
    ],
    [
      'the latest with microseconds',
      () => withInstant('TIMESTAMP', 1_000_000, 'last', longest - 2n),
      'row 20',
      '294247-01-10 04:00:54.775806',
    ],
    [
      'the latest with a zone',
      () => withInstant('TIMESTAMPTZ', 1_000_000, 'last', longest - 2n),
      'row 20',
      '294247-01-10 04:00:54.776806+00',
    ],
    [
      'of milliseconds, in the year 10000',
      () => withInstant('TIMESTAMP_MS', 1000, 'last', 253_402_300_800_000n),
      'row 20',
      '10000-01-01 00:00:00',
    ],
  ])('%s', async (_, body, where, text) => {
    const { problems } = await validated(await body());

    expect(problems).toMatchObject([{ check: 'infinite-values', examples: [{ where, text }] }]);
    expect(problems[0]?.what).toBe('`x` is infinite or out of range in 1 row.');
  });

  it.each([
    ['the latest', 'last', longest - 2n],
    ['the earliest', 'first', -longest],
  ] as const)(
    '%s with milliseconds, but without the row, as the reader stops there',
    async (_, place, value) => {
      const { problems } = await validated(await withInstant('TIMESTAMP_MS', 1000, place, value));

      expect(problems).toMatchObject([
        { check: 'infinite-values', what: expect.stringMatching(/^`x` has a time in milliseconds/) },
      ]);
    },
  );
});

it('a column with a time that stops the reader troubles nobody who does not use it', async () => {
  const body = await withInstant('TIMESTAMP_MS', 1000, 'last', longest - 2n);

  expect((await validated(body, {}, { exclude: ['x'] })).problems).toMatchObject([{ check: 'no-features' }]);
});

it('dates and times of the years 1 to 9999 are read from Parquet as they are', async () => {
  const found = await validated(
    await withX(`CASE i WHEN 0 THEN DATE '0001-01-01' WHEN 1 THEN NULL ELSE DATE '9999-12-31' END`),
  );

  expect(found).toMatchObject({ problems: [], type: 'timestamp' });
  expect(new Set(found.values)).toEqual(new Set(['0001-01-01 00:00:00', null, '9999-12-31 00:00:00']));
});

describe('integers of a Parquet file beyond signed 64 bits', () => {
  const large = () => withX('CASE i WHEN 6 THEN 18446744073709551615 ELSE i END::UBIGINT');

  it('are rejected with the first of them, and with what a definition may say of them', async () => {
    const { problems } = await validated(await large());

    expect(problems).toMatchObject([
      { check: 'column-type', examples: [{ where: 'row 7', text: '18446744073709551615' }] },
    ]);
    expect(problems[0]?.what).toContain('beyond signed 64 bits');
    expect(problems[0]?.remedy).toContain('`columns: { x: { type: text } }`');
  });

  it.each([
    ['text', 'string', '18446744073709551615'],
    ['number', 'number', '1.8446744073709552e+19'],
  ])('are accepted where the definition says %s', async (type, expected, value) => {
    const found = await validated(await large(), { x: { type } });

    expect(found).toMatchObject({ problems: [], type: expected });
    expect(found.values).toContain(value);
  });

  it('stay integers where a definition says number and all of them fit', async () => {
    const found = await validated(await withX('i::UBIGINT'), { x: { type: 'number' } });

    expect(found).toMatchObject({ problems: [], type: 'integer' });
  });
});

it('durations of a Parquet file that have no fixed length are rejected as such', async () => {
  const { problems } = await validated(await withX('to_days(i::INTEGER)'));

  expect(problems).toMatchObject([
    { check: 'parquet-type', what: expect.stringContaining('`x` holds durations') },
  ]);
});

describe('a column that the definition calls a text holds what its own type spells', () => {
  it.each([
    [
      'dates, near and far',
      `CASE i WHEN 6 THEN DATE '5000000-01-01' ELSE DATE '2026-01-05' END`,
      ['2026-01-05', '5000000-01-01'],
    ],
    [
      'infinite times',
      `CASE i WHEN 6 THEN TIMESTAMP '-infinity' ELSE TIMESTAMP '2026-01-05 12:30' END`,
      ['-infinity', '2026-01-05 12:30:00'],
    ],
    [
      'decimals with more digits than a double has',
      `(CASE WHEN i % 2 = 0 THEN '12345678901234567890' ELSE '12345678901234567890.5' END)::DECIMAL(38, 2)`,
      ['12345678901234567890', '12345678901234567890.5'],
    ],
    [
      'identifiers as decimals',
      `(12345678901234567890 + i % 2)::DECIMAL(38, 0)`,
      ['12345678901234567890', '12345678901234567891'],
    ],
    ['short floats', `CASE WHEN i % 2 = 0 THEN 0.1::FLOAT ELSE 2::FLOAT END`, ['0.1', '2']],
  ])('%s', async (_, x, texts) => {
    const found = await validated(await withX(x), { x: { type: 'text' } });

    expect(found).toMatchObject({ problems: [], type: 'string' });
    expect([...new Set(found.values)].toSorted()).toEqual(texts);
  });

  it('and is rejected for a time that the type cannot spell', async () => {
    const body = await withInstant('TIMESTAMP', 1_000_000, 'first', -longest);

    const { problems } = await validated(body, { x: { type: 'text' } });

    expect(problems).toMatchObject([{ check: 'infinite-values', examples: [{ where: 'row 1' }] }]);
  });
});

it('a time that a definition lists as missing is so, however far it is', async () => {
  const body = await withX(
    `CASE i WHEN 6 THEN TIMESTAMP 'infinity' WHEN 7 THEN TIMESTAMP '9999-12-31' ELSE TIMESTAMP '2026-01-05' END`,
  );

  const found = await validated(body, { x: { missing: ['infinity', '9999-12-31 00:00:00'] } });

  expect(found).toMatchObject({ problems: [], type: 'timestamp' });
  expect(new Set(found.values)).toEqual(new Set(['2026-01-05 00:00:00', null]));
});
