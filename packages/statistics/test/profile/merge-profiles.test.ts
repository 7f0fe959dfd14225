import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeProfiles } from '../../profile/merge-profiles.ts';
import { planBins } from '../../profile/plan-bins.ts';
import { type ColumnProfile, type Profile, profileSchema } from '../../profile/profile.schema.ts';
import { type Cell, type ProfiledColumn, Profiler, type ProfilerOptions } from '../../profile/profiler.ts';
import { rank } from '../../profile/quantile-sketch.ts';

const columns: ProfiledColumn[] = [
  { name: 'amount', type: 'number' },
  { name: 'count', type: 'integer' },
  { name: 'note', type: 'string' },
  { name: 'code', type: 'string' },
  { name: 'flag', type: 'boolean' },
  { name: 'at', type: 'timestamp' },
  { name: 'nothing', type: null },
];

const row: fc.Arbitrary<Cell[]> = fc.tuple(
  fc.oneof(fc.constantFrom(null, 0, -0, 1, Number.NaN, Number.POSITIVE_INFINITY, 'x'), fc.double()),
  fc.oneof(fc.constant(null), fc.integer({ min: -3, max: 30 })),
  fc.oneof(fc.constant(null), fc.string({ unit: 'binary' }), fc.constantFrom('\ud800', 'é'.repeat(400), '')),
  fc.constantFrom(null, 'a', 'b', 'c', 'd'),
  fc.constantFrom(null, true, false, 7),
  fc.oneof(fc.constant(null), fc.date()),
  fc.constant(null),
);
/** Rows in pieces: sizes and contents are arbitrary, and a piece may be empty. */
const pieces = fc.array(fc.array(row, { maxLength: 40 }), { minLength: 1, maxLength: 5 });

function profileOf(rows: readonly (readonly Cell[])[], options?: ProfilerOptions): Profile {
  const profiler = new Profiler(columns, options);
  for (const cells of rows) profiler.addRow(cells);
  return profileSchema.parse(JSON.parse(JSON.stringify(profiler.finish())));
}

/** What is exact, whatever the pieces. */
function exact({ rows, columns: found }: Profile) {
  return { rows, columns: found.map(({ moments, quantiles, ...column }) => ({ ...column, n: moments?.n })) };
}

function expectSame(found: Profile, wanted: Profile): void {
  expect(exact(found)).toEqual(exact(wanted));
  for (const [index, column] of found.columns.entries()) {
    const other = wanted.columns[index];
    expectCloseMoments(column, other);
    expect(column.quantiles?.n).toBe(other?.quantiles?.n);
  }
}

/** To 1e-9 of the values' own size. */
function expectCloseMoments(found: ColumnProfile, wanted: ColumnProfile | undefined): void {
  if (found.moments === null || !wanted?.moments) {
    expect(found.moments).toBe(wanted?.moments);
    return;
  }
  const size = Math.max(Math.abs(wanted.minimum ?? 0), Math.abs(wanted.maximum ?? 0));
  expect(Math.abs(found.moments.mean - wanted.moments.mean)).toBeLessThanOrEqual(1e-9 * size);
  const squares = Math.min(Number.MAX_VALUE, size ** 2 * Math.max(1, wanted.moments.n));
  expect(Math.abs(found.moments.m2 - wanted.moments.m2)).toBeLessThanOrEqual(1e-9 * squares);
}

