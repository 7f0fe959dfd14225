import type { WindowFacts } from '@tidemark/domain/windows/window-facts.schema.ts';
import { seededUniform } from '@tidemark/statistics/metrics/random.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeDrift } from '../../functions/monitor/attribute-drift.ts';

type Segments = WindowFacts['segments'];

/** Rows of `carrier` by value, each with its rows per bin of `distance` (two bins, then rows without a value). */
function segmentsOf(byValue: Record<string, readonly number[]>): Segments {
  const values = Object.entries(byValue).map(([value, counts]) => ({
    value,
    rows: counts.reduce((sum, count) => sum + count, 0),
    columns: { distance: [...counts] },
  }));
  return [{ column: 'carrier', values }];
}

describe('a movement', () => {
  it('in one segment alone is all that segment’s', () => {
    const before = segmentsOf({ AA: [500, 500, 0], WN: [250, 250, 0] });
    const after = segmentsOf({ AA: [500, 500, 0], WN: [450, 50, 0] });

    const [first, second] = attributeDrift('distance', before, after);

    expect(first).toMatchObject({ segment: 'carrier', value: 'WN', rows: { reference: 500, current: 500 } });
    expect(first?.contribution.value).toBeCloseTo(1, 12);
    expect(first?.distance).toBeGreaterThan(0.3);
    expect(second).toMatchObject({ value: 'AA', distance: 0 });
    expect(second?.contribution.value).toBeCloseTo(0, 12);
  });

  it('because there are more of a segment’s rows is shared by those that grew and those that shrank', () => {
    const before = segmentsOf({ short: [900, 0, 0], long: [0, 100, 0] });
    const after = segmentsOf({ short: [500, 0, 0], long: [0, 500, 0] });

    const found = attributeDrift('distance', before, after);

    expect(found.map(({ contribution }) => contribution.value)).toEqual([0.5, 0.5]);
    expect(found.every(({ distance }) => distance === 0)).toBe(true);
  });

  it('of missing values is one too', () => {
    const before = segmentsOf({ AA: [50, 50, 0], WN: [50, 50, 0] });
    const after = segmentsOf({ AA: [50, 50, 0], WN: [25, 25, 50] });

    expect(attributeDrift('distance', before, after)[0]).toMatchObject({ value: 'WN' });
  });

  it('is told apart completely: the parts of all segments are 1 together', () => {
    const counts = fc.tuple(fc.nat(50), fc.nat(50), fc.nat(50));
    const some = fc.dictionary(fc.constantFrom('AA', 'WN', 'UA', 'DL'), counts, { minKeys: 1 });

    fc.assert(
      fc.property(some, some, (before, after) => {
        const found = attributeDrift('distance', segmentsOf(before), segmentsOf(after));

        if (found.length === 0) return;
        const sum = found.reduce((total, { contribution }) => total + contribution.value, 0);
        expect(sum).toBeCloseTo(1, 9);
        for (const { contribution, share } of found) {
          expect(contribution.low).toBeLessThanOrEqual(contribution.value);
          expect(contribution.high).toBeGreaterThanOrEqual(contribution.value);
          expect(share.current).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('is not told apart by the column itself, nor where a side has no rows', () => {
    const none = segmentsOf({});
    const some = segmentsOf({ AA: [1, 2, 3] });

    expect(attributeDrift('carrier', some, segmentsOf({ AA: [3, 2, 1] }))).toEqual([]);
    expect(attributeDrift('distance', none, some)).toEqual([]);
    expect(attributeDrift('distance', some, some)).toEqual([]);
  });

  it('has intervals that cover: a segment that stays as it was is told so in 95 of 100 windows', () => {
    const uniform = seededUniform(20_260_301);
    const windows = 400;
    const before = segmentsOf({ AA: [5000, 5000, 0], WN: [5000, 5000, 0] });

    let covered = 0;
    for (let window = 0; window < windows; window += 1) {
      const low = Array.from({ length: 400 }, uniform).filter((draw) => draw < 0.5).length;
      const after = segmentsOf({ AA: [low, 400 - low, 0], WN: [350, 50, 0] });
      const part = attributeDrift('distance', before, after).find(({ value }) => value === 'AA');
      if (part && part.contribution.low <= 0 && part.contribution.high >= 0) covered += 1;
    }

    // The binomial's lower limit at one in a thousand for 400 windows of 0.95.
    expect(covered / windows).toBeGreaterThan(0.91);
  });
});
