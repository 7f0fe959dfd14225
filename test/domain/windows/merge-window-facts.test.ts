import { mergeWindowFacts } from '@tidemark/domain/windows/merge-window-facts.ts';
import { WindowCounter } from '@tidemark/domain/windows/window-counter.ts';
import { type WindowFacts, windowFactsSchema } from '@tidemark/domain/windows/window-facts.schema.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encoding, type Flight, flights, rowOf, usualPlan } from './rows.ts';

function factsOf(some: readonly Flight[], firstId: number, seed: number): WindowFacts {
  const counter = new WindowCounter(usualPlan, encoding, seed);
  for (const [index, flight] of some.entries()) {
    const row = rowOf(flight, firstId + index);
    counter.add(row);
    // A third of the flights have landed.
    if (index % 3 === 0) counter.addLabelled(row, flight.score > 0.5 ? 1 : 0, 'window-1');
    if (index % 5 === 0) counter.leaveOut({ why: 'other-version', version: index % 2 === 0 ? 3 : null });
    if (index % 7 === 0) counter.leaveOutLabel('unmatched');
  }
  return counter.facts();
}

/** All but moments and sketches, which agree to rounding and within their error: tests of profiles hold that. */
function exact(facts: WindowFacts): unknown {
  return JSON.parse(JSON.stringify(facts), (key, value) =>
    key === 'quantiles' || key === 'moments' ? undefined : value,
  );
}

describe('facts of slices', () => {
  it('make the facts of all rows, however the rows were cut and in whatever order they are merged', () => {
    fc.assert(
      fc.property(fc.array(flights(40), { minLength: 1, maxLength: 4 }), fc.boolean(), (slices, reversed) => {
        let firstId = 0;
        const parts = slices.map((slice, index) => {
          const facts = factsOf(slice, firstId, index);
          firstId += slice.length;
          return facts;
        });

        const merged = mergeWindowFacts(reversed ? parts.toReversed() : parts);

        expect(windowFactsSchema.parse(merged)).toEqual(merged);
        expect(exact(merged)).toEqual(exact(countedAtOnce(slices)));
      }),
      { numRuns: 60 },
    );
  });

  it('of another training run are refused', () => {
    const facts = factsOf([], 0, 0);

    expect(() => mergeWindowFacts([facts, { ...facts, runId: 'run-2' }])).toThrow(
      'Facts of the training runs run-1 and run-2 were counted by different plans.',
    );
    expect(() => mergeWindowFacts([])).toThrow('no facts');
  });
});

/** What one function would have counted that saw all slices. */
function countedAtOnce(slices: readonly (readonly Flight[])[]): WindowFacts {
  const counter = new WindowCounter(usualPlan, encoding);
  let id = 0;
  for (const slice of slices) {
    for (const [index, flight] of slice.entries()) {
      const row = rowOf(flight, id);
      id += 1;
      counter.add(row);
      if (index % 3 === 0) counter.addLabelled(row, flight.score > 0.5 ? 1 : 0, 'window-1');
      if (index % 5 === 0) counter.leaveOut({ why: 'other-version', version: index % 2 === 0 ? 3 : null });
      if (index % 7 === 0) counter.leaveOutLabel('unmatched');
    }
  }
  return counter.facts();
}
