import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BinningPlan } from '../../profile/binning-plan.schema.ts';
import { planBins } from '../../profile/plan-bins.ts';
import { type Profile, profileSchema } from '../../profile/profile.schema.ts';
import { type ProfileFileOptions, profileFile } from '../../profile/profile-file.ts';
import type { ProfiledColumn } from '../../profile/profiler.ts';
import { Database } from '../../tables/duckdb.client.ts';
import { literal, sqlTypes } from '../../tables/sql.ts';
import { randomNumbers } from './random-numbers.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'profile-file-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

let files = 0;
async function profileOfText(
  text: string | Buffer,
  options?: ProfileFileOptions,
  format: 'csv' | 'json-lines' = 'csv',
): Promise<Profile> {
  files += 1;
  const path = join(directory, `file-${files}`);
  await writeFile(path, text);
  return profileSchema.parse(await profileFile(path, format, options));
}

const columnOf = (profile: Profile, name: string) => {
  const column = profile.columns.find((each) => each.name === name);
  if (column === undefined) throw new Error(`no column ${name}`);
  return column;
};
const valuesOf = (profile: Profile, name: string) => columnOf(profile, name).top?.values;

describe('a CSV file', () => {
  it.each([
    ['line feeds', 'a,b\n1,x\n2,y\n'],
    ['carriage returns and line feeds', 'a,b\r\n1,x\r\n2,y\r\n'],
    ['no end of the last line', 'a,b\n1,x\n2,y'],
    ['a byte-order mark', '\ufeffa,b\n1,x\n2,y\n'],
    ['blank lines', 'a,b\n\n1,x\n\n2,y\n\n'],
    ['quotes', '"a","b"\r\n"1","x"\r\n"2","y"'],
  ])('with %s has the same rows', async (_, text) => {
    const profile = await profileOfText(text);

    expect(profile.rows).toBe(2);
    expect(columnOf(profile, 'a')).toMatchObject({ type: 'integer', minimum: 1, maximum: 2, missing: 0 });
    expect(valuesOf(profile, 'b')).toEqual([
      ['x', 1],
      ['y', 1],
    ]);
  });

  it('keeps delimiters, quotes and line ends that stand in quotes', async () => {
    const profile = await profileOfText('a,b\n"x, y",1\n"say ""no""",2\n"two\r\nlines",3\n');

    expect(valuesOf(profile, 'a')?.map(([value]) => value)).toEqual(['say "no"', 'two\r\nlines', 'x, y']);
    expect(columnOf(profile, 'b').maximum).toBe(3);
  });

  it('has missing values for what is spelled so, but not for what is quoted text', async () => {
    const profile = await profileOfText('a,b\nNA,NULL\n"NA",1\n,\n\\N,NaN\nnone,2\n');

    expect(columnOf(profile, 'a')).toMatchObject({ type: 'string', missing: 3 });
    expect(columnOf(profile, 'b')).toMatchObject({ type: 'integer', missing: 3 });
  });

  it('has the narrowest type that all values have, however late the first that tells', async () => {
    const rows = (last: string) => `a\n${'1\n'.repeat(3000)}${last}\n`;
    const typeOf = async (text: string) => columnOf(await profileOfText(text), 'a');

    expect(await typeOf(rows('2'))).toMatchObject({ type: 'integer', maximum: 2, unreadable: 0 });
    expect(await typeOf(rows('2.5'))).toMatchObject({ type: 'number', maximum: 2.5, unreadable: 0 });
    expect(await typeOf(rows('007'))).toMatchObject({ type: 'string', unreadable: 0 });
    expect(await typeOf(`a,b\n${',1\n'.repeat(3000)}2026-03-01,1\n`)).toMatchObject({
      type: 'timestamp',
      earliest: '2026-03-01T00:00:00.000Z',
      missing: 3000,
    });
  });

  it('of columns that are known counts what is not of their type, and leaves out what is not asked for', async () => {
    const profile = await profileOfText('a,b,c\n1,x,2\nlots,y,007\n1e999,z,\n', {
      columns: [
        { name: 'c', type: 'number' },
        { name: 'a', type: 'number' },
        { name: 'gone', type: 'string' },
      ],
    });

    expect(
      profile.columns.map(({ name, missing, unreadable, maximum }) => [name, missing, unreadable, maximum]),
    ).toEqual([
      ['c', 1, 0, 7],
      ['a', 0, 2, 1],
      ['gone', 3, 0, null],
    ]);
  });

  it('is the same in whatever blocks it is read', async () => {
    // Records of every length around the block's end, with line ends in quotes.
    const random = randomNumbers(1);
    const lines = Array.from({ length: 60_000 }, (_, row) => {
      const note = random() < 0.3 ? `"${'x\n""'.repeat(Math.floor(random() * 40))}"` : 'plain text';
      return `${row},${note},${random().toFixed(6)}`;
    });
    const text = `id,note,share\r\n${lines.join('\r\n')}`;
    expect(text.length).toBeGreaterThan(2.5e6);

    const profile = await profileOfText(text);

    expect(profile.rows).toBe(60_000);
    expect(columnOf(profile, 'id')).toMatchObject({
      minimum: 0,
      maximum: 59_999,
      moments: { mean: 29_999.5 },
    });
    expect(columnOf(profile, 'share')).toMatchObject({ type: 'number', missing: 0 });
  });

  it.each([
    ['a,b\n1,2\n3\n', 'Line 3 has fewer fields than the 2 names'],
    ['a,b\n1,2\n3,4,5\n', 'Line 3 has more fields than the 2 names'],
    ['a,b\n"x\ny",2\n3\n', 'Line 4 has fewer fields'],
    ['a,b\n1,"2\n', 'Line 2 has a quote that is not closed'],
    ['a,b\n1,"2"x\n', 'Line 2 has a quote that is not closed, or not followed'],
    ['a,b\n1,5" disk\n', 'Line 2 has a quote'],
    ['a,b,a\n1,2,3\n', 'names the column "a" twice'],
    ['', 'The file is empty'],
  ])('%j is refused by the line', async (text, message) => {
    await expect(profileOfText(text)).rejects.toThrow(message);
  });

  it('reads numbers as exactly as JavaScript does', async () => {
    const spelled = fc.oneof(
      fc.double({ noNaN: true, min: -3.4e38, max: 3.4e38 }).map(String),
      fc.tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.nat(18)).map(([digits, places]) => {
        const text = String(digits < 0n ? -digits : digits).padStart(places + 1, '0');
        const cut = text.length - places;
        return `${digits < 0n ? '-' : ''}${text.slice(0, cut)}${places > 0 ? '.' : ''}${text.slice(cut)}`;
      }),
      fc.integer().map(String),
      fc.constantFrom(
        '.5',
        '5.',
        '+1.25',
        '-0',
        '0.1e1',
        '1E5',
        '000000000000000000001',
        '0.000000000000000000000001',
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(spelled, { minLength: 1, maxLength: 200 }), async (texts) => {
        const names = texts.map((_, index) => `c${index}`);
        const profile = await profileOfText(`${names.join(',')},last\n${texts.join(',')},\n`, {
          columns: names.map((name) => ({ name, type: 'number' })),
        });

        expect(profile.columns.map(({ minimum }) => minimum)).toEqual(texts.map((text) => Number(text) + 0));
      }),
      { numRuns: 10 },
    );
  });
});

