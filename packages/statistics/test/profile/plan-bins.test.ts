import { describe, expect, it } from 'vitest';
import { planBins } from '../../profile/plan-bins.ts';
import { type Cell, type ProfiledColumn, Profiler } from '../../profile/profiler.ts';
import { normal, randomNumbers } from './random-numbers.ts';

function profileOf(type: ProfiledColumn['type'], cells: readonly Cell[], plan?: ReturnType<typeof planBins>) {
  const profiler = new Profiler([{ name: 'x', type }], plan && { plan });
  for (const cell of cells) profiler.addRow([cell]);
  return profiler.finish();
}

/** Plans bins for the cells, and counts them in these. */
function planned(type: ProfiledColumn['type'], cells: readonly Cell[]) {
  const plan = planBins(profileOf(type, cells));
  const [column] = profileOf(type, cells, plan).columns;
  return { plan: plan.columns[0], column };
}

const repeated = <T>(value: T, times: number): T[] => Array.from({ length: times }, () => value);

describe('bins of numbers', () => {
  it('hold about as many rows of the baseline each, the open ones too', () => {
    const random = randomNumbers(1);
    const { column } = planned(
      'number',
      Array.from({ length: 50_000 }, () => normal(random)),
    );

    const counts = column?.histogram?.counts ?? [];
    expect(counts).toHaveLength(20);
    for (const count of counts) expect(Math.abs(count / 50_000 - 0.05)).toBeLessThan(0.015);
  });

  it('give a frequent value a bin for itself, and none is empty', () => {
    const random = randomNumbers(2);
    const { plan, column } = planned('number', [
      ...repeated(0, 6000),
      ...Array.from({ length: 4000 }, () => Math.floor(random() * 1000) + 1),
    ]);

    expect(plan).toMatchObject({ kind: 'edges' });
    const counts = column?.histogram?.counts ?? [];
    expect(counts[0]).toBe(6000);
    expect(Math.min(...counts)).toBeGreaterThan(100);
  });

  it('tell a value that nearly all rows have from the others', () => {
    const { column } = planned('integer', [
      ...repeated(7, 9900),
      ...Array.from({ length: 100 }, (_, i) => i + 8),
    ]);

    expect(column?.histogram).toEqual({ edges: [8], counts: [9900, 100] });
  });

  it('are half open: a value that equals an edge is above it', () => {
    const plan = {
      schemaVersion: 1 as const,
      columns: [{ kind: 'edges' as const, name: 'x', edges: [0, 10] }],
    };

    expect(profileOf('number', [-1, -0, 0, 9.9, 10, 11], plan).columns[0]?.histogram).toEqual({
      edges: [0, 10],
      counts: [1, 3, 2],
    });
  });

  it('are one for each value when there are few; what was never seen is new', () => {
    const plan = planBins(profileOf('integer', [...repeated(1, 30), ...repeated(2.5, 40), 9]));

    expect(plan.columns[0]).toMatchObject({ kind: 'values', values: ['2.5', '1'] });
    expect(profileOf('integer', [1, 2.5, 9, 10, 10, null], plan).columns[0]?.categories).toEqual({
      values: [
        { value: '2.5', rows: 1 },
        { value: '1', rows: 1 },
      ],
      other: 1,
      new: 2,
      topNew: { complete: true, undercount: 0, values: [['10', 2]] },
    });
  });
});

describe('bins of categories', () => {
  it('are those with enough rows, most frequent first; the rest is other, and what was never seen is new', () => {
    const baseline = [
      ...repeated('SFO', 100),
      ...repeated('Zürich', 50),
      ...repeated('LAX', 20),
      'rare',
      'rarer',
    ];
    const plan = planBins(profileOf('string', baseline));

    expect(plan.columns[0]).toMatchObject({ kind: 'values', values: ['SFO', 'Zürich', 'LAX'] });
    expect(
      profileOf('string', ['SFO', 'rare', 'rarer', 'x', 'y', 'x', null], plan).columns[0]?.categories,
    ).toEqual({
      values: [
        { value: 'SFO', rows: 1 },
        { value: 'Zürich', rows: 0 },
        { value: 'LAX', rows: 0 },
      ],
      other: 2,
      new: 3,
      topNew: {
        complete: true,
        undercount: 0,
        values: [
          ['x', 2],
          ['y', 1],
        ],
      },
    });
  });

  it('are a hundred at most', () => {
    const baseline = Array.from({ length: 150 }, (_, index) => repeated(`v${index}`, 20 + index)).flat();
    const plan = planBins(profileOf('string', baseline)).columns[0];

    if (plan?.kind !== 'values') throw new Error('no values');
    expect(plan.values).toHaveLength(100);
    expect(plan.values[0]).toBe('v149');
    expect(Buffer.from(plan.rare ?? '', 'base64')).toHaveLength(50 * 8);
  });

  it('cannot tell a new value where the baseline has more than it keeps, and say so', () => {
    const baseline = [
      ...repeated('often', 500),
      ...Array.from({ length: 3000 }, (_, index) => `one ${index}`),
    ];
    const plan = planBins(profileOf('string', baseline));

    expect(plan.columns[0]).toMatchObject({ values: ['often'], rare: null });
    expect(profileOf('string', ['often', 'one 1', 'never'], plan).columns[0]?.categories).toMatchObject({
      values: [{ value: 'often', rows: 1 }],
      other: 2,
      new: null,
    });
  });

  it('are both truth values', () => {
    const { column } = planned('boolean', [...repeated(true, 30), ...repeated(false, 70), null]);

    expect(column?.categories?.values).toEqual([
      { value: 'false', rows: 70 },
      { value: 'true', rows: 30 },
    ]);
  });
});

it.each([
  ['a time', 'timestamp', [new Date(0), new Date(1)]],
  ['a column without values', 'number', [null, null]],
  ['a column without a type', null, [null]],
] as const)('%s has no bins', (_, type, cells) => {
  expect(planBins(profileOf(type, cells)).columns).toEqual([]);
});
