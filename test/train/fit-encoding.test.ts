import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import { describe, expect, it } from 'vitest';
import type { Category, ColumnStatistics } from '../../functions/train/column-statistics.ts';
import { type FitTarget, fitEncoding } from '../../functions/train/fit-encoding.ts';
import { leakOfValues } from '../../functions/train/leakage.ts';

const day = 86_400_000;
const target: FitTarget = {
  model: 'any',
  problem: 'binary',
  column: 'y',
  labelling: { sql: '', classes: ['no', 'yes'], above: null },
  trainRows: 1000,
  meanLabel: 0.2,
  included: [],
};

function statistics(type: Column['type'], more: Partial<ColumnStatistics> = {}): ColumnStatistics {
  return {
    column: { name: type, type },
    present: 1000,
    lowest: type === 'string' ? null : 0,
    highest: type === 'string' ? null : 1,
    distinct: type === 'string' ? 2 : 0,
    hasTimeOfDay: true,
    countsRows: false,
    isFreeText: false,
    categories: type === 'string' ? [category('a', 600, 0.1), category('b', 400, 0.35)] : [],
    ...more,
  };
}
const category = (
  value: string,
  rows: number,
  meanLabel: number,
  more: Partial<Category> = {},
): Category => ({
  value,
  rows,
  meanLabel,
  lowestLabel: 0,
  highestLabel: 1,
  ...more,
});
/** A column beside the one in question, so that something is left. */
const other = statistics('number', { column: { name: 'other', type: 'number' } });
const fitted = (column: ColumnStatistics, of: Partial<FitTarget> = {}) =>
  fitEncoding({ ...target, ...of }, [column, other]);

describe('a text', () => {
  it('becomes the smoothed mean of the label of each category; of all rows for any other', () => {
    const [feature] = fitted(statistics('string')).encoding.features;

    expect(feature).toEqual({
      kind: 'category',
      column: 'string',
      method: 'target-mean',
      values: {
        a: Number(((600 * 0.1 + 20 * 0.2) / 620).toPrecision(9)),
        b: Number(((400 * 0.35 + 20 * 0.2) / 420).toPrecision(9)),
      },
      other: 0.2,
    });
  });

  it('becomes the rank by frequency where classes have no mean', () => {
    const [feature] = fitted(statistics('string'), { problem: 'multiclass' }).encoding.features;

    expect(feature).toMatchObject({ method: 'index', values: { a: 0, b: 1 }, other: 2 });
  });

  it('that no JSON object can hold counts as any other', () => {
    const categories = [category('__proto__', 500, 0.1), category('b', 400, 0.35)];

    const [feature] = fitted(statistics('string', { categories })).encoding.features;

    expect(feature?.kind === 'category' && Object.keys(feature.values)).toEqual(['b']);
  });
});

describe('a time', () => {
  const over = (days: number, hasTimeOfDay = true) => {
    const column = statistics('timestamp', { lowest: 0, highest: days * day, hasTimeOfDay });
    const [feature] = fitted(column).encoding.features;
    return feature?.kind === 'time' ? feature.parts : [];
  };

  it.each([
    { days: 3, parts: ['hour'] },
    { days: 20, parts: ['hour', 'day-of-week'] },
    { days: 90, parts: ['hour', 'day-of-week', 'day-of-month'] },
    { days: 800, parts: ['hour', 'day-of-week', 'day-of-month', 'month', 'day-of-year'] },
  ])('over $days days shows $parts twice', ({ days, parts }) => {
    expect(over(days)).toEqual(parts);
  });

  it('of dates alone has no hour', () => {
    expect(over(20, false)).toEqual(['day-of-week']);
  });
});

