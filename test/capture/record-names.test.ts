import type { FeatureEncoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import { describe, expect, it } from 'vitest';
import { recordReadings } from '../../functions/capture/dry-run.ts';
import { encodeRecords, InvalidRecordError } from '../../functions/capture/encode-records.ts';
import { nameWarnings } from '../../functions/capture/record-names.ts';
import { date, encodingOf } from './encodings.ts';

const age: FeatureEncoding = { kind: 'number', column: 'age', neverMissing: true };
const balance: FeatureEncoding = { kind: 'number', column: 'balance' };
const plan: FeatureEncoding = {
  kind: 'category',
  column: 'plan',
  values: { pro: 1, '1.0': 2 },
  other: 0.5,
  method: 'index',
  missing: ['NA'],
};
const encoding = encodingOf(age, balance, plan);

describe('a record that names none of the model’s columns is refused', () => {
  it.each([
    [
      'of other letters',
      { Age: 40, Balance: 1500, Plan: 'pro' },
      /It has `Age`, `Balance`, `Plan`\. Did you mean `age`\?/,
    ],
    ['with a blank', { 'age ': 40 }, /It has `age `\. Did you mean `age`\?/],
    [
      'of none',
      {},
      /names none of the columns that the model reads: `age`, `balance`, `plan`\. It is empty\./,
    ],
    ['of another model', { foo: 1 }, /It has `foo`\.$/],
    ['that objects inherit', { toString: 1 }, /It has `toString`/],
  ])('with a name %s', (_, record, message) => {
    expect(() => encodeRecords(encoding, [record])).toThrow(InvalidRecordError);
    expect(() => encodeRecords(encoding, [record])).toThrow(message);
  });

  it('also among records that can be read', () => {
    expect(() => encodeRecords(encoding, [{ age: 1 }, { foo: 1 }])).toThrow(
      /^1 of 2 records .* records\[1\] names none/,
    );
  });

  it('but not when it names one and has no value for it', () => {
    expect(encodeRecords(encoding, [{ plan: null }])).toEqual([',,']);
  });
});

describe('the warnings of a request', () => {
  it('are none when records name the model’s columns and no others', () => {
    expect(nameWarnings(encoding, [{ age: 1, balance: null, plan: 'pro' }])).toEqual([]);
  });

  it('list ignored fields and absent columns once, with the name that was meant', () => {
    const records = [
      { age: 1, Plan: 'pro', foo: 1 },
      { age: 2, balance: 3, Plan: 'pro' },
    ];

    expect(nameWarnings(encoding, records)).toEqual([
      {
        code: 'ignored-fields',
        columns: ['Plan', 'foo'],
        message: 'The model does not read these fields: `Plan` (did you mean `plan`?), `foo`.',
      },
      {
        code: 'absent-columns',
        columns: ['balance', 'plan'],
        message: 'Records do not name these columns, which counts as missing: `balance`, `plan`.',
      },
    ]);
  });

  it('say when no record names a column that training never missed', () => {
    const [, warning] = nameWarnings(encoding, [{ balance: 1, plan: 'pro' }]);

    expect(warning).toMatchObject({ code: 'never-missing-in-training', columns: ['age'] });
  });
});

describe('a dry run', () => {
  it('tells how each field is read', () => {
    const [reading] = recordReadings(encodingOf(age, balance, plan, date), [
      { age: ' 007 ', plan: 1, date: '2026-01-05 12:30:00 UTC', foo: 1 },
    ]);

    expect(reading).toEqual({
      refused: null,
      columns: {
        age: { read: 'value', value: 7 },
        balance: { read: 'missing', absent: true },
        plan: { read: 'value', value: '1.0' },
        date: { read: 'value', value: '2026-01-05T12:30:00.000Z' },
        foo: { read: 'ignored' },
      },
    });
  });

  it('tells what would be refused, and what the model does not know', () => {
    const [first, second] = recordReadings(encoding, [
      { age: 'old', balance: 'NA', plan: 'plus' },
      { foo: 1 },
    ]);

    expect(first?.columns).toEqual({
      age: { read: 'refused', expected: 'a number' },
      balance: { read: 'missing', absent: false },
      plan: { read: 'unknown-category', value: 'plus' },
    });
    expect(second?.refused).toMatch(/^names none of the columns/);
  });
});
