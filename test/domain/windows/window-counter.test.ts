import { WindowCounter } from '@tidemark/domain/windows/window-counter.ts';
import { describe, expect, it } from 'vitest';
import { encoding, type Flight, rowOf, usualPlan } from './rows.ts';

const flight: Flight = { distance: 500, origin: 'JFK', carrier: 'WN', score: 0.7 };

function counted(...some: Partial<Flight>[]) {
  const counter = new WindowCounter(usualPlan, encoding);
  for (const [id, each] of some.entries()) counter.add(rowOf({ ...flight, ...each }, id));
  return counter;
}

describe('predictions', () => {
  it('are profiled in the bins of the baseline, and counted by score', () => {
    const facts = counted({}, { distance: null }, { score: 0.2 }).facts();

    expect(facts.rows).toBe(3);
    expect(facts.profile.columns.map(({ name, missing }) => [name, missing])).toEqual([
      ['distance', 1],
      ['origin', 0],
      ['prediction', 0],
    ]);
    expect(facts.profile.columns[0]?.histogram?.counts.reduce((sum, rows) => sum + rows, 0)).toBe(2);
    const edges = usualPlan.predictionEdges ?? [];
    const low = edges.filter((edge) => edge <= 0.2).length;
    expect(facts.predictionCounts?.[low]).toBe(1);
    expect(facts.predictionCounts).toHaveLength(edges.length + 1);
  });

  it('say from when to when they were made', () => {
    const counter = new WindowCounter(usualPlan, encoding);
    for (const time of ['2026-03-01T12:30:00.000Z', '2026-03-01T12:00:00.000Z', '2026-03-01T13:00:00.000Z']) {
      counter.add({ ...rowOf(flight, time), time });
    }

    expect(counter.facts()).toMatchObject({
      earliest: '2026-03-01T12:00:00.000Z',
      latest: '2026-03-01T13:00:00.000Z',
    });
  });

  it('are told apart by segments: listed values, rare ones, and none', () => {
    const { segments } = counted({}, { carrier: 'UA' }, { carrier: null }, { carrier: 'WN' }).facts();

    const carrier = segments.find(({ column }) => column === 'carrier');
    expect(carrier?.values.map(({ value, rows }) => [value, rows])).toEqual([
      ['(rare)', 1],
      ['WN', 2],
      [null, 1],
    ]);
    const [rare] = carrier?.values ?? [];
    expect(rare?.columns.origin?.reduce((sum, rows) => sum + rows, 0)).toBe(1);
  });

  it('of a direct caller have no segment that only the record tells', () => {
    const counter = new WindowCounter(usualPlan, encoding);
    counter.add({ ...rowOf(flight, 1), record: null });

    const [origin, carrier] = counter.facts().segments;
    expect(origin?.values.map(({ value }) => value)).toEqual(['JFK']);
    expect(carrier?.values).toEqual([]);
  });

  it('with categories that the model does not know are counted by what was sent', () => {
    const { unknownCategories } = counted(
      { origin: 'OAK' },
      { origin: 'ATL' },
      { origin: 'OAK' },
      {},
    ).facts();

    expect(unknownCategories).toEqual([
      {
        column: 'origin',
        values: {
          complete: true,
          undercount: 0,
          values: [
            ['OAK', 2],
            ['ATL', 1],
          ],
        },
      },
    ]);
  });
});

describe('captures that are not judged', () => {
  it('are counted by the reason and are not in the profile', () => {
    const counter = counted({});
    counter.leaveOut({ why: 'malformed' });
    counter.leaveOut({ why: 'duplicate' });
    counter.leaveOut({ why: 'other-version', version: 2 });
    counter.leaveOut({ why: 'other-version', version: null });

    expect(counter.facts()).toMatchObject({
      rows: 1,
      leftOut: { malformed: 1, duplicates: 1, otherVersions: { 2: 1, unknown: 1 } },
    });
  });
});

describe('labels', () => {
  it('are kept with their predictions, segments and the window that these were made in', () => {
    const counter = counted();
    counter.addLabelled(rowOf({ ...flight, carrier: 'UA' }, 1), 1, '20260301T120000Z');
    counter.leaveOutLabel('conflicting');

    const { labelled, labels, rows } = counter.facts();

    expect(rows).toBe(0);
    expect(labels).toEqual({
      joined: 1,
      formerVersions: 0,
      unmatched: 0,
      repeated: 0,
      conflicting: 1,
      malformed: 0,
      unknownClass: 0,
      notYet: 0,
    });
    expect(labelled).toMatchObject({
      seen: 1,
      kept: [{ windowId: '20260301T120000Z', label: 1, prediction: [0.7], segments: ['JFK', '(rare)'] }],
    });
  });

  it('do not change what was said before', () => {
    const counter = counted({});
    const before = counter.facts();
    const copy = structuredClone(before);
    counter.add(rowOf(flight, 2));
    counter.leaveOut({ why: 'malformed' });

    expect(before).toEqual(copy);
  });
});
