import { writeFile } from 'node:fs/promises';
import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateFile } from '../../functions/ingest/validate-file.ts';

const definition = definitionSchema.parse({ name: 'any', problem: 'binary', target: 'y' });

/** Names the content of a file, as ingest finds it. */
function contentOf(text: string) {
  return Database.with(1769, async (database) => {
    const path = database.path('file');
    await writeFile(path, text);
    const { part } = await validateFile(database, path, definition, undefined);
    return part.partHash;
  });
}

interface Row {
  readonly n: string;
  readonly s: string;
  readonly t: string;
  readonly b: string;
  readonly y: string;
}
const rowsOf: fc.Arbitrary<Row[]> = fc.array(
  fc.record({
    n: fc.oneof(fc.integer().map(String), fc.constantFrom('1.5', '-0', '')),
    s: fc.constantFrom('pro', 'Zürich', 'a b', 'say "x"', 'a,b', ''),
    t: fc.constantFrom('2026-01-05', '2026-01-05T12:30:00Z', ''),
    b: fc.constantFrom('true', 'false', ''),
    y: fc.constantFrom('yes', 'no'),
  }),
  { minLength: 30, maxLength: 30 },
);

const names = ['n', 's', 't', 'b', 'y'] as const;
const quoted = (text: string) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const blank = (at: number) => ['', ' ', '\t', '  '][at % 4] ?? '';

/** The same rows, spelled otherwise. */
const spellings: Readonly<Record<string, (rows: readonly Row[]) => string>> = {
  'with CR LF at line ends, and none at the last': (rows) => csv(rows, names, '\r\n').trimEnd(),
  'with CR at line ends': (rows) => csv(rows, names, '\r'),
  'after a byte-order mark': (rows) => `\ufeff${csv(rows, names)}`,
  'in another order, columns too': (rows) => csv(rows.toReversed(), names.toReversed()),
  'with blanks around values': (rows) =>
    csv(rows, names, '\n', (text, at) =>
      /[",]/.test(text)
        ? `"${blank(at)}${text.replaceAll('"', '""')}${blank(at + 1)}"`
        : `${blank(at)}${text}${blank(at + 1)}`,
    ),
  'in quotes': (rows) => csv(rows, names, '\n', (text) => `"${text.replaceAll('"', '""')}"`),
  'with semicolons': (rows) =>
    csv(rows, names, '\n', (text) => (/[";]/.test(text) ? quoted(`${text}`) : text), ';'),
  'as JSON Lines': (rows) => rows.map((row) => JSON.stringify(row)).join('\n'),
  'as JSON Lines with fields in another order, absent ones and blanks': (rows) =>
    rows
      .map((row, at) => {
        const fields = names.toSorted(
          (a, b) => ((names.indexOf(a) + at) % 5) - ((names.indexOf(b) + at) % 5),
        );
        const present = fields.filter((name) => row[name] !== '' || name === 'y' || at === 0);
        return `{ ${present.map((name) => `"${name}" : ${JSON.stringify(`${blank(at)}${row[name]}`)}`).join(' , ')} }`;
      })
      .join('\r\n'),
  'as one JSON array': (rows) => JSON.stringify(rows, null, 2),
};

function csv(
  rows: readonly Row[],
  columns: readonly (keyof Row)[],
  end = '\n',
  cell: (text: string, at: number) => string = quoted,
  delimiter = ',',
) {
  const lines = rows.map((row, at) =>
    columns.map((name, place) => cell(row[name], at + place)).join(delimiter),
  );
  return [columns.join(delimiter), ...lines, ''].join(end);
}

describe('rows are the same content, and so the same dataset,', () => {
  it.each(Object.keys(spellings))('%s', async (name) => {
    await fc.assert(
      fc.asyncProperty(rowsOf, async (rows) => {
        expect(await contentOf(csv(rows, names))).toBe(await contentOf(spellings[name]?.(rows) ?? ''));
      }),
      { numRuns: 2, endOnFailure: true },
    );
  });
});
