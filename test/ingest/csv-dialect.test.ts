import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvDialectOf, type Delimiter, parseRecords } from '../../functions/ingest/csv-dialect.ts';

const delimiter = fc.constantFrom<Delimiter>(',', ';', '\t', '|');
const field = fc.string({
  unit: fc.constantFrom('a', 'é', ' ', '"', ',', ';', '\t', '|', '\n', '1'),
  maxLength: 6,
});
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

describe('records', () => {
  it('are read as they were written, with all fields in quotes', () => {
    const records = fc.array(fc.array(field, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 });

    fc.assert(
      fc.property(records, delimiter, (rows, separator) => {
        const text = rows.map((row) => row.map(quoted).join(separator)).join('\n');

        expect(parseRecords(text, separator, 100, true)).toEqual(rows);
      }),
    );
  });

  it('leave out the last one where the text is cut off', () => {
    expect(parseRecords('a,b\n1,"2\n3', ',', 100, false)).toEqual([['a', 'b']]);
    expect(parseRecords('a,b\n1,"2\n3', ',', 100, true)).toEqual([
      ['a', 'b'],
      ['1', '2\n3'],
    ]);
  });
});

describe('the delimiter', () => {
  it('is found among fields that hold the others', () => {
    const rows = fc.array(fc.tuple(field, field, field), { minLength: 1, maxLength: 20 });

    fc.assert(
      fc.property(rows, delimiter, (some, separator) => {
        const text = [['one', 'two', 'three'], ...some.map((row) => row.map(quoted))]
          .map((row) => row.join(separator))
          .join('\n');

        expect(csvDialectOf(text, true)).toEqual({
          delimiter: separator,
          header: ['one', 'two', 'three'],
          linesBefore: 0,
        });
      }),
    );
  });

  it.each([
    ['a comma in every value of a file with semicolons', 'price;name\n1,5;x\n2,5;y\n', ';'],
    ['a header alone', 'a|b|c', '|'],
    ['a few ragged rows', `a\tb\n${'1\t2\n'.repeat(20)}1\n1\t2,3\n`, '\t'],
  ])('is found with %s', (_, text, expected) => {
    expect(csvDialectOf(text, true).delimiter).toBe(expected);
  });

  it.each([
    ['sep=;\na,b;c\n1,5;2\n', ';', ['a,b', 'c']],
    ['SEP=,\na;x,b\n1;2,3\n', ',', ['a;x', 'b']],
    ['"sep=|"\na|b\n', '|', ['a', 'b']],
    ['sep=\t\na\tb', '\t', ['a', 'b']],
    ['sep=;\nalone\n1\n', ';', ['alone']],
  ])('is what the first line says it is: %j', (text, expected, header) => {
    expect(csvDialectOf(text, true)).toEqual({ delimiter: expected, header, linesBefore: 1 });
  });

  it.each(['sep=;,b\n1,2\n', 'sep=,b\n1,2\n', 'a,b\nsep=;\n', 'step=;\n1;2\n'])(
    'is not taken from a line that holds more, or is not the first: %j',
    (text) => {
      expect(csvDialectOf(text, true)).toMatchObject({ linesBefore: 0 });
    },
  );

  it.each([
    ['an unknown separator in the first line', 'sep=^\na^b\n', true, /names a separator that is not known/],
    ['no line after the one with the separator', 'sep=;', true, /Line 2, after `sep=`, is blank/],
    [
      'a blank line after the one with the separator',
      'sep=;\n\na;b\n',
      true,
      /Line 2, after `sep=`, is blank/,
    ],
    ['a first line that never ends', 'a,'.repeat(1000), false, /first line is longer than 2,000 characters/],
    ['a blank first line', '\na,b\n1,2\n', true, /first line is blank/],
    ['one column', 'a\n1\n2\n', true, /only one column/],
  ])('is not guessed for %s', (_, text, whole, says) => {
    expect(() => csvDialectOf(text, whole)).toThrow(says);
  });
});
