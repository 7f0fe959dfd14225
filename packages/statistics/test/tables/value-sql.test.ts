import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { blanks, trimmed } from '../../tables/blanks.ts';
import { Database } from '../../tables/duckdb.client.ts';
import { isCode, readInteger } from '../../tables/read-number.ts';
import type { TimeFormat } from '../../tables/read-time.ts';
import { readText } from '../../tables/read-value.ts';
import { literal } from '../../tables/sql.ts';
import { isCodeSql, millisecondsSql, spelledSql, trimmedSql } from '../../tables/value-sql.ts';
import { type ValueCase, valueCases } from './value-cases.ts';

type Type = ValueCase['type'];

/** As `ValueCase.value`, read in TypeScript. */
function inTypeScript({ type, text, format }: Omit<ValueCase, 'value'>): ValueCase['value'] {
  const read = readText(type, text, { format });
  if (read.kind === 'infinite') return 'infinite';
  if (read.kind !== 'value') return null;
  return type === 'timestamp' ? new Date(Number(read.value)).toISOString() : read.value;
}

const rowSchema = z.object({
  fits: z.boolean(),
  infinite: z.boolean().nullable(),
  value: z.union([z.string(), z.number(), z.boolean()]).nullable(),
});

/** The same, read in SQL by a database. */
async function inSql(
  texts: readonly string[],
  type: Type,
  format?: TimeFormat,
): Promise<ValueCase['value'][]> {
  const { fits, value, infinite } = spelledSql('text', type, { known: true, format });
  const shown = type === 'timestamp' ? millisecondsSql(value) : value;
  const rows = await Database.with(1024, (database) =>
    database.rows(
      `SELECT ${fits} AS fits, ${infinite} AS infinite, CASE WHEN ${fits} THEN ${shown} END AS value
       FROM (SELECT unnest([${texts.map(literal).join(', ')}]) AS text)`,
      rowSchema,
    ),
  );
  return rows.map((row) => {
    if (!row.fits) return null;
    if (row.infinite) return 'infinite';
    if (type === 'boolean') return row.value;
    return type === 'timestamp' ? new Date(Number(row.value)).toISOString() : Number(row.value);
  });
}

const kinds = [...new Set(valueCases.map(({ type, format = '' }) => `${type} ${format}`))].map((kind) => {
  const cases = valueCases.filter(({ type, format = '' }) => `${type} ${format}` === kind);
  return { kind: kind.trim(), cases };
});

describe('the table of spellings', () => {
  it.each(valueCases)('is followed in TypeScript: $type $format $text', (each) => {
    expect(inTypeScript(each)).toEqual(each.value);
  });

  it.each(kinds)('is followed in SQL: $kind', async ({ cases }) => {
    const [first] = cases;
    const texts = cases.map(({ text }) => text);
    const read = await inSql(texts, first?.type ?? 'number', first?.format);

    expect(texts.map((text, index) => [text, read[index]])).toEqual(
      cases.map(({ text, value }) => [text, value]),
    );
  });
});

/** Spellings near the grammar: pieces of it in any order, and the table's own with something changed. */
function spellings(cases: readonly ValueCase[], pieces: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.constantFrom(...pieces);
  const whole = fc.constantFrom(...cases.map(({ text }) => text));
  const changed = fc.tuple(whole, fc.nat(), fc.nat({ max: 2 }), piece).map(([text, at, removed, added]) => {
    const place = at % (text.length + 1);
    return `${text.slice(0, place)}${added}${text.slice(place + removed)}`;
  });
  return fc
    .oneof(
      fc.array(piece, { maxLength: 8 }).map((some) => some.join('')),
      changed,
    )
    .map(trimmed);
}

const numberPieces = [
  '0',
  '1',
  '9',
  '00',
  '.',
  ',',
  '-',
  '+',
  'e',
  'E',
  '_',
  ' ',
  'inf',
  'nan',
  'x',
  '38',
  '39',
  '٣',
  '\u00a0',
];
const timePieces = [
  ...['2026', '1999', '0000', '0001', '9999', '02', '29', '30', '31', '12', '1', '5', '59', '60', '24', '00'],
  ...[
    '-',
    '/',
    ':',
    '.',
    ' ',
    'T',
    't',
    'Z',
    'z',
    '+',
    '-',
    'UTC',
    'GMT',
    'EST',
    '123',
    '1234567',
    '+02',
    '-0230',
  ],
];
const piecesOf = {
  number: numberPieces,
  integer: numberPieces,
  boolean: ['t', 'r', 'u', 'e', 'TRUE', 'false', '1', '0', ' '],
  timestamp: timePieces,
};

