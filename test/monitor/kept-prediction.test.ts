import { WindowCounter } from '@tidemark/domain/windows/window-counter.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idOfLine, lineOf, reducer, restOfLine } from '../../functions/monitor/kept-prediction.ts';
import { encoding, flights, rowOf, usualPlan } from '../domain/windows/rows.ts';

describe('a kept prediction', () => {
  it('says of a label what the whole row would have said', () => {
    const reduce = reducer(usualPlan);
    fc.assert(
      fc.property(flights(20), (some) => {
        const [whole, kept] = [
          new WindowCounter(usualPlan, encoding),
          new WindowCounter(usualPlan, encoding),
        ];
        for (const [index, flight] of some.entries()) {
          const row = rowOf(flight, index);
          whole.addLabelled(row, 1, 'w');
          kept.addLabelled(JSON.parse(JSON.stringify(reduce(row))), 1, 'w');
        }

        expect(kept.facts().labelled).toEqual(whole.facts().labelled);
      }),
    );
  });

  it('of a caller of the endpoint has no record either', () => {
    const row = { ...rowOf({ distance: 1, origin: 'JFK', carrier: 'AA', score: 0.5 }, 1), record: null };

    expect(reducer(usualPlan)(row).record).toBeNull();
  });
});

describe('a line', () => {
  it('gives back id and rest, whatever is in them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.json(), (id, json) => {
        const rest: unknown = JSON.parse(json);
        const line = lineOf(id, rest);

        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(idOfLine(line.trimEnd())).toBe(id);
        expect(JSON.parse(restOfLine(line.trimEnd()))).toEqual(rest);
      }),
    );
  });
});