describe('merged profiles', () => {
  it('are what one pass over all rows gives, however the rows are cut', () => {
    fc.assert(
      fc.property(pieces, pieces, (baseline, some) => {
        const plan = planBins(profileOf(baseline.flat()), { minimumValueRows: 2, maximumBins: 4 });
        for (const options of [{}, { plan }]) {
          expectSame(
            mergeProfiles(some.map((rows) => profileOf(rows, options))),
            profileOf(some.flat(), options),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it('are the same in any order and grouping', () => {
    fc.assert(
      fc.property(pieces, pieces, pieces, (a, b, c) => {
        const plan = planBins(profileOf(a.flat()), { minimumValueRows: 2 });
        const [x, y, z] = [a, b, c].map((rows) => profileOf(rows.flat(), { plan }));
        if (!x || !y || !z) throw new Error('three profiles');

        expectSame(mergeProfiles([mergeProfiles([x, y]), z]), mergeProfiles([x, mergeProfiles([y, z])]));
        expectSame(mergeProfiles([x, y, z]), mergeProfiles([z, x, y]));
      }),
      { numRuns: 40 },
    );
  });

  it('of one is that one, and of none is empty', () => {
    const profile = profileOf([[1, 2, 'x', 'a', true, new Date(0), null]]);

    expect(mergeProfiles([profile])).toEqual(profile);
    expect(mergeProfiles([])).toEqual({ schemaVersion: 3, rows: 0, columns: [] });
  });
});

/** Numbers and texts `from` to `to`, many times as many different ones as are counted exactly. */
const range = fc
  .tuple(fc.integer({ min: 0, max: 9000 }), fc.integer({ min: 0, max: 5000 }))
  .map(([from, length]) => ({ from, to: from + length }));

function profileOfRanges(
  ranges: readonly { from: number; to: number }[],
  options?: ProfilerOptions,
): Profile {
  const profiler = new Profiler(
    [
      { name: 'number', type: 'number' },
      { name: 'text', type: 'string' },
      { name: 'time', type: 'timestamp' },
    ],
    options,
  );
  for (const { from, to } of ranges) {
    for (let value = from; value < to; value += 1) {
      profiler.addNumber(0, value / 8);
      // Some texts are frequent, and stay known however many others there are.
      profiler.addText(1, value % 3 === 0 ? `often ${value % 4}` : `text ${value}`);
      profiler.addNumber(2, value * 1000);
      profiler.endRow();
    }
  }
  return profileSchema.parse(profiler.finish());
}

describe('merged profiles of many different values', () => {
  it('have exactly the bins and the distinct counts of one pass', () => {
    const plans = [
      { from: 0, to: 1500 },
      { from: 0, to: 9000 },
    ].map((baseline) => planBins(profileOfRanges([baseline])));
    fc.assert(
      fc.property(
        fc.array(range, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(...plans),
        (some, plan) => {
          const merged = mergeProfiles(some.map((each) => profileOfRanges([each], { plan })));
          const whole = profileOfRanges(some, { plan });
          const bins = ({ columns: found }: Profile) =>
            found.map(({ rows, distinct, minimum, maximum, earliest, latest, histogram, categories }) => ({
              ...{ rows, distinct, minimum, maximum, earliest, latest, histogram },
              ...(categories && { values: categories.values, other: categories.other, new: categories.new }),
            }));

          expect(bins(merged)).toEqual(bins(whole));
        },
      ),
      { numRuns: 10 },
    );
  });

  it('stand for all numbers within their error, though some parts have all their values and others a sketch', () => {
    const parts = [
      { from: 0, to: 1500 },
      { from: 1500, to: 9000 },
      { from: 9000, to: 9700 },
    ].map((part) => profileOfRanges([part], { seed: part.from }));
    expect(parts.map(({ columns: [number] }) => number?.quantiles === null)).toEqual([true, false, true]);

    const sketch = mergeProfiles(parts).columns[0]?.quantiles;

    if (!sketch) throw new Error('no sketch');
    expect(sketch.n).toBe(9700);
    for (let value = 0; value < 9700; value += 97) {
      const error = Math.abs(rank(sketch, value / 8) - (value + 1) / 9700);
      expect(error).toBeLessThanOrEqual(sketch.rankError);
    }
  });

  it('list the frequent ones, each counted to within what they state, which is 1/257 of the rows', () => {
    fc.assert(
      fc.property(fc.array(range, { minLength: 2, maxLength: 5 }), (some) => {
        const rowsOf = new Map<string, number>();
        for (const { from, to } of some) {
          for (let value = from; value < to; value += 1) {
            const text = value % 3 === 0 ? `often ${value % 4}` : `text ${value}`;
            rowsOf.set(text, (rowsOf.get(text) ?? 0) + 1);
          }
        }

        const merged = mergeProfiles(some.map((each) => profileOfRanges([each])));

        const top = merged.columns[1]?.top;
        if (!top) throw new Error('no top values');
        expect(top.complete).toBe(rowsOf.size <= 2048);
        expect(top.undercount).toBeLessThanOrEqual(merged.rows / 257);
        const listed = new Map(top.values);
        for (const [text, rows] of rowsOf) {
          const found = listed.get(text) ?? 0;
          expect(found).toBeLessThanOrEqual(rows);
          expect(found + top.undercount).toBeGreaterThanOrEqual(rows);
        }
      }),
      { numRuns: 10 },
    );
  });
});

describe('profiles that do not go together', () => {
  const one = (type: ProfiledColumn['type'], cell: Cell, options?: ProfilerOptions) => {
    const profiler = new Profiler([{ name: 'x', type }], options);
    profiler.addRow([cell]);
    return profiler.finish();
  };

  it.each([
    ['integer', 'number', 'number'],
    ['number', 'integer', 'number'],
    [null, 'timestamp', 'timestamp'],
  ] as const)('%s and %s make %s', (first, second, merged) => {
    expect(mergeProfiles([one(first, null), one(second, null)]).columns[0]?.type).toBe(merged);
  });

  it('are refused for types that differ', () => {
    expect(() => mergeProfiles([one('number', 1), one('string', 'a')])).toThrow(
      'The column x is number in one profile and string in another',
    );
  });

  it.each([
    [
      { kind: 'edges', name: 'x', edges: [1] },
      { kind: 'edges', name: 'x', edges: [2] },
    ],
    [{ kind: 'edges', name: 'x', edges: [1] }, undefined],
    [
      { kind: 'values', name: 'x', values: ['1'], rare: '' },
      { kind: 'values', name: 'x', values: ['1'], rare: null },
    ],
    [
      { kind: 'values', name: 'x', values: ['1'], rare: '' },
      { kind: 'values', name: 'x', values: ['2'], rare: '' },
    ],
  ] as const)('are refused for bins that differ', (first, second) => {
    const [a, b] = [first, second].map((column) =>
      one(
        'number',
        1,
        column && {
          plan: {
            schemaVersion: 1,
            columns: [
              {
                ...column,
                ...('edges' in column ? { edges: [...column.edges] } : { values: [...column.values] }),
              },
            ] as never,
          },
        },
      ),
    );
    if (!a || !b) throw new Error('two profiles');
    expect(() => mergeProfiles([a, b])).toThrow('different bins');
  });
});
