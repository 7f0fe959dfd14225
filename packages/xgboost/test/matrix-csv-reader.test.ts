import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Matrix, MINUS_ONE } from '../matrix.ts';
import { MatrixCsvReader } from '../matrix-csv-reader.ts';

function read(text: string, labelled = true, chunkSize = text.length || 1): Matrix {
  const reader = new MatrixCsvReader({ source: 'a.csv', labelled });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunkSize) reader.push(bytes.subarray(at, at + chunkSize));
  reader.endSource();
  return reader.matrix();
}

describe('CsvReader', () => {
  test('takes the first column for the label and the others for features', () => {
    const matrix = read('1,0.5,3\n0,-2.25,1e3\n');

    expect(matrix).toMatchObject({ rows: 2, columns: 2 });
    expect([...matrix.labels]).toEqual([1, 0]);
    expect([...matrix.values]).toEqual([0.5, 3, -2.25, 1000]);
  });

  test('takes every column for a feature in data without labels', () => {
    expect([...read('1,2\n3,4', false).values]).toEqual([1, 2, 3, 4]);
  });

  test.each([
    ['an empty field', '1,,2\n'],
    ['blanks', '1,  ,2\n'],
    ['nan', '1,nan,2\n'],
    ['NaN', '1,NaN,2\n'],
  ])('reads %s as missing', (_, text) => {
    expect([...read(text).values]).toEqual([Number.NaN, 2]);
  });

  test('moves a real -1 off the value that means missing to XGBoost', () => {
    expect([...read('1,-1,-1.0,-0.5\n').values]).toEqual([MINUS_ONE, MINUS_ONE, -0.5]);
    expect(MINUS_ONE).toBeGreaterThan(-1);
    expect(MINUS_ONE).toBeLessThan(-0.9999999);
  });

  test('accepts Windows line ends, blank lines and a last line without an end', () => {
    const matrix = read('1,2\r\n\r\n3,4\r\n\n5,6');

    expect([...matrix.labels]).toEqual([1, 3, 5]);
    expect([...matrix.values]).toEqual([2, 4, 6]);
  });

  test('reads several files into one matrix and numbers lines by file', () => {
    const reader = new MatrixCsvReader({ source: 'a.csv', labelled: true });
    reader.push(Buffer.from('1,2'));
    reader.endSource('b.csv');
    reader.push(Buffer.from('3,4\n5,x\n'.slice(0, 4)));

    expect(reader.matrix().rows).toBe(2);
    expect(() => reader.push(Buffer.from('5,x\n'))).toThrow(
      "b.csv, line 2, column 2: 'x' is not a finite number.",
    );
  });

  test.each([
    [
      'a header',
      'label,age\n1,2\n',
      "a.csv, line 1, column 1: 'label' is not a finite number. SageMaker expects no header row.",
    ],
    ['text', '1,2\n1,yes\n', "a.csv, line 2, column 2: 'yes' is not a finite number."],
    ['infinity', '1,inf\n', "a.csv, line 1, column 2: 'inf' is not a finite number."],
    ['a number beyond float32', '1,1e300\n', "a.csv, line 1, column 2: '1e300' is not a finite number."],
    ['hexadecimal', '1,0x10\n', "a.csv, line 1, column 2: '0x10' is not a finite number."],
    ['a missing label', ',2\n', 'a.csv, line 1, column 1: the label is missing.'],
    ['a short row', '1,2,3\n1,2\n', 'a.csv, line 2: 2 columns, but the first line has 3.'],
    ['a long row', '1,2\n1,2,3\n', 'a.csv, line 2: 3 columns, but the first line has 2.'],
    ['a label alone', '1\n0\n', 'a.csv, line 1, column 2: there is a label, but no feature.'],
  ])('refuses %s and says where', (_, text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  test('reads the same whatever the chunks', () => {
    const cell = fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }).map(String), fc.constant(''));
    const row = fc.tuple(fc.integer(), cell, cell, cell).map((cells) => cells.join(','));
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 40 }),
        (rows, size) => {
          const text = `${rows.join('\n')}\n`;
          expect(read(text, true, size)).toEqual(read(text));
        },
      ),
    );
  });

  test.each([
    ['float32', fc.float({ noNaN: true, noDefaultInfinity: true })],
    ['decimal of any length', fc.double({ min: -1e30, max: 1e30, noNaN: true })],
    [
      'short decimal',
      fc.tuple(fc.integer(), fc.integer({ min: 0, max: 22 })).map(([digits, point]) => digits / 10 ** point),
    ],
  ])('reads a %s to the nearest float32', (_, values) => {
    fc.assert(
      fc.property(values, (value) => {
        const expected = Math.fround(Number(String(value)));
        expect(read(`0,${value}\n`).values[0]).toBe(expected === -1 ? MINUS_ONE : expected);
      }),
    );
  });
});
