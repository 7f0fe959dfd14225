import { describe, expect, it } from 'vitest';
import { profileSchema } from '../../profile/profile.schema.ts';
import { type Cell, type ProfiledColumn, Profiler } from '../../profile/profiler.ts';

function columnOf(type: ProfiledColumn['type'], cells: readonly Cell[]) {
  const profiler = new Profiler([{ name: 'x', type }]);
  for (const cell of cells) profiler.addRow([cell]);
  const [column] = profileSchema.parse(profiler.finish()).columns;
  if (column === undefined) throw new Error('no column');
  return column;
}

describe('the profile of a column', () => {
  it('of numbers has their counts, extremes, moments and values', () => {
    const column = columnOf('number', [
      1,
      2,
      null,
      4,
      Number.NaN,
      5,
      Number.POSITIVE_INFINITY,
      'many',
      -0,
      0,
    ]);

    expect(column).toMatchObject({
      rows: 10,
      missing: 2,
      unreadable: 2,
      distinct: { estimate: 5, standardError: 0, registers: null },
      minimum: 0,
      maximum: 5,
      moments: { n: 6, mean: 2, m2: 22 },
      earliest: null,
      top: { complete: true, undercount: 0 },
    });
    expect(column.top?.values[0]).toEqual(['0', 2]);
    // All values are there, and tell every quantile.
    expect(column.quantiles).toBeNull();
  });

  it('of text has the most frequent values first, and those of equal frequency by name', () => {
    expect(columnOf('string', ['b', 'a', 'c', 'c', null, 7]).top?.values).toEqual([
      ['c', 2],
      ['a', 1],
      ['b', 1],
    ]);
  });

  it('keeps of a long text its beginning and a hash, so that two of them differ', () => {
    const [first, second] = ['é'.repeat(500), `${'é'.repeat(499)}e`];
    const column = columnOf('string', [first, second, first]);

    expect(column.distinct.estimate).toBe(2);
    const values = column.top?.values ?? [];
    expect(values.map(([, rows]) => rows)).toEqual([2, 1]);
    for (const [value] of values) {
      expect(value).toMatch(/^é{118}…[0-9a-f]{16}$/);
      expect(Buffer.byteLength(value)).toBeLessThanOrEqual(256);
    }
  });

  it('of truth values and times has what they have', () => {
    expect(columnOf('boolean', [true, false, true, null, 'true']).top?.values).toEqual([
      ['true', 2],
      ['false', 1],
    ]);
    expect(
      columnOf('timestamp', [new Date('2026-03-01T12:00:00.5Z'), new Date('1969-12-31T23:59:59Z'), null]),
    ).toMatchObject({
      missing: 1,
      minimum: null,
      moments: null,
      quantiles: null,
      earliest: '1969-12-31T23:59:59.000Z',
      latest: '2026-03-01T12:00:00.500Z',
    });
  });

  it('without values says so', () => {
    expect(columnOf(null, [null, null])).toMatchObject({ rows: 2, missing: 2, top: null, moments: null });
    expect(columnOf('number', [null])).toMatchObject({
      missing: 1,
      minimum: null,
      moments: { n: 0, mean: 0, m2: 0 },
      quantiles: null,
    });
  });

  it('holds numbers whose sum is beyond the largest there is', () => {
    const { moments } = columnOf('number', [Number.MAX_VALUE, Number.MAX_VALUE, -Number.MAX_VALUE]);

    expect(moments?.mean).toBeCloseTo(Number.MAX_VALUE / 3, -300);
    expect(moments?.m2).toBe(Number.MAX_VALUE);
  });
});

describe('a profiler', () => {
  it('takes cells by the column, in any order; those that do not come are missing', () => {
    const profiler = new Profiler([
      { name: 'a', type: 'number' },
      { name: 'b', type: 'string' },
    ]);
    profiler.addText(1, 'x');
    profiler.addNumber(0, 1);
    profiler.addNumber(0, 2);
    profiler.endRows(3);

    expect(profiler.finish().columns.map(({ rows, missing }) => [rows, missing])).toEqual([
      [3, 1],
      [3, 2],
    ]);
  });

  it('refuses text for numbers, edges for text, and more cells than rows', () => {
    const profiler = new Profiler([{ name: 'a', type: 'number' }]);
    expect(() => profiler.addText(0, 'x')).toThrow('Column 0 (a, number) was given text.');
    expect(
      () =>
        new Profiler([{ name: 'a', type: 'string' }], {
          plan: { schemaVersion: 1, columns: [{ kind: 'edges', name: 'a', edges: [1] }] },
        }),
    ).toThrow('its plan has edges');
    profiler.addNumber(0, 1);
    expect(() => profiler.finish()).toThrow('more cells than the 0 rows');
  });
});
