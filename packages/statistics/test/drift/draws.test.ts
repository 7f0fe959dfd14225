import { describe, expect, it } from 'vitest';
import { drawBinomial, drawGamma, drawMultinomial } from '../../drift/draws.ts';
import { chiSquareTail, gammaTail, lnChoose, lnFactorial, lnGamma, normalTail } from '../../drift/gamma.ts';
import { seededUniform } from '../../metrics/random.ts';

const draws = 40_000;

function momentsOf(draw: () => number): { mean: number; variance: number } {
  const values = Array.from({ length: draws }, draw);
  const mean = values.reduce((sum, value) => sum + value, 0) / draws;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws;
  return { mean, variance };
}

describe('binomial numbers', () => {
  const cases = [
    { trials: 1, probability: 0.3 },
    { trials: 40, probability: 0.05 },
    { trials: 40, probability: 0.7 },
    { trials: 300, probability: 0.4 },
  ];

  it.each(cases)('come as often as they should: $trials at $probability', ({ trials, probability }) => {
    const uniform = seededUniform(1);
    const observed = new Float64Array(trials + 1);
    for (let draw = 0; draw < draws; draw += 1) {
      const count = drawBinomial(trials, probability, uniform);
      observed[count] = (observed[count] ?? 0) + 1;
    }
    const well = Array.from(observed, (count, successes) => ({
      count,
      expected:
        draws *
        Math.exp(
          lnChoose(trials, successes) +
            successes * Math.log(probability) +
            (trials - successes) * Math.log1p(-probability),
        ),
    })).filter(({ expected }) => expected >= 10);
    const statistic = well.reduce((sum, { count, expected }) => sum + (count - expected) ** 2 / expected, 0);
    expect(chiSquareTail(statistic, well.length)).toBeGreaterThan(0.001);
  });

  it('have the right mean and variance also for a million trials', () => {
    const uniform = seededUniform(2);
    const { mean, variance } = momentsOf(() => drawBinomial(1_000_000, 0.2, uniform));
    expect(Math.abs(mean - 200_000)).toBeLessThan((4 * 400) / Math.sqrt(draws));
    expect(Math.abs(variance / 160_000 - 1)).toBeLessThan(0.03);
  });

  it('are certain where the probability is 0 or 1', () => {
    const uniform = seededUniform(3);
    expect(drawBinomial(10, 0, uniform)).toBe(0);
    expect(drawBinomial(10, 1, uniform)).toBe(10);
    expect(drawBinomial(0, 0.5, uniform)).toBe(0);
  });
});

describe('gamma numbers', () => {
  it.each([0.05, 0.7, 1, 12])('have the shape as mean and variance: %d', (shape) => {
    const uniform = seededUniform(4);
    const { mean, variance } = momentsOf(() => drawGamma(shape, uniform));
    expect(Math.abs(mean / shape - 1)).toBeLessThan(5 / Math.sqrt(draws * shape));
    expect(Math.abs(variance / shape - 1)).toBeLessThan(0.15);
  });
});

describe('multinomial counts', () => {
  it('add up and follow their weights', () => {
    const uniform = seededUniform(5);
    const counts = new Float64Array(4);
    const sums = new Float64Array(4);
    for (let draw = 0; draw < 2000; draw += 1) {
      drawMultinomial(100, Float64Array.of(4, 0, 1, 5), uniform, counts);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(100);
      counts.forEach((count, bin) => {
        sums[bin] = (sums[bin] ?? 0) + count;
      });
    }
    expect(sums[1]).toBe(0);
    expect(Math.abs((sums[0] ?? 0) / 200_000 - 0.4)).toBeLessThan(0.005);
    expect(Math.abs((sums[3] ?? 0) / 200_000 - 0.5)).toBeLessThan(0.005);
  });
});

describe('the gamma function and its tails', () => {
  /** scipy.special.gammaln, scipy.stats.chi2.sf, norm.sf, scipy.special.gammaincc. */
  const cases = [
    ['ln Γ(0.5)', lnGamma(0.5), 0.5723649429247001],
    ['ln Γ(3.7)', lnGamma(3.7), 1.4280723266653881],
    ['ln Γ(1e6 + 0.3)', lnGamma(1_000_000.3), 12_815_508.713800674],
    ['ln 5000!', lnFactorial(5000), 37_591.14350887677],
    ['χ² tail, 3, 19', chiSquareTail(3, 19), 0.9999892094656574],
    ['normal tail, 1.5', normalTail(1.5), 0.06680720126885807],
    ['normal tail, -1.5', normalTail(-1.5), 0.9331927987311419],
    ['Q(1e5, 1.001e5)', gammaTail(1e5, 1.001e5), 0.3755548692955945],
  ] as const;

  it.each(cases)('%s', (_, computed, expected) => {
    expect(Math.abs(computed / expected - 1)).toBeLessThan(1e-10);
  });

  it('keep their relative precision far out', () => {
    // scipy.stats.chi2.sf(300, 20) and norm.sf(12)
    expect(chiSquareTail(300, 20) / 8.082849629775851e-52).toBeCloseTo(1, 10);
    expect(normalTail(12) / 1.776482112077653e-33).toBeCloseTo(1, 10);
  });
});
