import { divergenceByChance } from './chance-distance.ts';
import { contingency, isComparable } from './contingency.ts';
import { jensenShannonDivergence, sharesOf } from './distances.ts';

/** Jensen-Shannon distances (root of bits, 0 to 1): as counted, and with the part that chance adds taken off. */
export interface DebiasedDivergence {
  readonly raw: number;
  readonly debiased: number;
}

/**
 * The distance of two samples' counts. Two samples from one distribution are at a distance too, the farther the smaller they
 * are and the more bins there are: 200 rows in 20 bins are at 0.13 from a large reference. So the divergence that they have
 * on average by chance is taken off; below it the distance is 0. Without rows on one side nothing is known, and it is 0.
 */
export function chanceFree(reference: readonly number[], current: readonly number[]): DebiasedDivergence {
  const table = contingency(reference, current);
  if (!isComparable(table)) return { raw: 0, debiased: 0 };
  const divergence = jensenShannonDivergence(sharesOf(reference), sharesOf(current));
  const beyondChance = Math.max(0, divergence - divergenceByChance(table));
  return { raw: Math.sqrt(divergence), debiased: Math.sqrt(beyondChance) };
}
