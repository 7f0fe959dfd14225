import { writeFile } from 'node:fs/promises';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { parseRecords } from '../../functions/ingest/csv-dialect.ts';
import { CsvScanner, withoutBlanks } from '../../functions/ingest/csv-scan.ts';
import { UnacceptableFileError } from '../../functions/ingest/data-finding.ts';
import { readCsv } from '../../functions/ingest/read-csv.ts';

const wanted = { isUsed: () => true, listsFeatures: false, times: [] };

/** The problems of a CSV file, read by the real engine; none if it is accepted. */
function problemsOf(text: string) {
  return Database.with(512, async (database) => {
    const path = database.path('file.csv');
    await writeFile(path, text);
    try {
      await readCsv(database, path, { text, isAll: true }, wanted);
      return [];
    } catch (error) {
      if (error instanceof UnacceptableFileError) return error.problems;
      throw error;
    }
  });
}

describe('a CSV file of which lines have a field too many is rejected with their numbers, when that is', () => {
  it.each([
    ['an empty one in all lines', 'a,b\n1,2,\n3,4,\n', 2, ['line 2', 'line 3']],
    ['an empty one in some lines', 'a,b\n1,2\n3,4,\n5,6\n', 1, ['line 3']],
    ['an empty one in the last line, which has no end', 'a,b\n1,2\n3,4,', 1, ['line 3']],
    ['an empty one in quotes', 'a,b\n1,2\n3,4,""\n', 1, ['line 3']],
    ['several empty ones', 'a,b\n1,2,,,\n3,4\n', 1, ['line 2']],
    ['spelled like a missing value', 'a,b\n1,2\n3,4,NA\n', 1, ['line 3']],
    [
      'a value, beside lines with an empty one and with one too few',
      'a,b\n1,2,x\n3\n4,5,\n',
      3,
      ['line 2', 'line 3', 'line 4'],
    ],
    ['after a value of several lines', 'a,b\n1,"2,\n,\n"\n3,4,\n', 1, ['line 5']],
    ['after a quote with blanks around it', 'a,b\n1, "2,\n" \n3, "4,4" ,\n', 1, ['line 4']],
    ['after a quote within a value', 'a,b\n1,5" pipe\n3,5",\n', 1, ['line 3']],
    ['after doubled quotes', 'a,b\n1,"""2"","\n3,"4"",",\n', 1, ['line 3']],
    ['separated by semicolons', 'a;b\n1;2,5;\n', 1, ['line 2']],
  ])('%s', async (_, text, count, places) => {
    const [problem, ...others] = await problemsOf(text);

    expect(others).toEqual([]);
    expect(problem).toMatchObject({ check: 'csv-ragged' });
    expect(problem?.what).toContain(
      `${count} line${count === 1 ? '' : 's'} with more or fewer fields than the 2 names`,
    );
    expect(problem?.examples.map(({ where }) => where)).toEqual(places);
  });

  it.each([
    ['the last value is missing', 'a,b\n1,\n2,3\n,\n'],
    ['separators stand in quotes', 'a,b\n1,"2,"\n3, "4,,"\n5,",\n,"\n'],
    ['blank lines follow', 'a,b\n1,2\n\n\n'],
    ['lines of blanks follow', 'a,b\n1,2\n  \n\t\n'],
    ['lines of blanks stand among blanks around quotes', 'a,b\n 1,  "2" \n \n3,4\n'],
    ['the first line says the separator, a comma among other things', 'sep=;\na,x;b\n1,5;2\n'],
  ])('and accepted when %s', async (_, text) => {
    expect(await problemsOf(text)).toEqual([]);
  });

  it('counts lines from the one that says the separator', async () => {
    const [problem] = await problemsOf('sep=;\na;b\n1;2\n3\n4;5;\n');

    expect(problem?.what).toContain(
      '2 lines with more or fewer fields than the 2 names of line 2, the first at line 4',
    );
    expect(problem?.examples).toEqual([
      { where: 'line 4', text: '3' },
      { where: 'line 5', text: '4;5;' },
    ]);
  });

  it('says of quotes that are not in order only that', async () => {
    const problems = await problemsOf('a,b\n1\n2,3,\n4,"5"x\n');

    expect(problems).toMatchObject([{ check: 'csv-quotes', examples: [{ where: 'line 4' }] }]);
    expect(problems[0]?.what).toContain('1 line with a quote');
  });
});

it('a first line that says the separator is no row of the data', async () => {
  await Database.with(512, async (database) => {
    const [path, text] = [database.path('file.csv'), 'sep=;\na,x;b\n1,5;2\n3,5;4\n'];
    await writeFile(path, text);

    const file = await readCsv(database, path, { text, isAll: true }, wanted);

    expect(file).toMatchObject({ names: ['a,x', 'b'], rows: 2 });
    expect(await database.rows(`FROM ${file.relation}`, z.record(z.string(), z.string()))).toEqual([
      { field_1: '1,5', field_2: '2' },
      { field_1: '3,5', field_2: '4' },
    ]);
  });
});

