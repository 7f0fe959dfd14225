import { WindowCounter } from '@tidemark/domain/windows/window-counter.ts';
import { describe, expect, it } from 'vitest';
import { calendarColumns } from '../../functions/monitor/calendar-columns.ts';
import { compareColumns } from '../../functions/monitor/compare-columns.ts';
import { encoding, type Flight, rowOf, usualFlights, usualPlan } from '../domain/windows/rows.ts';

function profileOf(flights: readonly Flight[]) {
  const counter = new WindowCounter(usualPlan, encoding);
  for (const [id, flight] of flights.entries()) counter.add(rowOf(flight, id));
  return counter.facts().profile;
}

const reference = profileOf(usualFlights);
const compare = (flights: readonly Flight[], before = reference) =>
  compareColumns(usualPlan.columns, before, profileOf(flights));

describe('columns side by side', () => {
  it('have the same bins, and every row in one of them or without a value', () => {
    const columns = compare(
      usualFlights.slice(0, 100).map((flight, id) => ({ ...flight, distance: id < 10 ? null : 7 })),
    );

    expect(columns.map(({ name, kind, role }) => [name, kind, role])).toEqual([
      ['distance', 'number', 'feature'],
      ['origin', 'category', 'feature'],
      ['prediction', 'number', 'prediction'],
    ]);
    for (const { reference: before, current } of columns) {
      expect(current.counts).toHaveLength(before.counts.length);
      expect(before.counts.reduce((sum, count) => sum + count, before.missing)).toBe(600);
      expect(current.counts.reduce((sum, count) => sum + count, current.missing)).toBe(100);
    }
    expect(columns[0]?.current.missing).toBe(10);
  });

  it('name the bins of categories: those of training, the rare and the new ones', () => {
    const [, origin] = compare(usualFlights.map((flight) => ({ ...flight, origin: 'ATL' })));

    expect(origin).toMatchObject({
      labels: ['JFK', 'LAX', 'SFO', '(other)', '(new)'],
      // To the model an unknown airport is `(other)`, a category that training did not have.
      current: { counts: [0, 0, 0, 0, 600] },
    });
  });

  it.each([
    {
      title: 'absent if every row had it and none has it',
      before: 600,
      now: 0,
      expected: 'absent-in-window',
    },
    { title: 'merely missing if not every row had it', before: 599, now: 0, expected: 'both' },
    { title: 'unknown to a reference without values', before: 0, now: 600, expected: 'unknown-to-reference' },
  ])('say that a column is $title', ({ before, now, expected }) => {
    const having = (rows: number) =>
      usualFlights.map((flight, id) => (id < rows ? flight : { ...flight, distance: null }));

    const [distance] = compare(having(now), profileOf(having(before)));

    expect(distance?.presence).toBe(expected);
  });

  it('say what a column always was', () => {
    const constant = usualFlights.map((flight) => ({ ...flight, origin: 'JFK' }));

    expect(compare(usualFlights, profileOf(constant))[1]).toMatchObject({ constant: 'JFK' });
    expect(compare(usualFlights)[1]).not.toHaveProperty('constant');
  });

  it('are of one plan', () => {
    expect(() => compareColumns([{ name: 'speed', type: 'number' }], reference, reference)).toThrow(
      'The profile has no column speed, though it is monitored.',
    );
  });
});

describe('parts of times', () => {
  const timeParts = [
    { name: 'date.hour', cycleDays: 1 },
    { name: 'date.day-of-week', cycleDays: 7 },
  ];

  it.each([
    { every: 'day' as const, expected: ['date.day-of-week'] },
    { every: 'hour' as const, expected: ['date.hour', 'date.day-of-week'] },
  ])('whose cycle a window of one $every does not show are not judged', ({ every, expected }) => {
    expect(calendarColumns({ every }, { timeParts })).toEqual(expected);
  });
});