describe('a column is left out, with the reason', () => {
  it.each([
    {
      title: 'without values',
      column: statistics('number', { present: 0, lowest: null, highest: null }),
      code: 'empty',
      note: /no training row has a value/,
    },
    {
      title: 'with one number',
      column: statistics('number', { lowest: 0.4149, highest: 0.4149 }),
      code: 'constant',
      note: /only one value, `0\.4149`,/,
    },
    {
      title: 'with one truth value',
      column: statistics('boolean', { highest: 0 }),
      code: 'constant',
      note: /only one value, `false`,/,
    },
    {
      title: 'with one time',
      column: statistics('timestamp', { highest: 0 }),
      code: 'constant',
      note: /only one value, `1970-01-01T00:00:00\.000Z`,/,
    },
    {
      title: 'with one text',
      column: statistics('string', { distinct: 1, categories: [category('a', 1000, 0.2)] }),
      code: 'constant',
      note: /only one value, `a`,/,
    },
    {
      title: 'of identifiers',
      column: statistics('string', { distinct: 980, categories: [] }),
      code: 'identifier',
      note: /most of its values differ \(about 980 in 1000/,
    },
    {
      title: 'of numbers that count rows',
      column: statistics('integer', { distinct: 1000, countsRows: true }),
      code: 'identifier',
      note: /count rows.*`features\.include`/,
    },
    {
      title: 'with one text in one row',
      column: statistics('string', { present: 1, distinct: 1, categories: [] }),
      code: 'too-rare',
      note: /it has a value in 1 row of 1000: too rare/,
    },
    {
      title: 'of rare texts',
      column: statistics('string', { distinct: 300, categories: [] }),
      code: 'rare-values',
      note: /none of its values is in 10 training rows/,
    },
    {
      title: 'of free text',
      column: statistics('string', { distinct: 980, categories: [], isFreeText: true }),
      code: 'free-text',
      note: /free text, of several words/,
    },
    {
      title: 'of free text that repeats a little',
      column: statistics('string', { distinct: 400, categories: [], isFreeText: true }),
      code: 'free-text',
      note: /free text, of several words/,
    },
    {
      title: 'of one day',
      column: statistics('timestamp', { highest: day }),
      code: 'short-time',
      note: /1 days of training rows show no part of the time twice/,
    },
  ])('$title', ({ column, code, note }) => {
    const { encoding, findings } = fitted(column);

    expect(encoding.features.map((feature) => feature.column)).toEqual(['other', 'other']);
    expect(findings).toMatchObject([
      {
        column: column.column.name,
        code,
        level: code === 'free-text' ? 'warning' : 'note',
        used: false,
        sentence: expect.stringMatching(note),
      },
    ]);
  });

  it('which no announcement tells with a value of it', () => {
    const columns = [
      statistics('number', { lowest: 0.4149, highest: 0.4149 }),
      statistics('string', { distinct: 1, categories: [category('Vienna', 1000, 0.2)] }),
    ];

    const { findings } = fitEncoding(target, [...columns, other]);

    expect(findings.map(({ sentence }) => sentence).join()).toMatch(/0\.4149.*Vienna/);
    expect(findings.map(({ announcement }) => announcement).join()).not.toMatch(/0\.4149|Vienna/);
  });

  it('unless the definition includes numbers that count rows by name, of which it is warned', () => {
    const column = statistics('integer', { distinct: 1000, countsRows: true });

    const { encoding, findings } = fitted(column, { included: ['integer', 'other'] });

    expect(encoding.encodedColumns).toEqual(['integer', 'other']);
    expect(findings).toMatchObject([{ code: 'included-identifier', level: 'warning', used: true }]);
  });

  it('and one that is read in part, as most of its texts are too rare, is warned of', () => {
    const column = statistics('string', {
      distinct: 400,
      categories: [category('ok', 100, 0.2)],
      isFreeText: true,
    });

    const { encoding, findings } = fitted(column);

    expect(encoding.encodedColumns).toEqual(['string', 'other']);
    expect(findings).toMatchObject([
      {
        code: 'mostly-rare-text',
        level: 'warning',
        used: true,
        sentence: expect.stringContaining('900 of 1000'),
      },
    ]);
  });

  it('but not one value beside missing ones, which tells two kinds of rows apart', () => {
    expect(fitted(statistics('number', { highest: 0, present: 900 })).encoding.encodedColumns).toEqual([
      'number',
      'other',
    ]);
    const marked = statistics('string', { distinct: 1, present: 900, categories: [category('x', 900, 0.2)] });
    expect(fitted(marked).encoding.encodedColumns).toEqual(['string', 'other']);
  });

  it('and all of them are an error that says so', () => {
    expect(() => fitEncoding(target, [statistics('number', { highest: 0 })])).toThrow(
      /no column left to learn from\. `number` is left out: it has only one value .* Feed data with columns that vary/,
    );
  });
});

describe('a single encoded column', () => {
  it('is written twice, so that there is a comma', () => {
    expect(fitEncoding(target, [statistics('boolean')]).encoding).toMatchObject({
      features: [{ column: 'boolean' }, { column: 'boolean' }],
      encodedColumns: ['boolean', 'boolean (again)'],
    });
  });

  it('of a time with two parts is not', () => {
    const column = statistics('timestamp', { highest: 20 * day });

    expect(fitEncoding(target, [column]).encoding.encodedColumns).toEqual([
      'timestamp.hour',
      'timestamp.day-of-week',
    ]);
  });
});

describe('a column that gives the answer away', () => {
  const ranges = (...of: [number, number][]) =>
    of.map(([lowest, highest], label) => ({ label, lowest, highest }));

  it.each([
    { title: 'ranges that do not overlap', associations: ranges([5, 9], [0, 4]), warned: true },
    { title: 'ranges that touch', associations: ranges([0, 4], [4, 9]), warned: false },
    { title: 'a range within another', associations: ranges([0, 9], [3, 4]), warned: false },
    { title: 'values in one class only', associations: ranges([0, 9]), warned: false },
  ])('has $title: $warned', ({ associations, warned }) => {
    expect(leakOfValues(statistics('number'), associations, 'binary') !== undefined).toBe(warned);
  });

  it.each([
    { r: 0.99995, warned: true },
    { r: -1, warned: true },
    { r: 0.99, warned: false },
    { r: null, warned: false },
  ])('in regression is correlated by $r: $warned', ({ r, warned }) => {
    const associations = [{ label: 0, lowest: r, highest: null }];

    expect(leakOfValues(statistics('number'), associations, 'regression') !== undefined).toBe(warned);
  });

  it.each([
    { title: 'categories of one answer each', pure: [0, 1], rows: 500, warned: true },
    { title: 'categories of the same answer', pure: [1, 1], rows: 500, warned: false },
    { title: 'such categories in a part of the rows', pure: [0, 1], rows: 100, warned: false },
  ])('has $title: $warned', ({ pure, rows, warned }) => {
    const categories = pure.map((label, index) =>
      category(String(index), rows, label, { lowestLabel: label, highestLabel: label }),
    );

    expect(leakOfValues(statistics('string', { categories }), [], 'binary') !== undefined).toBe(warned);
  });
});
