import type { Encoding, FeatureEncoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import {
  csvLine,
  encodedColumnsOf,
  encodeRow,
  UnencodableValueError,
} from '@tidemark/domain/datasets/encoding.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const number: FeatureEncoding = { kind: 'number', column: 'distance' };
const boolean: FeatureEncoding = { kind: 'boolean', column: 'international' };
const category: FeatureEncoding = {
  kind: 'category',
  column: 'origin',
  values: { SFO: 0.25, 'New\n"York"': 0.5, 東京: 0.75, constructor: 0.8, '1.0': 0.9, '01': 0.2, True: 0.1 },
  other: 0.4,
  method: 'target-mean',
};
const time: FeatureEncoding = {
  kind: 'time',
  column: 'date',
  parts: ['hour', 'day-of-week', 'day-of-month', 'month', 'day-of-year'],
};

function encodingOf(...features: FeatureEncoding[]): Encoding {
  return {
    schemaVersion: 1,
    model: 'flight-delay',
    problem: 'binary',
    target: { column: 'delay', above: 15, classes: ['at most 15', 'above 15'] },
    features,
    encodedColumns: features.flatMap(encodedColumnsOf),
  };
}

const one = (feature: FeatureEncoding, value: unknown) =>
  encodeRow(encodingOf(feature), { [feature.column]: value });

describe('encodeRow', () => {
  it('encodes the columns in the order of the encoding, whatever the order of the record', () => {
    const encoding = encodingOf(number, boolean, category, time);

    const row = encodeRow(encoding, {
      date: '2001-02-28T23:59:00Z',
      origin: 'SFO',
      surprise: 'ignored',
      international: true,
      distance: 337.5,
    });

    expect(row).toEqual([337.5, 1, 0.25, 23, 3, 28, 2, 59]);
    expect(encoding.encodedColumns).toHaveLength(row.length);
    expect(csvLine(row)).toBe('337.5,1,0.25,23,3,28,2,59');
  });

  it('leaves a missing value empty, whether the column is null or absent', () => {
    const encoding = encodingOf(number, boolean, category, time);

    expect(csvLine(encodeRow(encoding, {}))).toBe(',,,,,,,');
    expect(encodeRow(encoding, { distance: null, international: null, origin: null, date: null })).toEqual(
      encodeRow(encoding, {}),
    );
  });

  it.each([
    [number, '12', 12],
    [number, ' 1e-3 ', 0.001],
    [number, '', null],
    [number, Number.NaN, null],
    [number, 'NA', null],
    [number, 2 ** 60, 2 ** 60],
    [number, '007', 7],
    [boolean, false, 0],
    [boolean, 'True', 1],
    [boolean, 1, 1],
    [boolean, '0', 0],
    [boolean, ' NULL ', null],
    [category, 'New\n"York"', 0.5],
    [category, '東京', 0.75],
    [category, 'constructor', 0.8],
    [category, 'toString', 0.4],
    [category, '__proto__', 0.4],
    [category, '', null],
    [category, ' \u00a0', null],
    [category, '\tSFO ', 0.25],
    [category, 'NA', 0.4],
    [{ ...category, missing: ['NA'] }, 'NA', null],
    [{ ...category, missing: ['NA'] }, ' NA ', null],
    [category, 'sfo', 0.4],
    [category, 7, 0.4],
    [category, 1, 0.9],
    [category, '1', 0.4],
    [category, true, 0.1],
    [category, false, 0.4],
  ])('%# reads %o as it should', (feature, value, expected) => {
    expect(one(feature, value)).toEqual([expected]);
  });

  it.each([
    [number, 'abc', /distance holds a text of 3 characters, which is not a number/],
    [number, '0x10', /not a number/],
    [number, Number.POSITIVE_INFINITY, /holds Infinity, which is not a number that 32 bits can hold\. Leave/],
    [number, 1e39, /holds a number, which is not a number/],
    [number, '-1e39', /not a number/],
    [number, true, /not a number/],
    [number, [1], /not a number/],
    [boolean, 'maybe', /international holds a text of 5 characters, which is not true or false/],
    [category, { a: 1 }, /origin holds an object, which is not a text/],
    [time, 'yesterday', /date holds a text of 9 characters, which is not a time such as/],
    [time, '2001-02-30', /not a time/],
    [time, 981_158_400_000, /not a time such as/],
    [{ ...time, format: 'epoch-seconds' }, '2001-02-03', /not a time in the format epoch-seconds/],
  ])('%# refuses %o and says why', (feature, value, message) => {
    expect(() => one(feature, value)).toThrow(UnencodableValueError);
    expect(() => one(feature, value)).toThrow(message);
  });

  it('does not look up the tree of prototypes for a column', () => {
    expect(
      encodeRow(
        encodingOf({ kind: 'category', column: 'toString', values: {}, other: 1, method: 'index' }),
        {},
      ),
    ).toEqual([null]);
  });
});

describe('a timestamp', () => {
  it('has the same parts with an offset and as milliseconds since 1970, where the encoding says so', () => {
    const instants = fc.date({
      min: new Date('0100-01-01'),
      max: new Date('2999-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, fc.integer({ min: -12, max: 14 }), (instant, hours) => {
        const sign = hours < 0 ? '-' : '+';
        const local = new Date(instant.getTime() + hours * 3_600_000).toISOString().replace('Z', '');
        const offset = `${sign}${String(Math.abs(hours)).padStart(2, '0')}:00`;

        const expected = one({ ...time, format: 'epoch-milliseconds' }, instant.getTime());

        expect(one(time, instant.toISOString())).toEqual(expected);
        expect(one(time, `${local}${offset}`)).toEqual(expected);
      }),
    );
  });

  it('counts days of the week from Monday and days of the year to 366', () => {
    expect(one(time, '2024-12-31T00:00:00Z')).toEqual([0, 2, 31, 12, 366]);
    expect(one(time, '2024-03-03')).toEqual([0, 7, 3, 3, 63]);
  });
});

describe('csvLine', () => {
  it('writes every double so that it reads back as the same', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }),
        (numbers) => {
          const fields = csvLine(numbers).split(',');

          // -0 is written as 0.
          expect(fields.map(Number)).toEqual(numbers.map((each) => each + 0));
        },
      ),
    );
  });

  it('writes nothing but digits, sign, point and exponent', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(csvLine([value, null])).toMatch(/^-?\d+(\.\d+)?(e[+-]\d+)?,$/);
      }),
    );
  });
});