describe('the same rows', () => {
  const random = randomNumbers(5);
  const rows = Array.from({ length: 6000 }, (_, row) => ({
    id: row,
    amount: random() < 0.05 ? null : Math.round(random() * 1e6) / 1e3,
    city: random() < 0.1 ? null : ['Zürich', 'a "b"', 'c,d', 'e'][Math.floor(random() ** 2 * 4)],
    ticket: `ticket ${Math.floor(random() * 5000)}`,
    late: random() < 0.3,
    at: new Date(1.7e12 + row * 1000).toISOString(),
  }));
  const names = ['id', 'amount', 'city', 'ticket', 'late', 'at'] as const;
  const cell = (value: unknown) =>
    value === null
      ? ''
      : /[",]/.test(String(value))
        ? `"${String(value).replaceAll('"', '""')}"`
        : String(value);
  const csv = [names.join(','), ...rows.map((row) => names.map((name) => cell(row[name])).join(','))].join(
    '\n',
  );
  const jsonLines = rows.map((row) => JSON.stringify(row)).join('\n');

  it('have the same profile as CSV, as JSON Lines and as Parquet, with bins and without', async () => {
    const jsonPath = join(directory, 'rows.jsonl');
    await writeFile(jsonPath, jsonLines);
    const parquet = join(directory, 'rows.parquet');
    const rowsOfJson = `SELECT * FROM read_json(${literal(jsonPath)}, format = 'newline_delimited')`;
    await Database.with(512, (database) => database.writeParquet(rowsOfJson, parquet), [directory]);

    for (const plan of [undefined, planBins(await profileOfText(csv))]) {
      const options = plan && { plan };
      const expected = await profileOfText(csv, options);
      expect(expected.columns.map(({ type }) => type)).toEqual([
        ...['integer', 'number', 'string', 'string', 'boolean', 'timestamp'],
      ]);
      expect(await profileOfText(jsonLines, options, 'json-lines')).toEqual(expected);
      expect(profileSchema.parse(await profileFile(parquet, 'parquet', options))).toEqual(expected);
    }
  });
});

describe('a file of JSON Lines', () => {
  const profileOfJson = (text: string, options?: ProfileFileOptions) =>
    profileOfText(text, options, 'json-lines');

  it('has every name that some line uses; a value that a line does not have is missing', async () => {
    const lines = [...Array(2000).fill('{"a": 1}'), '{"b": "x", "a": 2.5}', '', '{"a": null}'];
    const profile = await profileOfJson(lines.join('\n'));

    expect(profile.rows).toBe(2002);
    expect(columnOf(profile, 'a')).toMatchObject({ type: 'number', missing: 1, maximum: 2.5 });
    expect(columnOf(profile, 'b')).toMatchObject({ type: 'string', missing: 2001 });
  });

  it('of columns that are known counts what is not of their type, and leaves out what is not asked for', async () => {
    const profile = await profileOfJson('{"a": 1, "b": 2}\n{"a": "3"}\n{"a": "many"}\n{"a": true}\n', {
      columns: [{ name: 'a', type: 'integer' }],
    });

    expect(profile.columns.map(({ name }) => name)).toEqual(['a']);
    expect(columnOf(profile, 'a')).toMatchObject({ unreadable: 2, maximum: 3 });
  });

  it.each([
    ['{"a": 1}\n{"a": \n', 'Line 2 is not JSON'],
    ['[1]\n', 'Line 1 is not an object'],
    ['{"a": 1}\n{"a": {"b": 1}}\n', 'Line 2 has an object or a list in "a"'],
  ])('%j is refused by the line', async (text, message) => {
    await expect(profileOfJson(text)).rejects.toThrow(message);
  });
});

describe('a Parquet file', () => {
  const write = async (sql: string) => {
    files += 1;
    const path = join(directory, `file-${files}.parquet`);
    await Database.with(512, (database) => database.writeParquet(sql, path), [directory]);
    return path;
  };

  it('with columns that are asked for and absent has them missing', async () => {
    const path = await write(
      "SELECT 1::UTINYINT AS small, 'a text of more than 12 bytes' AS long, DATE '2026-03-01' AS day",
    );

    const profile = await profileFile(path, 'parquet', {
      columns: [
        { name: 'small', type: 'number' },
        { name: 'gone', type: 'timestamp' },
        { name: 'long', type: 'string' },
        { name: 'day', type: 'timestamp' },
      ],
    });

    expect(profile.columns.map(({ missing }) => missing)).toEqual([0, 1, 0, 0]);
    expect(valuesOf(profile, 'long')).toEqual([['a text of more than 12 bytes', 1]]);
    expect(columnOf(profile, 'day').latest).toBe('2026-03-01T00:00:00.000Z');
  });

  describe('whose columns of few values DuckDB counts', () => {
    const random = randomNumbers(8);
    const pick = <T>(values: readonly T[]) => values[Math.floor(random() ** 2 * values.length)] ?? null;
    const longText = 'x'.repeat(300);
    const rows = Array.from({ length: 12_000 }, (_, row) => [
      pick([1, -1, 0, null, 2.5]),
      pick([true, false, null]),
      pick(['a', 'Zürich', 'more than twelve bytes', longText, null]),
      pick([new Date(0), new Date(1.7e12), null]),
      // Few values at first, and more than are counted later on.
      row < 9000 ? row % 7 : row,
      row < 9000 ? `text ${row % 7}` : `text ${row}`,
      // As many as are counted.
      row % 2048,
      ...Array.from({ length: 35 }, (_, column) => row % (column + 2)),
    ]);
    const types = ['number', 'boolean', 'string', 'timestamp', 'integer', 'string', 'integer'] as const;
    const columns: ProfiledColumn[] = Array.from({ length: 42 }, (_, index) => ({
      name: `c${index}`,
      type: types[index] ?? 'integer',
    }));
    const spelled = (cell: unknown) =>
      cell === null ? '' : cell instanceof Date ? cell.toISOString() : String(cell);
    const lines = rows.map((row) => row.map(spelled).join(','));
    const csv = [columns.map(({ name }) => name).join(','), ...lines].join('\n');
    const sqlTypeOf = (type: ProfiledColumn['type']) => sqlTypes[type ?? 'string'];

    it('has the profile of the same rows read one by one, with bins and without', async () => {
      const csvPath = join(directory, 'counted.csv');
      await writeFile(csvPath, csv);
      const sqlColumns = columns.map(({ name, type }) => `'${name}': '${sqlTypeOf(type)}'`).join(', ');
      const path = await write(`SELECT * FROM read_csv('${csvPath}', columns = {${sqlColumns}})`);
      const baseline = await profileFile(csvPath, 'csv', { columns });
      const plan = planBins(baseline, { maximumValues: 2 });

      expect(await profileFile(path, 'parquet', { columns })).toEqual(baseline);
      expect(await profileFile(path, 'parquet', { columns, plan })).toEqual(
        await profileFile(csvPath, 'csv', { columns, plan }),
      );
    });

    it('keeps the same of many new values', async () => {
      const texts = Array.from({ length: 9000 }, () => `text ${Math.floor(random() ** 2 * 2000)}`);
      const csvPath = join(directory, 'new-values.csv');
      await writeFile(csvPath, `note\n${texts.join('\n')}\n`);
      const path = await write(`SELECT * FROM read_csv(${literal(csvPath)})`);
      const plan: BinningPlan = {
        schemaVersion: 1,
        columns: [{ kind: 'values', name: 'note', values: ['text 3'], rare: '' }],
      };

      const expected = await profileFile(csvPath, 'csv', { plan });

      expect(columnOf(expected, 'note').categories?.topNew).toMatchObject({ complete: false });
      expect(await profileFile(path, 'parquet', { plan })).toEqual(expected);
    });

    it('counts NaN as missing and infinities as unreadable, of every kind of column', async () => {
      const path =
        await write(`SELECT unnest(['nan', 'infinity', '-infinity', '-0', '0', NULL])::DOUBLE AS number,
        unnest(['infinity', '-infinity', '2026-03-01', NULL, NULL, NULL])::TIMESTAMP AS time, NULL::VARCHAR AS nothing FROM range(2000)`);

      const profile = await profileFile(path, 'parquet');

      expect(columnOf(profile, 'number')).toMatchObject({
        rows: 12_000,
        missing: 4000,
        unreadable: 4000,
        minimum: 0,
        maximum: 0,
      });
      expect(valuesOf(profile, 'number')).toEqual([['0', 4000]]);
      expect(columnOf(profile, 'time')).toMatchObject({ missing: 6000, unreadable: 4000 });
      expect(columnOf(profile, 'nothing')).toMatchObject({ missing: 12_000, unreadable: 0 });
    });
  });

  it('with another type than was asked for, or with lists, is refused', async () => {
    const path = await write("SELECT 'x' AS a");
    const nested = await write('SELECT [1, 2] AS a');

    await expect(profileFile(path, 'parquet', { columns: [{ name: 'a', type: 'number' }] })).rejects.toThrow(
      'The column a holds values of the type string, and not number.',
    );
    await expect(profileFile(nested, 'parquet')).rejects.toThrow('which is not one value');
  });
});
