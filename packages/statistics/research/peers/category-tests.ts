import { contingency } from '../../drift/contingency.ts';
import { chiSquareTail, normalTwoSided } from '../../drift/gamma.ts';
import { pearsonStatistic } from '../../drift/pearson.ts';
import { sumOf } from '../../metrics/sums.ts';

/** A statistic and its p-value. */
export interface TestResult {
  readonly statistic: number;
  readonly p: number;
}

/** Pearson's test of homogeneity with the asymptotic distribution: Alibi Detect, NannyML. */
export function chiSquareHomogeneity(reference: readonly number[], current: readonly number[]): TestResult {
  const table = contingency(reference, current);
  const statistic = pearsonStatistic(table.counts, table);
  return { statistic, p: chiSquareTail(statistic, table.totals.length - 1) };
}

/**
 * Goodness of fit: the reference's shares taken for the truth, as if they were known without error (Evidently, whylogs). A category
 * that the reference does not have makes the statistic infinite and p 0.
 */
export function chiSquareGoodnessOfFit(reference: readonly number[], current: readonly number[]): TestResult {
  const scale = sumOf(current) / sumOf(reference);
  let statistic = 0;
  reference.forEach((count, bin) => {
    const expected = count * scale;
    const observed = current[bin] ?? 0;
    if (expected > 0) statistic += (observed - expected) ** 2 / expected;
    else if (observed > 0) statistic = Number.POSITIVE_INFINITY;
  });
  const isInfinite = statistic === Number.POSITIVE_INFINITY;
  return { statistic, p: isInfinite ? 0 : chiSquareTail(statistic, reference.length - 1) };
}

/** G-test of homogeneity: 2 Σ O ln(O / E) over both samples. */
export function gTest(reference: readonly number[], current: readonly number[]): TestResult {
  const [n, m] = [sumOf(reference), sumOf(current)];
  const term = (observed: number, expected: number) =>
    observed === 0 ? 0 : 2 * observed * Math.log(observed / expected);
  let statistic = 0;
  let bins = 0;
  reference.forEach((a, bin) => {
    const b = current[bin] ?? 0;
    if (a + b === 0) return;
    bins += 1;
    statistic += term(a, ((a + b) * n) / (n + m)) + term(b, ((a + b) * m) / (n + m));
  });
  return { statistic, p: chiSquareTail(statistic, bins - 1) };
}

/** z-test of two proportions with the pooled variance, two-sided. */
export function twoProportions(
  first: readonly [number, number],
  second: readonly [number, number],
): TestResult {
  const [a, n] = first;
  const [b, m] = second;
  const pooled = (a + b) / (n + m);
  const statistic = (a / n - b / m) / Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  return { statistic, p: normalTwoSided(statistic) };
}
