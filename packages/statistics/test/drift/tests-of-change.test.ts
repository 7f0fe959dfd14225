import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contingency, isComparable } from '../../drift/contingency.ts';
import { fisherExact, hypergeometricExpectation, lnProbability } from '../../drift/hypergeometric.ts';
import { importanceP, lnNullProbability } from '../../drift/importance-sampling.ts';
import { pearsonMoments, pearsonStatistic, pearsonTail } from '../../drift/pearson.ts';
import { scattered, shifted } from '../../drift/proposals.ts';
import { probabilityAbove, rankSum } from '../../drift/rank-sum.ts';
import { allTables } from './enumeration.ts';

/** Small enough that all tables can be listed. */
const smallTables = [
  { name: 'even', first: [4, 5, 3], second: [2, 1, 5] },
  { name: 'nearly empty bins', first: [9, 1, 0, 0], second: [3, 0, 1, 1] },
  { name: 'equal sizes', first: [6, 2, 1], second: [1, 2, 6] },
  { name: 'a few against many', first: [20, 10, 6, 4], second: [0, 1, 1, 3] },
].map(({ name, first, second }) => ({ name, table: contingency(first, second) }));

const counts = fc.array(fc.nat({ max: 40 }), { minLength: 2, maxLength: 8 });
const twoSamples = counts.chain((first) =>
  fc.tuple(
    fc.constant(first),
    fc.array(fc.nat({ max: 40 }), { minLength: first.length, maxLength: first.length }),
  ),
);

describe('the table of two samples', () => {
  it.each(smallTables)('has null probabilities that add up to 1: $name', ({ table }) => {
    const sum = allTables(table).reduce((total, { probability }) => total + probability, 0);
    expect(sum).toBeCloseTo(1, 12);
  });

  it('refuses samples in different bins', () => {
    expect(() => contingency([1, 2], [1, 2, 3])).toThrow(/2 and 3 bins/);
  });

  it('has nothing to compare with one bin or without rows on one side', () => {
    expect(isComparable(contingency([5, 0], [7, 0]))).toBe(false);
    expect(isComparable(contingency([5, 1], [0, 0]))).toBe(false);
  });
});

