import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divergenceByChance } from '../../drift/chance-distance.ts';
import { contingency } from '../../drift/contingency.ts';
import { chanceFree } from '../../drift/debiased-distance.ts';
import {
  jensenShannonDivergence,
  largestDifference,
  populationStabilityIndex,
  sharesOf,
  totalVariation,
  wasserstein,
} from '../../drift/distances.ts';
import { drawMultinomial } from '../../drift/draws.ts';
import { seededUniform } from '../../metrics/random.ts';
import { allTables } from './enumeration.ts';

const someRows = (length: number) =>
  fc
    .array(fc.nat({ max: 1000 }), { minLength: length, maxLength: length })
    .filter((counts) => counts.some((count) => count > 0));
const pair = fc.integer({ min: 2, max: 12 }).chain((length) => fc.tuple(someRows(length), someRows(length)));

const symmetric = [
  {
    name: 'Jensen-Shannon',
    of: (a: number[], b: number[]) => jensenShannonDivergence(sharesOf(a), sharesOf(b)),
  },
  { name: 'total variation', of: (a: number[], b: number[]) => totalVariation(sharesOf(a), sharesOf(b)) },
  {
    name: 'largest difference',
    of: (a: number[], b: number[]) => largestDifference(sharesOf(a), sharesOf(b)),
  },
];

describe.each(symmetric)('$name', ({ of }) => {
  it('is symmetric, blind to the order of bins, and between 0 and 1', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const distance = of(a, b);
        expect(of(b, a)).toBeCloseTo(distance, 12);
        expect(of(a.toReversed(), b.toReversed())).toBeCloseTo(distance, 12);
        expect(distance).toBeGreaterThanOrEqual(0);
        expect(distance).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it('is 0 for the same shares, whatever the number of rows, and 1 for nothing in common', () => {
    fc.assert(
      fc.property(pair, fc.integer({ min: 1, max: 50 }), ([a], times) => {
        expect(
          of(
            a,
            a.map((count) => count * times),
          ),
        ).toBeCloseTo(0, 12);
      }),
    );
    expect(of([5, 0], [0, 9])).toBeCloseTo(1, 12);
  });
});

describe('the population stability index', () => {
  it('is finite and not negative, also with empty bins', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const index = populationStabilityIndex(a, b);
        expect(Number.isFinite(index)).toBe(true);
        expect(index).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('the Wasserstein distance of histograms', () => {
  it('grows with the scale of the edges', () => {
    fc.assert(
      fc.property(pair, fc.double({ min: 0.1, max: 100, noNaN: true }), ([a, b], scale) => {
        const edges = a.slice(1).map((_, edge) => edge);
        const [p, q] = [sharesOf(a), sharesOf(b)];
        const scaled = wasserstein(
          p,
          q,
          edges.map((edge) => edge * scale),
        );
        expect(scaled).toBeCloseTo(scale * wasserstein(p, q, edges), 8);
      }),
    );
  });
});

describe('the divergence by chance', () => {
  it('is the mean over all tables with the same margins', () => {
    const table = contingency([9, 4, 3], [2, 3, 1]);
    const mean = allTables(table).reduce((sum, { counts, probability }) => {
      const smaller = Array.from(counts);
      const larger = smaller.map((count, bin) => (table.totals[bin] ?? 0) - count);
      return sum + probability * jensenShannonDivergence(sharesOf(smaller), sharesOf(larger));
    }, 0);
    expect(divergenceByChance(table)).toBeCloseTo(mean, 10);
  });

  it('goes over into its expansion without a step', () => {
    const before = divergenceByChance(contingency([9900, 198, 198], [4950, 99, 99]));
    const after = divergenceByChance(contingency([10_100, 202, 202], [5050, 101, 101]));
    expect(before / after / (202 / 198)).toBeGreaterThan(0.99);
    expect(before / after / (202 / 198)).toBeLessThan(1.01);
  });

  it('leaves nothing, on average, of the divergence of two samples of one distribution', () => {
    const uniform = seededUniform(5);
    const weights = Float64Array.from({ length: 40 }, (_, rank) => 1 / (rank + 1));
    const draw = (rows: number) => {
      const counts = new Float64Array(weights.length);
      drawMultinomial(rows, weights, uniform, counts);
      return Array.from(counts);
    };
    const samples = Array.from({ length: 300 }, () => {
      const [reference, current] = [draw(5000), draw(100)];
      const observed = jensenShannonDivergence(sharesOf(reference), sharesOf(current));
      return { observed, excess: observed - divergenceByChance(contingency(reference, current)) };
    });
    const mean = (value: (each: (typeof samples)[number]) => number) =>
      samples.reduce((sum, each) => sum + value(each), 0) / samples.length;
    expect(Math.abs(mean(({ excess }) => excess))).toBeLessThan(0.03 * mean(({ observed }) => observed));
  });
});

describe('the debiased distance', () => {
  it('is 0 for what chance explains, and no larger than the distance as counted', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const { raw, debiased } = chanceFree(a, b);
        expect(debiased).toBeLessThanOrEqual(raw + 1e-12);
        expect(chanceFree(a, a).debiased).toBe(0);
      }),
    );
  });

  it('knows nothing without rows on one side', () => {
    expect(chanceFree([3, 4], [0, 0])).toEqual({ raw: 0, debiased: 0 });
  });
});
