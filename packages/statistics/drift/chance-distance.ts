import type { Contingency } from './contingency.ts';
import { divergenceOfBin } from './distances.ts';
import { hypergeometricExpectation, hypergeometricMoments } from './hypergeometric.ts';

/** Bins in which both samples expect this many rows are smooth enough for the second-order expansion; its error is below 1 %. */
const expandFrom = 100;

/**
 * Jensen-Shannon divergence, in bits, that two samples of these sizes have on average though they come from the same
 * distribution: what has to be taken off an observed one before it says anything. Given the margins, each bin's count is
 * hypergeometric, so its mean is a finite sum; for well filled bins it is the expansion (1/n + 1/m) (1 - share) / (8 ln 2),
 * which over all bins gives the known (B - 1) (1/n + 1/m) / (8 ln 2).
 */
export function divergenceByChance({ totals, size, total }: Contingency): number {
  const other = total - size;
  return totals.reduce((sum, marked) => {
    const distribution = { total, marked, drawn: size };
    const { mean } = hypergeometricMoments(distribution);
    if (Math.min(mean, marked - mean) >= expandFrom) {
      return sum + ((1 / size + 1 / other) * (1 - marked / total)) / (8 * Math.LN2);
    }
    return (
      sum +
      hypergeometricExpectation(distribution, (count) =>
        divergenceOfBin(count / size, (marked - count) / other),
      )
    );
  }, 0);
}
