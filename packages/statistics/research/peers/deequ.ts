import { largestDifference, sharesOf } from '../../drift/distances.ts';
import { sumOf } from '../../metrics/sums.ts';

/**
 * What Deequ's robust distances take off L∞ for small samples: c √((n + m) / nm), where c is 1.8 or, with an alpha, √(-½ ln(α / 2)).
 * SageMaker Model Monitor used the same.
 */
export function robustCorrection(n: number, m: number, alpha?: number): number {
  const c = alpha === undefined ? 1.8 : Math.sqrt(-0.5 * Math.log(alpha / 2));
  return c * Math.sqrt((n + m) / (n * m));
}

/** Deequ's robust L∞ distance of categories. */
export function robustDistance(
  reference: readonly number[],
  current: readonly number[],
  alpha?: number,
): number {
  const simple = largestDifference(sharesOf(reference), sharesOf(current));
  return Math.max(0, simple - robustCorrection(sumOf(reference), sumOf(current), alpha));
}
