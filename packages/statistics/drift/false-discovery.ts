import type { DriftPolicy } from './drift.schema.ts';

/**
 * Adjusted p-values, in the order given: significant at a false discovery rate of alpha is what is not above alpha.
 *
 * Benjamini and Hochberg (Journal of the Royal Statistical Society B 57, 1995, page 289) hold the rate for tests that are
 * independent or positively dependent; Benjamini and Yekutieli (Annals of Statistics 29, 2001, page 1165) for any, dividing
 * alpha by 1 + 1/2 + … + 1/m. If nothing has changed at all, either is the probability of any false alarm.
 */
export function adjustedPs(
  ps: readonly number[],
  procedure: DriftPolicy['procedure'] = 'benjamini-hochberg',
): number[] {
  const count = ps.length;
  const penalty = procedure === 'benjamini-yekutieli' ? harmonic(count) : 1;
  const descending = ps.map((p, index) => ({ p, index })).sort((a, b) => b.p - a.p);
  const adjusted = new Array<number>(count).fill(1);
  let smallest = 1;
  descending.forEach(({ p, index }, position) => {
    // The factor first: it is exactly 1 for the largest, which must not come out below itself.
    smallest = Math.min(smallest, p * ((penalty * count) / (count - position)));
    adjusted[index] = smallest;
  });
  return adjusted;
}

function harmonic(count: number): number {
  let sum = 0;
  for (let each = count; each >= 1; each -= 1) sum += 1 / each;
  return sum;
}
