import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alphaPerWindow } from '../../drift/alpha.ts';
import { adjustedPs } from '../../drift/false-discovery.ts';

const ps = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 });
const procedures = ['benjamini-hochberg', 'benjamini-yekutieli'] as const;

/** The procedure as it was published: reject the k smallest for the largest k with p(k) <= k · alpha / (m · penalty). */
function rejected(values: readonly number[], alpha: number, penalty: number): boolean[] {
  const sorted = values.toSorted((a, b) => a - b);
  const limits = sorted.map((p, index) => ({ p, limit: ((index + 1) * alpha) / (values.length * penalty) }));
  const largest = limits.findLast(({ p, limit }) => p <= limit)?.p ?? -1;
  return values.map((p) => p <= largest);
}

describe.each(procedures)('%s', (procedure) => {
  const penaltyOf = (count: number) =>
    procedure === 'benjamini-hochberg'
      ? 1
      : Array.from({ length: count }, (_, index) => 1 / (index + 1)).reduce((sum, each) => sum + each, 0);

  it('rejects what the procedure as published rejects', () => {
    fc.assert(
      fc.property(ps, fc.double({ min: 0.001, max: 0.5, noNaN: true }), (values, alpha) => {
        const adjusted = adjustedPs(values, procedure);
        // Away from the very limit, where the two computations round differently.
        fc.pre(adjusted.every((p) => Math.abs(p - alpha) > 1e-9));
        expect(adjusted.map((p) => p <= alpha)).toEqual(rejected(values, alpha, penaltyOf(values.length)));
      }),
    );
  });

  it('never makes a p-value smaller, nor larger than 1, nor changes their order', () => {
    fc.assert(
      fc.property(ps, (values) => {
        const adjusted = adjustedPs(values, procedure);
        adjusted.forEach((each, index) => {
          expect(each).toBeGreaterThanOrEqual(Math.min(1, values[index] ?? 1) - 1e-15);
          expect(each).toBeLessThanOrEqual(1);
          values.forEach((other, position) => {
            if ((values[index] ?? 0) < other) expect(each).toBeLessThanOrEqual(adjusted[position] ?? 0);
          });
        });
      }),
    );
  });

  it('does not depend on the order of the tests', () => {
    fc.assert(
      fc.property(ps, (values) => {
        expect(adjustedPs(values.toReversed(), procedure)).toEqual(
          adjustedPs(values, procedure).toReversed(),
        );
      }),
    );
  });
});

describe('false alarms over time', () => {
  it.each([
    { windowsPerYear: 365.25, falseAlarmsPerYear: 1, expected: 1 / 365.25 / 2 },
    { windowsPerYear: 8766, falseAlarmsPerYear: 2, expected: 1 / 8766 },
  ] as const)(
    'spends the year evenly, half on drift and half on quality: $windowsPerYear windows',
    ({ expected, ...asked }) => {
      const { drift, quality } = alphaPerWindow(asked);
      expect(drift).toBeCloseTo(expected, 15);
      expect(quality).toBeCloseTo(expected, 15);
    },
  );
});
