import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Database } from '../../functions/datasets/duckdb.client.ts';
import { parseRecords } from '../../functions/ingest/csv-dialect.ts';
import { SurplusScan } from '../../functions/ingest/csv-surplus.ts';
import { UnacceptableFileError } from '../../functions/ingest/problem.ts';
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
      fc.constantFrom('', 'x', 'x"', 'x y'),
    );
    const records = fc.array(fc.array(field, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 });

    fc.assert(
      fc.property(records, fc.integer({ min: 1, max: 7 }), (rows, chunk) => {
        const text = rows.map((row) => `${row.join(',')}\n`).join('');
        const bytes = Buffer.from(text);
        const scan = new SurplusScan(',', 3);
        for (let at = 0; at < bytes.length; at += chunk) scan.read(bytes.subarray(at, at + chunk));
        const { records: found, first } = scan.end();

        const long = parseRecords(text, ',', 100, true).map(({ length }) => length > 3);
        expect(found).toBe(long.filter(Boolean).length);
        const lines = rows.map((row) => row.join(','));
        const startOf = (index: number) =>
          lines.slice(0, index).join('\n').split('\n').length + (index > 0 ? 1 : 0);
        const expected = long.flatMap((isLong, index) =>
          isLong ? [{ line: startOf(index), text: lines[index] }] : [],
        );
        expect(
          first.map(({ line, start, end }) => ({ line, text: bytes.subarray(start, end).toString() })),
        ).toEqual(expected.slice(0, 5));
      }),
    );
  });
});
