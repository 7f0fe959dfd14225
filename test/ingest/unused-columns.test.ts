import { writeFile } from 'node:fs/promises';
import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { describe, expect, it } from 'vitest';
import { UnacceptableFileError } from '../../functions/ingest/data-finding.ts';
import { validateFile } from '../../functions/ingest/validate-file.ts';
import { sweep } from '../support/sweep.ts';
import { parquet } from './parquet.ts';

const rows = Array.from({ length: 100 }, (_, row) => row);
const late = (row: number) => (row % 3 === 0 ? 'yes' : 'no');

/** CSV with columns `late`, `x` and others, each given by name and cell. */
function csv(...others: readonly (readonly [name: string, cell: (row: number) => string])[]): string {
  const header = ['late', 'x', ...others.map(([name]) => name)].join(',');
  const lines = rows.map((row) => [late(row), row % 7, ...others.map(([, cell]) => cell(row))].join(','));
  return [header, ...lines].join('\n');
}

/** JSON Lines with `late`, `x` and what the text adds to each object. */
function jsonLines(more: (row: number) => string): string {
  return rows.map((row) => `{"late":"${late(row)}","x":${row % 7},${more(row)}}`).join('\n');
}

function columns(more: string): string {
  return `SELECT CASE WHEN i % 3 = 0 THEN 'yes' ELSE 'no' END AS late, i % 7 AS x, ${more} FROM range(100) t(i)`;
}

interface Trouble {
  readonly title: string;
  /** Names of columns that are at fault. */
  readonly names: readonly string[];
  readonly body: () => string | Promise<Buffer>;
  /** What is found when they are used. */
  readonly check: string;
}

const long = 'n'.repeat(129);

const troubles: readonly Trouble[] = [
  {
    title: 'CSV: one name twice',
    names: ['foo'],
    body: () => csv(['foo', String], ['foo', String]),
    check: 'column-name',
  },
  {
    title: 'CSV: a name that is too long',
    names: [long],
    body: () => csv([long, String]),
    check: 'column-name',
  },
  { title: 'CSV: a name of ours', names: ['_row'], body: () => csv(['_row', String]), check: 'column-name' },
  {
    title: 'CSV: infinite values',
    names: ['foo'],
    body: () => csv(['foo', () => 'inf']),
    check: 'infinite-values',
  },
  {
    title: 'JSON Lines: a list',
    names: ['foo'],
    body: () => jsonLines((row) => `"foo":[${row}]`),
    check: 'json-nested',
  },
  {
    title: 'JSON Lines: an object here and there',
    names: ['foo'],
    body: () => jsonLines((row) => (row === 50 ? '"foo":{"a":1}' : '"foo":1')),
    check: 'json-nested',
  },
  {
    title: 'JSON Lines: a name twice in one object',
    names: ['foo'],
    body: () => jsonLines(() => '"foo":1,"foo":2'),
    check: 'json-lines',
  },
  {
    title: 'JSON Lines: names that differ in case',
    names: ['foo', 'FOO'],
    body: () => jsonLines(() => '"foo":1,"FOO":2'),
    check: 'column-name',
  },
  {
    title: 'JSON Lines: a name of ours',
    names: ['_split'],
    body: () => jsonLines(() => '"_split":1'),
    check: 'column-name',
  },
  {
    title: 'Parquet: a list',
    names: ['foo'],
    body: () => parquet(columns('[i] AS foo')),
    check: 'parquet-type',
  },
  {
    title: 'Parquet: a struct',
    names: ['foo'],
    body: () => parquet(columns('{a: i} AS foo')),
    check: 'parquet-type',
  },
  {
    title: 'Parquet: bytes',
    names: ['foo'],
    body: () => parquet(columns(`'\\xFF\\xFE'::BLOB AS foo`)),
    check: 'parquet-type',
  },
  {
    title: 'Parquet: infinite numbers',
    names: ['foo'],
    body: () => parquet(columns(`'infinity'::DOUBLE AS foo`)),
    check: 'infinite-values',
  },
  {
    title: 'Parquet: infinite times',
    names: ['foo'],
    body: () => parquet(columns(`'infinity'::TIMESTAMP AS foo`)),
    check: 'infinite-values',
  },
  {
    title: 'Parquet: integers beyond signed 64 bits',
    names: ['foo'],
    body: () => parquet(columns(`18446744073709551615::UBIGINT AS foo`)),
    check: 'column-type',
  },
  {
    title: 'Parquet: a text that unpacks to gigabytes',
    names: ['foo'],
    body: () => parquet(`SELECT late, x, repeat('x', 1000000) AS foo FROM (${columns('0')}), range(50)`),
    check: 'file-size',
  },
  {
    title: 'Parquet: a name of ours',
    names: ['_label'],
    body: () => parquet(columns('i AS _label')),
    check: 'column-name',
  },
];

async function checksOf(body: string | Buffer, features: object): Promise<string[]> {
  const definition = definitionSchema.parse({ name: 'some', problem: 'binary', target: 'late', features });
  return Database.with(1769, async (database) => {
    const path = database.path('file');
    await writeFile(path, body);
    try {
      const { columns: found } = await validateFile(database, path, definition, undefined);
      return found.map(({ name }) => `accepted ${name}`);
    } catch (error) {
      if (!(error instanceof UnacceptableFileError)) throw error;
      return error.problems.map(({ check }) => check);
    }
  });
}

describe('a column that the definition does not use decides nothing', () => {
  // One trouble for each check of a format at least; `npm run test:long` has them all.
  it.each(sweep(troubles, { kindOf: ({ title, check }) => `${title.split(':')[0]} ${check}` }))(
    '$title',
    async ({ names, body, check }) => {
      const bytes = await body();

      // Used, because nothing is said or because it is listed.
      expect(await checksOf(bytes, {})).toEqual([check]);
      if (names.every((name) => name.length <= 128)) {
        expect(await checksOf(bytes, { include: ['x', ...names] })).toEqual([check]);
      }
      // Not used, because it is left out or because others are listed.
      const accepted = ['accepted late', 'accepted x'];
      if (names.every((name) => name.length <= 128)) {
        expect(await checksOf(bytes, { exclude: names })).toEqual(accepted);
      }
      expect(await checksOf(bytes, { include: ['x'] })).toEqual(accepted);
    },
  );

  it('nor does one without a name where the features are listed', async () => {
    expect(await checksOf(csv(['', () => 'any']), {})).toEqual(['column-name']);
    expect(await checksOf(csv(['', () => 'any']), { include: ['x'] })).toEqual([
      'accepted late',
      'accepted x',
    ]);
  });
});
