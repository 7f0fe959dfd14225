import { csvLine, encodeRow } from '@tidemark/domain/datasets/encoding.ts';
import {
  fromLine,
  fromPrediction,
  fromRecord,
  monitoredColumns,
  UnreadableCaptureError,
  unknownCategories,
} from '@tidemark/domain/windows/monitored-form.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  date,
  distance,
  encodingOf,
  encodings,
  international,
  origin,
  recordsOf,
} from '../../capture/encodings.ts';

const encoding = encodingOf(distance, international, origin, date);

describe('monitoredColumns', () => {
  it('has a column per encoded column, and the prediction last', () => {
    expect(monitoredColumns(encoding)).toEqual([
      { name: 'distance', type: 'number' },
      { name: 'international', type: 'category' },
      { name: 'origin', type: 'category' },
      { name: 'date.hour', type: 'category' },
      { name: 'date.day-of-week', type: 'category' },
      { name: 'prediction', type: 'number' },
    ]);
  });

  it('has the predicted class of a multiclass model as a category', () => {
    expect(monitoredColumns({ ...encoding, problem: 'multiclass' }).at(-1)).toEqual({
      name: 'prediction',
      type: 'category',
    });
  });

  it('tells a feature that is called prediction from the prediction', () => {
    const names = monitoredColumns(encodingOf({ kind: 'number', column: 'prediction' }, distance));

    expect(names.map(({ name }) => name)).toEqual(['prediction (feature)', 'distance', 'prediction']);
  });

  it('tells a feature that is called as a part of a time is from that part', () => {
    const names = monitoredColumns(encodingOf(date, { kind: 'number', column: 'date.hour' }));

    expect(names.map(({ name }) => name)).toEqual([
      'date.hour',
      'date.day-of-week',
      'date.hour (feature)',
      'prediction',
    ]);
  });
});

describe('the monitored form', () => {
  it('is the same from a raw record as from the line that it is encoded to', () => {
    const cases = encodings.chain((encoding) => fc.tuple(fc.constant(encoding), recordsOf(encoding)));

    fc.assert(
      fc.property(cases, ([encoding, record]) => {
        const line = csvLine(encodeRow(encoding, record));
        expect(fromRecord(encoding, record)).toEqual(fromLine(encoding, line));
      }),
    );
  });

  it('has a value for every column but the prediction', () => {
    const cases = encodings.chain((encoding) => fc.tuple(fc.constant(encoding), recordsOf(encoding)));

    fc.assert(
      fc.property(cases, ([encoding, record]) => {
        expect(fromRecord(encoding, record)).toHaveLength(monitoredColumns(encoding).length - 1);
      }),
    );
  });

  it.each([
    ['a number, as it is', { distance: 337.5 }, [337.5, null, null, null, null]],
    ['a number in text', { distance: ' 1e3 ' }, [1000, null, null, null, null]],
    ['a negative nothing, as nothing', { distance: -0 }, [0, null, null, null, null]],
    ['a boolean by its name', { international: 'True' }, [null, 'true', null, null, null]],
    ['a category by its name', { origin: 'JFK' }, [null, null, 'JFK', null, null]],
    ['categories of one code by the first name', { origin: 'SFO' }, [null, null, 'OAK', null, null]],
    ['a known category with the code of the others', { origin: 'LAX' }, [null, null, '(other)', null, null]],
    ['a category that was never seen', { origin: 'XXX' }, [null, null, '(other)', null, null]],
    ['parts of a time', { date: '2026-03-01T23:30:00Z' }, [null, null, null, '23', '7']],
  ])('shows %s', (_, record, expected) => {
    expect(fromRecord(encoding, record)).toEqual(expected);
    expect(fromLine(encoding, csvLine(encodeRow(encoding, record)))).toEqual(expected);
  });

  it.each([
    ['a code that no category has', '1,1,0.77,3,1', [1, 'true', '(unknown)', '3', '1']],
    ['a boolean that is neither', '1,0.5,0.5,3,1', [1, '(unknown)', 'JFK', '3', '1']],
    ['half an hour', '1,0,0.5,3.5,1', [1, 'false', 'JFK', '(unknown)', '1']],
    ['a missing number as Python prints it', 'nan,0,0.5,3,1', [null, 'false', 'JFK', '3', '1']],
  ])('makes the best of a line with %s', (_, line, expected) => {
    expect(fromLine(encoding, line)).toEqual(expected);
  });

  it('knows a code that was printed as a 32-bit float', () => {
    const precise = encodingOf(distance, { ...origin, values: { SFO: 0.123456789, JFK: 0.5 } });

    expect(fromLine(precise, `1,${Math.fround(0.123456789)}`)).toEqual([1, 'SFO']);
    expect(fromLine(precise, '1,0.12345679')).toEqual([1, 'SFO']);
  });

  it('has a lone column once, which is sent twice', () => {
    const lone = encodingOf(distance, distance);

    expect(fromLine(lone, '5,5')).toEqual([5]);
    expect(fromRecord(lone, { distance: 5 })).toEqual([5]);
  });

  it.each([
    ['too few fields', '1,2', 'A line has 2 fields where the model reads 5.'],
    ['too many fields', '1,2,3,4,5,6', 'A line has 6 fields where the model reads 5.'],
    ['text', '1,1,SFO,3,1', 'The field for origin holds a text of 3 characters, which is not a number.'],
    ['nothing at all', '', 'A line has 1 fields where the model reads 5.'],
    [
      'an infinite number',
      '1e999,1,0.5,3,1',
      'The field for distance holds a text of 5 characters, which is not a number.',
    ],
  ])('refuses a line with %s', (_, line, message) => {
    expect(() => fromLine(encoding, line)).toThrow(new UnreadableCaptureError(message));
  });
});

describe('fromPrediction', () => {
  const multiclass = {
    ...encoding,
    problem: 'multiclass' as const,
    target: { column: 'cause', above: null, classes: ['carrier', 'none', 'weather'] },
  };

  it.each([
    ['the probability of yes', encoding, [0.62], 0.62],
    ['the predicted number', { ...encoding, problem: 'regression' as const }, [-3], -3],
    ['the most probable class', multiclass, [0.1, 0.2, 0.7], 'weather'],
    ['the first of equally probable classes', multiclass, [0.4, 0.4, 0.2], 'carrier'],
  ])('is %s', (_, of, prediction, expected) => {
    expect(fromPrediction(of, prediction)).toBe(expected);
  });

  it.each([
    [encoding, [0.1, 0.9], 'A prediction has 2 numbers where a binary model answers 1.'],
    [multiclass, [0.1, 0.9], 'A prediction has 2 numbers where a multiclass model answers 3.'],
  ])('refuses what the model cannot have answered', (of, prediction, message) => {
    expect(() => fromPrediction(of, prediction)).toThrow(new UnreadableCaptureError(message));
  });
});

describe('unknownCategories', () => {
  it('tells what the monitored form calls other, as it was sent', () => {
    const record = { origin: 'XXX', distance: 3 };

    expect(unknownCategories(encoding, record)).toEqual([{ column: 'origin', value: 'XXX' }]);
  });

  it.each([{ origin: 'LAX' }, { origin: null }, {}])('has none in %j', (record) => {
    expect(unknownCategories(encoding, record)).toEqual([]);
  });
});