describe('the scan for fields too many', () => {
  it('finds what a parser of whole records finds, wherever the file is cut into chunks', () => {
    const value = fc.string({ unit: fc.constantFrom('a', 'é', ' ', '"', ',', '\n'), maxLength: 5 });
    const field = fc.oneof(
      value.map((text) => `"${text.replaceAll('"', '""')}"`),
      fc.constantFrom('', 'x', 'x"', 'x y', ' ', '  "y, z" '),
    );
    const records = fc.array(fc.array(field, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 });

    fc.assert(
      fc.property(records, fc.integer({ min: 1, max: 7 }), (rows, chunk) => {
        const text = rows.map((row) => `${row.join(',')}\n`).join('');
        const bytes = Buffer.from(text);
        const scan = new CsvScanner(',', 3);
        for (let at = 0; at < bytes.length; at += chunk) scan.read(bytes.subarray(at, at + chunk));
        const { surplus } = scan.end();

        const long = parseRecords(text, ',', 100, true).map(({ length }) => length > 3);
        expect(surplus.count).toBe(long.filter(Boolean).length);
        const lines = rows.map((row) => row.join(','));
        const startOf = (index: number) =>
          lines.slice(0, index).join('\n').split('\n').length + (index > 0 ? 1 : 0);
        const expected = long.flatMap((isLong, index) =>
          isLong ? [{ line: startOf(index), text: lines[index] }] : [],
        );
        expect(
          surplus.first.map(({ line, start, end }) => ({
            line,
            text: bytes.subarray(start, end).toString(),
          })),
        ).toEqual(expected.slice(0, 5));
      }),
    );
  });
});

/** The rows of a CSV file as texts without blanks around them, or `undefined` if it is not accepted. */
function rowsOf(text: string): Promise<string[][] | undefined> {
  return Database.with(512, async (database) => {
    const path = database.path('file.csv');
    await writeFile(path, text);
    try {
      const { relation } = await readCsv(database, path, { text, isAll: true }, wanted);
      const rows = await database.rows(`FROM ${relation}`, z.record(z.string(), z.string().nullable()));
      return rows.map((row) => Object.values(row).map((value) => value?.trim() ?? ''));
    } catch (error) {
      if (error instanceof UnacceptableFileError) return undefined;
      throw error;
    }
  });
}

const blanks = fc.constantFrom('', ' ', '  ', '\t', ' \t  ');
/** A tab in the first line may be a separator. */
const spaces = fc.constantFrom('', ' ', '  ');
/** Texts, in quotes where they need them and sometimes where not. */
const written = fc
  .tuple(
    fc.string({ unit: fc.constantFrom('a', 'é', ' ', '"', ',', '\n', '1'), maxLength: 6 }),
    fc.boolean(),
    blanks,
    blanks,
  )
  .map(([value, isQuoted, front, back]) => {
    const text = isQuoted || /["\n,]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
    return { value: value.trim(), text: `${front}${text}${back}` };
  });
const table = fc
  .array(fc.tuple(written, written, fc.constant({ value: 'x', text: 'x' })), { minLength: 1, maxLength: 6 })
  .map((rows) => ({
    values: rows.map((row) => row.map(({ value }) => value)),
    lines: rows.map((row) => row.map(({ text }) => text).join(',')),
  }));

describe('a CSV file is read whole or not at all', () => {
  it('with blanks around quotes, in rows and in the first line', async () => {
    await fc.assert(
      fc.asyncProperty(table, spaces, spaces, async ({ values, lines }, front, back) => {
        const header = ['one', 'two', 'three'].map((name) => `${front}"${name}"${back}`).join(',');

        expect(await rowsOf([header, ...lines].join('\n'))).toEqual(values);
      }),
      { numRuns: 40 },
    );
  });

  it('with a quote too many or too few somewhere', async () => {
    const place = fc.double({ min: 0, max: 1, noNaN: true });
    await fc.assert(
      fc.asyncProperty(table, place, fc.boolean(), async ({ lines }, where, adds) => {
        const right = ['"one, 1",two,three', ...lines].join('\n');
        const at = Math.floor(where * right.length);
        const text = `${right.slice(0, at)}${adds ? '"' : ''}${right.slice(adds ? at : at + 1)}`;

        const rows = await rowsOf(text);

        const records = parseRecords(text, ',', 100, true).slice(1);
        const expected = records
          .filter(({ length }) => length > 0)
          .map((row) => row.map((value) => value.trim()));
        if (rows !== undefined) expect(rows).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['age,"usage" kWh,plan\n1,2,3\n', 'line 1'],
    ['age,"usage,plan\n1,2,3\n', 'line 1'],
    ['"age" "kWh",usage,plan\n1,2,3\n', 'line 1'],
    ['age,usage,plan\n1,"2" "3",4\n', 'line 2'],
  ])('says of %j that the quotes of %s are not in order', async (text, place) => {
    const [problem] = await problemsOf(text);

    expect(problem).toMatchObject({ check: 'csv-quotes', examples: [{ where: place }] });
  });

  it('drops the same blanks wherever the file is cut into chunks', async () => {
    const text = Buffer.from('a, "b" ,\t"c ""d"" " \n  e,"  ,\n  ",  f\n');
    for (let size = 1; size <= text.length; size += 1) {
      const chunks = (async function* () {
        for (let at = 0; at < text.length; at += size) yield text.subarray(at, at + size);
      })();
      const kept: Uint8Array[] = [];
      for await (const chunk of withoutBlanks(chunks, ',')) kept.push(chunk);

      expect(Buffer.concat(kept).toString()).toBe('a,"b","c ""d"" "\ne,"  ,\n  ",f\n');
    }
  });
});
