import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auc } from '../../metrics/auc.ts';
import { binary } from './oracles/oracles.ts';

/** Few distinct scores, so that ties are the rule. */
const rows = fc.array(fc.record({ label: fc.constantFrom(0, 1), score: fc.integer({ min: 0, max: 12 }) }), {
  minLength: 2,
  maxLength: 80,
});
type Rows = { label: number; score: number }[];
const aucOf = (data: Rows, scores = data.map(({ score }) => score / 12)) =>
  auc(
    binary(
      data.map(({ label }) => label),
      scores,
    ),
  );

describe('auc', () => {
  it('is the share of pairs in the right order, a tie counting half', () => {
    fc.assert(
      fc.property(rows, (data) => {
        const positives = data.filter(({ label }) => label === 1);
        const negatives = data.filter(({ label }) => label === 0);
        const won = positives.flatMap(({ score }) =>
          negatives.map((other) => (score > other.score ? 1 : score === other.score ? 0.5 : 0)),
        );

        const estimate = aucOf(data);

        if (won.length === 0) expect(estimate).toBeUndefined();
        else expect(estimate?.value).toBeCloseTo(won.reduce<number>((a, b) => a + b, 0) / won.length, 12);
      }),
    );
  });

  it('does not change when scores are transformed without changing their order, nor when rows are shuffled', () => {
    fc.assert(
      fc.property(rows, (data) => {
        const transformed = data.map(({ score }) => (score / 12) ** 3);

        expect(aucOf(data, transformed)).toEqual(aucOf(data));
        const turned = aucOf(data.toReversed());
        expect(turned?.value ?? 0).toBeCloseTo(aucOf(data)?.value ?? 0, 12);
        expect(turned?.low ?? 0).toBeCloseTo(aucOf(data)?.low ?? 0, 12);
      }),
    );
  });

  it('has an interval within 0 and 1 that holds the value', () => {
    fc.assert(
      fc.property(rows, (data) => {
        const { value, low, high } = aucOf(data) ?? { value: 0.5, low: 0.5, high: 0.5 };

        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(value + 1e-12);
        expect(high).toBeGreaterThanOrEqual(value - 1e-12);
        expect(high).toBeLessThanOrEqual(1);
      }),
    );
  });
});
