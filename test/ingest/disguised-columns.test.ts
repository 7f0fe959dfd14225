import { writeFile } from 'node:fs/promises';
import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { describe, expect, it } from 'vitest';
import { validateFile } from '../../functions/ingest/validate-file.ts';

const rows = 200;

/** The warnings of a CSV file of one column, whose values are `usual` but for `strangers` of them. */
function warningsOf(
  usual: (row: number) => string,
  stranger: string,
  strangers: number,
  columns: object = {},
) {
  const definition = definitionSchema.parse({ name: 'any', problem: 'binary', target: 'y', columns });
  return Database.with(1769, async (database) => {
    const path = database.path('file.csv');
    const lines = Array.from(
      { length: rows },
      (_, row) => `"${row < strangers ? stranger : usual(row)}",${row % 2 ? 'no' : 'yes'}`,
    );
    await writeFile(path, `x,y\n${lines.join('\n')}\n`);
    return (await validateFile(database, path, definition, undefined)).warnings;
  });
}

const day = (row: number) => `2026-01-${String(1 + (row % 28)).padStart(2, '0')}`;
const kinds = [
  ['number', (row: number) => String(row)],
  ['time', day],
  ['boolean', (row: number) => String(row % 2 === 0)],
] as const;

describe.each(kinds)('a column of %ss that a few texts made a text of', (kind, usual) => {
  it.each([2, 8])('is told with its rows when %d of 200 values are strangers', async (strangers) => {
    const [warning, ...others] = await warningsOf(usual, 'None', strangers);

    expect(others).toEqual([]);
    expect(warning).toMatchObject({
      code: `${kind}-as-text`,
      column: 'x',
      present: rows,
      strangers,
      rows: [1, 2, 3, 4, 5].slice(0, strangers),
    });
    expect(warning?.examples[0]).toEqual({ where: 'row 1', text: 'None' });
    expect(`${warning?.what} ${warning?.remedy}`).not.toContain('None');
  });

  it('is a text without a word when 12 of 200 values are', async () => {
    expect(await warningsOf(usual, 'None', 12)).toEqual([]);
  });

  it('is not told when the definition says that it is text', async () => {
    expect(await warningsOf(usual, 'None', 2, { x: { type: 'text' } })).toEqual([]);
  });
});

describe('a column of', () => {
  it.each([
    ['numbers with separators of thousands', '1,234.50'],
    ['percentages', '12.5%'],
    ['amounts in dollars', '$9.99'],
    ['numbers with a decimal comma', '12,5'],
    ['amounts in accountants’ brackets', '(12.50)'],
    ['numbers with a Unicode minus', '\u22125'],
    ['numbers with a no-break space', '1\u00a0234'],
    ['amounts with the name of a currency', '67.34 USD'],
    ['weights', '67.34kg'],
    ['thousands', '67.34K'],
    ['numbers as in India', '12,34,567.00'],
    ['numbers as in Switzerland', '6\u2019734.00'],
    ['numbers with a minus behind', '123-'],
  ])('%s is told', async (_, text) => {
    expect(await warningsOf(() => text, text, 0)).toMatchObject([
      { code: 'number-as-text', strangers: 0, rows: [1, 2, 3, 4, 5] },
    ]);
  });

  it.each([
    ['days first', '05.01.2026'],
    ['months first, with slashes', '01/31/2026'],
    ['twelve hours, as Excel has them', '01/05/2026 10:00 PM'],
    ['months by name, as Oracle has them', '05-Jan-2026'],
    ['months by name, first', 'January 5, 2026'],
    ['the form of mails', 'Mon, 05 Jan 2026 10:00:00 +0000'],
  ])('times with %s is told', async (_, text) => {
    expect(await warningsOf(() => text, text, 0)).toMatchObject([{ code: 'time-as-text' }]);
  });

  it.each([
    ['codes', (row: number) => String(row).padStart(5, '0'), '10001'],
    ['words', () => 'private', 'None'],
    ['addresses of machines', () => '10.0.0.1', '10.0.0.2'],
  ])('%s is not told', async (_, usual, stranger) => {
    expect(await warningsOf(usual, stranger, 3)).toEqual([]);
  });
});

describe('a text that is spelled as a missing value', () => {
  const region = (row: number) => (row % 4 === 0 ? 'NA' : 'EU');

  it('in quotes is a value, and told with its rows', async () => {
    const [warning, ...others] = await warningsOf(region, 'NA', 1);

    expect(others).toEqual([]);
    expect(warning).toMatchObject({
      code: 'missing-or-value',
      column: 'x',
      present: rows,
      strangers: 50,
      rows: [1, 5, 9, 13, 17],
      remedy: expect.stringContaining('`columns.x.missing`'),
    });
  });

  it.each([{ type: 'text' }, { type: 'text', missing: ['NA'] }])(
    'is not told once the definition says what it is: %o',
    async (rules) => {
      expect(await warningsOf(region, 'NA', 1, { x: rules })).toEqual([]);
    },
  );
});
