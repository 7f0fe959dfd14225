import type { Contingency } from './contingency.ts';
import { gammaTail } from './gamma.ts';

/** What Pearson's statistic of a table compares and how, for the record. */
export const pearsonConvention =
  'chi-square test of homogeneity (Pearson 1900), 2 x occupied bins, no continuity correction';

/**
 * Pearson's chi-square statistic of homogeneity, summed over both samples, of other counts with the same margins. With the
 * smaller sample's expectation e in a bin, both samples' cells add up to (count - e)^2 / e · N / (N - n).
 */
export function pearsonStatistic(counts: Float64Array, { totals, size, total }: Contingency): number {
  let sum = 0;
  for (let bin = 0; bin < totals.length; bin += 1) {
    const expected = ((totals[bin] ?? 0) * size) / total;
    sum += ((counts[bin] ?? 0) - expected) ** 2 / expected;
  }
  return (sum * total) / (total - size);
}

/**
 * Tail of Pearson's statistic given the margins, by the gamma distribution with the exact mean and variance (Haldane,
 * Biometrika 33, 1945, page 234; in the notation of Lewontin and Felsenstein, Biometrics 21, 1965, page 19). Good for the
 * bulk of the distribution also where bins are nearly empty; too small in the far tail then.
 */
export function pearsonTail(statistic: number, table: Contingency): number {
  const { mean, variance } = pearsonMoments(table);
  if (variance <= 0) return statistic > mean * (1 + 1e-9) ? 0 : 1;
  return gammaTail((mean * mean) / variance, (statistic * mean) / variance);
}

/** Exact mean and variance of Pearson's statistic given the margins. */
export function pearsonMoments({ totals, size, total }: Contingency): { mean: number; variance: number } {
  const bins = totals.length;
  const mean = (total * (bins - 1)) / (total - 1);
  if (total <= 3) return { mean, variance: 0 };
  const ofBins = spread(Array.from(totals), total);
  const ofSamples = spread([size, total - size], total);
  const variance =
    ((2 * total) / (total - 3)) * (ofBins.v - ofBins.w) * (ofSamples.v - ofSamples.w) +
    ((total * total) / (total - 1)) * ofBins.w * ofSamples.w;
  return { mean, variance };
}

/** The two numbers of a margin that the variance depends on; w is 0 when all its parts are equal. */
function spread(margin: readonly number[], total: number): { v: number; w: number } {
  const parts = margin.length;
  const inverse = margin.reduce((sum, part) => sum + total / part, 0);
  return {
    v: ((parts - 1) * (total - parts)) / (total - 1),
    w: (inverse - parts * parts) / (total - 2),
  };
}
