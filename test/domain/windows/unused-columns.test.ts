import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import type { UnusedColumn } from '@tidemark/domain/windows/unused-column.schema.ts';
import { mergeUnusedFacts, spelled, UnusedColumnCounter } from '@tidemark/domain/windows/unused-columns.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedColumns } from '../../../functions/monitor/changed-columns.ts';

const columns: UnusedColumn[] = [
  { column: 'transfer', type: 'number', was: 'constant', only: '0.4149', presentShare: 1 },
  { column: 'note', type: 'string', was: 'empty', only: null, presentShare: 0 },
  { column: 'id', type: 'integer', was: 'varied', only: null, presentShare: 1 },
  { column: 'rare', type: 'number', was: 'varied', only: null, presentShare: 0.003 },
  { column: 'made', type: 'timestamp', was: 'constant', only: String(Date.UTC(2026, 0, 1)), presentShare: 1 },
];

function factsOf(records: readonly Record<string, unknown>[]) {
  const counter = new UnusedColumnCounter(columns);
  for (const record of records) counter.add(record);
  return counter.facts();
}

const monitoring = definitionSchema.parse({ name: 'any', problem: 'binary', target: 'y' }).monitoring;
const judge = (records: readonly Record<string, unknown>[], more: Partial<typeof monitoring> = {}) =>
  changedColumns(columns, factsOf(records), { ...monitoring, ...more });

const rows = (count: number, record: (row: number) => Record<string, unknown>) =>
  Array.from({ length: count }, (_, row) => record(row));
const usual = (row: number) => ({ transfer: row % 2 === 0 ? 0.4149 : '0.41490', note: null, id: row });

describe('columns that the model does not read', () => {
  it('are as they were', () => {
    expect(judge(rows(400, usual))).toEqual([]);
  });

  it.each([
    {
      title: 'was constant and varies',
      change: 'constant-varies',
      record: (row: number) => ({ transfer: row / 100 }),
    },
    { title: 'was empty and has values', change: 'empty-has-values', record: () => ({ note: 'call again' }) },
    { title: 'varied and is constant', change: 'became-constant', record: () => ({ id: 7 }) },
    { title: 'varied and is empty', change: 'became-empty', record: () => ({ id: '' }) },
  ])('are told of where one $title', ({ change, record }) => {
    const [found, ...others] = judge(rows(400, (row) => ({ ...usual(row), ...record(row) })));

    expect(others).toEqual([]);
    expect(found).toMatchObject({ change, of: 400 });
  });

  it('are told of with the value in the report alone', () => {
    const [found] = judge(rows(400, (row) => ({ ...usual(row), transfer: row })));

    expect(found?.sentence).toMatch(/^`transfer` was constant \(`0\.4149`\) in training and varies now/);
    expect(found?.announcement).toMatch(/^`transfer` was constant in training and varies now/);
  });

  it('are told of with times as times', () => {
    const [found] = judge(rows(400, (row) => ({ ...usual(row), made: new Date(row * 1e9).toISOString() })));

    expect(found?.sentence).toContain('(`2026-01-01T00:00:00.000Z`)');
  });

  it.each([
    {
      title: 'a slip in one row',
      records: rows(400, (row) => ({ ...usual(row), transfer: row === 7 ? 3 : 0.4149 })),
    },
    { title: 'too few records', records: rows(20, () => ({ transfer: 3 })) },
    {
      title: 'no value of a column that hardly ever has one',
      records: rows(400, (row) => ({ ...usual(row), rare: null })),
    },
    {
      title: 'two equal values of a column that hardly ever has one',
      records: rows(400, (row) => ({ ...usual(row), rare: row < 2 ? 7 : null })),
    },
    { title: 'a field that is not sent', records: rows(400, () => ({})) },
  ])('are not told of for $title', ({ records }) => {
    expect(judge(records)).toEqual([]);
  });

  it('are not told of where the definition excludes them from monitoring', () => {
    expect(
      judge(
        rows(400, (row) => ({ transfer: row })),
        { exclude: ['transfer'] },
      ),
    ).toEqual([]);
  });

  it('are counted alike however the records are cut', () => {
    const record = fc.record(
      {
        transfer: fc.constantFrom(0.4149, 1, null),
        note: fc.constantFrom('', 'a', 'b'),
        id: fc.integer({ min: 1, max: 2 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(fc.array(record), { minLength: 1, maxLength: 5 }), (slices) => {
        expect(mergeUnusedFacts(slices.map(factsOf))).toEqual(factsOf(slices.flat()));
      }),
    );
  });
});

describe('a value', () => {
  it.each([
    ['number', 1, '1'],
    ['number', '1.0', '1'],
    ['integer', ' 7 ', '7'],
    ['number', -0, '0'],
    ['boolean', true, 'true'],
    ['boolean', 'TRUE', 'true'],
    ['boolean', 1, 'true'],
    ['timestamp', '2026-01-01', '1767225600000'],
    ['timestamp', '2026-01-01T00:00:00Z', '1767225600000'],
    ['timestamp', 1_767_225_600_000, '1767225600000'],
    ['string', ' a ', 'a'],
    ['string', '', null],
    ['number', 'NA', null],
    ['number', null, null],
    ['number', Number.NaN, null],
  ] as const)('of type %s, %j, is read as %j', (type, value, text) => {
    expect(spelled(type, value)).toBe(text);
  });
});