describe("Pearson's statistic", () => {
  it.each(smallTables)('has the exact mean and variance: $name', ({ table }) => {
    const values = allTables(table).map(({ counts: each, probability }) => ({
      value: pearsonStatistic(each, table),
      probability,
    }));
    const mean = values.reduce((sum, { value, probability }) => sum + value * probability, 0);
    const variance = values.reduce(
      (sum, { value, probability }) => sum + (value - mean) ** 2 * probability,
      0,
    );
    const exact = pearsonMoments(table);
    expect(exact.mean).toBeCloseTo(mean, 10);
    expect(exact.variance).toBeCloseTo(variance, 10);
  });

  it('does not depend on the order of bins nor on which sample is which', () => {
    fc.assert(
      fc.property(twoSamples, ([first, second]) => {
        const table = contingency(first, second);
        fc.pre(isComparable(table));
        const value = pearsonStatistic(table.counts, table);
        const turned = contingency(first.toReversed(), second.toReversed());
        const swapped = contingency(second, first);
        expect(pearsonStatistic(turned.counts, turned)).toBeCloseTo(value, 8);
        expect(pearsonStatistic(swapped.counts, swapped)).toBeCloseTo(value, 8);
        expect(pearsonTail(value, table)).toBeGreaterThanOrEqual(0);
        expect(pearsonTail(value, table)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('the rank sum', () => {
  it.each(smallTables)('has mean 0 and the exact deviation: $name', ({ table }) => {
    const { statistic, deviation } = rankSum(table);
    const values = allTables(table).map((each) => ({ ...each, value: statistic(each.counts) }));
    const mean = values.reduce((sum, { value, probability }) => sum + value * probability, 0);
    const variance = values.reduce((sum, { value, probability }) => sum + value ** 2 * probability, 0);
    expect(mean).toBeCloseTo(0, 12);
    expect(deviation).toBeCloseTo(Math.sqrt(variance), 10);
  });

  it('counts how often a value of one sample is above one of the other', () => {
    const table = contingency([2, 1, 1], [1, 0, 3]);
    // Of 16 pairs, the second sample's value is larger in 3 · 3 and equal in 1 · 2 + 3 · 1.
    expect(table.smallerIsSecond).toBe(true);
    expect(probabilityAbove(table, rankSum(table).statistic(table.counts))).toBeCloseTo((9 + 5 / 2) / 16, 12);
  });
});

describe('importance sampling', () => {
  const proposals = smallTables.flatMap(({ name, table }) => {
    const { scores, deviation } = rankSum(table);
    return [
      { name: `scattered, ${name}`, table, proposal: scattered(table, 2) },
      { name: `shifted, ${name}`, table, proposal: shifted(table, scores, 2, deviation) },
    ];
  });

  it.each(proposals)('weighs tables by what its proposal draws: $name', ({ table, proposal }) => {
    // Σ P(x) / Q(x) · Q(x) over what chance can make is 1 if Q is as it says; E_Q[weight] shows it by drawing.
    const weightOf = (each: Float64Array) => {
      const lnChance = lnNullProbability(table, each);
      return lnChance === Number.NEGATIVE_INFINITY ? 0 : Math.exp(lnChance - proposal.lnProbability(each));
    };
    const probabilities = allTables(table).map(({ counts: each }) => Math.exp(proposal.lnProbability(each)));
    const sum = probabilities.reduce((total, probability) => total + probability, 0);
    expect(sum).toBeLessThanOrEqual(1 + 1e-9);
    expect(allTables(table).every(({ counts: each }) => Number.isFinite(weightOf(each)))).toBe(true);
  });

  it.each(smallTables)('finds the exact p-value of both statistics: $name', ({ table }) => {
    const { scores, deviation, statistic } = rankSum(table);
    const kinds = [
      { of: (each: Float64Array) => pearsonStatistic(each, table), proposal: scattered(table, 2) },
      {
        of: (each: Float64Array) => Math.abs(statistic(each)),
        proposal: shifted(table, scores, 2, deviation),
      },
    ];
    for (const { of, proposal } of kinds) {
      const observed = of(table.counts);
      const exact = allTables(table).reduce(
        (sum, each) => sum + (of(each.counts) >= observed - 1e-9 ? each.probability : 0),
        0,
      );
      const p = importanceP(table, of, proposal, 1, 40_000);
      expect(Math.abs(p / exact - 1)).toBeLessThan(0.06);
    }
  });

  it.each(smallTables)('is never too small on average, even with no draws at all: $name', ({ table }) => {
    // With 0 draws p is P(x) / Q(x), and by Markov's inequality P(p <= u) <= u.
    const proposal = scattered(table, 2);
    const ps = allTables(table).map(({ counts: each, probability }) => ({
      probability,
      p: importanceP({ ...table, counts: each }, (x) => pearsonStatistic(x, table), proposal, 1, 0),
    }));
    for (const u of [0.001, 0.01, 0.05, 0.2, 0.5]) {
      const chance = ps.reduce((sum, { p, probability }) => sum + (p <= u ? probability : 0), 0);
      expect(chance).toBeLessThanOrEqual(u);
    }
  });
});

describe("Fisher's exact test", () => {
  const cases = fc
    .tuple(fc.integer({ min: 2, max: 60 }), fc.nat(), fc.nat(), fc.nat())
    .map(([total, a, b, c]) => {
      const marked = a % (total + 1);
      const drawn = b % (total + 1);
      const lowest = Math.max(0, drawn + marked - total);
      const observed = lowest + (c % (Math.min(marked, drawn) - lowest + 1));
      return { distribution: { total, marked, drawn }, lowest, observed };
    });

  it('adds up all outcomes that are no more probable', () => {
    fc.assert(
      fc.property(cases, ({ distribution, lowest, observed }) => {
        const limit = lnProbability(distribution, observed) + 1e-7;
        let sum = 0;
        for (let count = lowest; count <= Math.min(distribution.marked, distribution.drawn); count += 1) {
          const lnP = lnProbability(distribution, count);
          if (lnP <= limit) sum += Math.exp(lnP);
        }
        expect(fisherExact(distribution, observed)).toBeCloseTo(Math.min(1, sum), 9);
      }),
    );
  });

  it('takes a million rows in its stride', () => {
    const p = fisherExact({ total: 2_000_000, marked: 20_000, drawn: 1_000_000 }, 10_300);
    // Two normal tails beyond 300 rows, whose standard deviation is 70.36.
    expect(p / 2.0e-5).toBeGreaterThan(0.9);
    expect(p / 2.0e-5).toBeLessThan(1.1);
  });

  it('has expectations that agree with the sums over all outcomes', () => {
    fc.assert(
      fc.property(cases, ({ distribution }) => {
        const mean = (distribution.drawn * distribution.marked) / distribution.total;
        expect(hypergeometricExpectation(distribution, (count) => count)).toBeCloseTo(mean, 8);
        expect(hypergeometricExpectation(distribution, () => 1)).toBeCloseTo(1, 9);
      }),
    );
  });
});