/** Made in one go: a query for each would take a minute. */
const spellingsPerKind = 3000;

/** Well-formed times too: pieces in any order hardly ever make one. */
const instants = fc
  .record({
    year: fc.integer({ min: 1, max: 9999 }),
    month: fc.integer({ min: 0, max: 13 }),
    day: fc.integer({ min: 0, max: 32 }),
    separator: fc.constantFrom('-', '/'),
    pad: fc.boolean(),
    clock: fc.constantFrom(
      '',
      ' 0:00',
      'T23:59',
      ' 12:30:15',
      'T06:07:08.1',
      ' 06:07:08.123456789',
      'T24:00:00',
    ),
    zone: fc.constantFrom(
      '',
      'Z',
      ' UTC',
      'UTC',
      ' GMT',
      '+02',
      '-02:30',
      ' +0530',
      '+15:59',
      '-16',
      ' Europe/Berlin',
    ),
  })
  .map(({ year, month, day, separator, pad, clock, zone }) => {
    const part = (value: number) => (pad ? String(value).padStart(2, '0') : String(value));
    const date = [String(year).padStart(4, '0'), part(month), part(day)].join(separator);
    return `${date}${clock}${zone}`;
  });

describe('the two readings of a spelling', () => {
  it.each(kinds)('agree on thousands of spellings: $kind', { timeout: 60_000 }, async ({ cases }) => {
    const [{ type, format } = { type: 'number' as const, format: undefined }] = cases;
    const near = spellings(cases, piecesOf[type]);
    const arbitrary = type === 'timestamp' && format === undefined ? fc.oneof(near, instants) : near;
    const texts = fc.sample(arbitrary, { numRuns: spellingsPerKind, seed: 7 });

    const read = await inSql(texts, type, format);

    const inBoth = texts.map((text, index) => ({ text, sql: read[index] }));
    const expected = texts.map((text) => ({
      text,
      sql: inTypeScript(format === undefined ? { type, text } : { type, format, text }),
    }));
    expect(
      inBoth.filter(
        (each, index) =>
          !Object.is(each.sql, expected[index]?.sql) && !(each.sql === 0 && expected[index]?.sql === 0),
      ),
    ).toEqual([]);
    // Enough of them are values for the agreement to mean something.
    expect(read.filter((value) => value !== null).length).toBeGreaterThan(spellingsPerKind / 100);
  });

  it('agree on which numbers are codes and which are whole', async () => {
    const texts = fc.sample(
      spellings(
        valueCases.filter(({ type }) => type === 'number'),
        numberPieces,
      ),
      {
        numRuns: spellingsPerKind,
        seed: 7,
      },
    );
    const { fits, value } = spelledSql('text', 'integer', { known: true });

    const rows = await Database.with(1024, (database) =>
      database.rows(
        `SELECT ${isCodeSql('text')} AS code, CASE WHEN ${fits} THEN (${value})::VARCHAR END AS whole
         FROM (SELECT unnest([${texts.map(literal).join(', ')}]) AS text)`,
        z.object({ code: z.boolean(), whole: z.string().nullable() }),
      ),
    );

    expect(rows).toEqual(
      texts.map((text) => ({ code: isCode(text), whole: readInteger(text)?.toString() ?? null })),
    );
  });

  it('agree on what blanks are, for every character of the basic plane', async () => {
    const rows = await Database.with(1024, (database) =>
      database.rows(
        `SELECT code, ${trimmedSql("(chr(code) || 'a' || chr(code) || 'é' || chr(code))")} AS text
         FROM (SELECT unnest(range(1, 65536))::INTEGER AS code) WHERE code NOT BETWEEN 55296 AND 57343`,
        z.object({ code: z.number(), text: z.string() }),
      ),
    );

    const differing = rows.filter(({ code, text }) => {
      const character = String.fromCharCode(code);
      return text !== trimmed(`${character}a${character}é${character}`);
    });
    expect(differing).toEqual([]);
    expect(trimmed(`${blanks}x${blanks}`)).toBe('x');
  });
});
