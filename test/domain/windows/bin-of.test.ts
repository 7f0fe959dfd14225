import { segmentBins } from '@tidemark/domain/windows/bin-of.ts';
import { WindowCounter } from '@tidemark/domain/windows/window-counter.ts';
import { edgesUpTo } from '@tidemark/statistics/drift/edges-up-to.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encoding, flights, rowOf, usualPlan } from './rows.ts';

it('a number lies in the bin of the edges that are not above it', () => {
  const edges = fc
    .uniqueArray(fc.integer({ min: -20, max: 20 }), { minLength: 1 })
    .map((some) => some.toSorted((a, b) => a - b));

  fc.assert(
    fc.property(edges, fc.integer({ min: -25, max: 25 }), (some, value) => {
      expect(edgesUpTo(some, value)).toBe(some.filter((edge) => edge <= value).length);
    }),
  );
});

it('a category lies in its bin, or in the one for all that are not listed; no value in the last', () => {
  const { length, binOf } = segmentBins({ kind: 'values', name: 'stops', values: ['2', 'none'], rare: null });

  expect(length).toBe(4);
  expect(['none', 2, '2', 'many', null].map(binOf)).toEqual([1, 0, 0, 2, 3]);
});

it('segments and the profile count alike: the rows of all values of a segment are those of the column', () => {
  fc.assert(
    fc.property(flights(60), (some) => {
      const counter = new WindowCounter(usualPlan, encoding);
      for (const [id, flight] of some.entries()) counter.add(rowOf(flight, id));
      const { profile, segments } = counter.facts();

      for (const { name, histogram, categories, missing } of profile.columns) {
        const listed = categories?.values.map(({ rows }) => rows) ?? [];
        const rest = (categories?.other ?? 0) + (categories?.new ?? 0);
        const expected = [...(histogram?.counts ?? [...listed, rest]), missing];
        for (const { values } of segments) {
          const counted = expected.map((_, bin) =>
            values.reduce((sum, { columns }) => sum + (columns[name]?.[bin] ?? 0), 0),
          );
          expect(counted).toEqual(expected);
        }
      }
    }),
    { numRuns: 50 },
  );
});
