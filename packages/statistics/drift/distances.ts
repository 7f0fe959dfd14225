import { sumOf } from '../metrics/sums.ts';

/** Shares of counts. */
export function sharesOf(counts: readonly number[]): number[] {
  const total = sumOf(counts);
  return counts.map((count) => (total === 0 ? 0 : count / total));
}

/**
 * Jensen-Shannon divergence in bits, 0 to 1: ½ KL(p ‖ m) + ½ KL(q ‖ m), m = (p + q) / 2, logarithms to base 2 (Lin, IEEE
 * Transactions on Information Theory 37, 1991, page 145). Its root is the Jensen-Shannon distance.
 */
export function jensenShannonDivergence(p: readonly number[], q: readonly number[]): number {
  let sum = 0;
  for (let bin = 0; bin < p.length; bin += 1) sum += divergenceOfBin(p[bin] ?? 0, q[bin] ?? 0);
  return Math.min(1, Math.max(0, sum));
}

/** What one bin adds to the Jensen-Shannon divergence, in bits. */
export function divergenceOfBin(p: number, q: number): number {
  const middle = (p + q) / 2;
  return (halfTerm(p, middle) + halfTerm(q, middle)) / Math.LN2;
}

function halfTerm(share: number, middle: number): number {
  return share === 0 ? 0 : 0.5 * share * Math.log(share / middle);
}

/**
 * Population stability index, Σ (q - p) ln(q / p), with `added` rows put in every bin of both sides first, so that an empty bin
 * does not make it infinite.
 */
export function populationStabilityIndex(
  reference: readonly number[],
  current: readonly number[],
  added = 0.5,
): number {
  const p = sharesOf(reference.map((count) => count + added));
  const q = sharesOf(current.map((count) => count + added));
  return p.reduce((sum, share, bin) => {
    const other = q[bin] ?? 0;
    return share === other ? sum : sum + (other - share) * Math.log(other / share);
  }, 0);
}

/** Total variation distance, ½ Σ |p - q|: the share of rows that would have to move. */
export function totalVariation(p: readonly number[], q: readonly number[]): number {
  return p.reduce((sum, share, bin) => sum + Math.abs(share - (q[bin] ?? 0)), 0) / 2;
}

/** L∞: the largest change of a bin's share. */
export function largestDifference(p: readonly number[], q: readonly number[]): number {
  return p.reduce((largest, share, bin) => Math.max(largest, Math.abs(share - (q[bin] ?? 0))), 0);
}

/**
 * Wasserstein-1 distance of two histograms, in the unit of the edges: the area between the two distribution functions, which
 * are taken as straight between edges. What lies outside the outer edges is taken to lie on them, so tails count too little.
 * @param edges ascending, one fewer than bins
 */
export function wasserstein(p: readonly number[], q: readonly number[], edges: readonly number[]): number {
  let difference = (p[0] ?? 0) - (q[0] ?? 0);
  let area = 0;
  for (let bin = 1; bin < edges.length; bin += 1) {
    const next = difference + (p[bin] ?? 0) - (q[bin] ?? 0);
    area += areaUnderLine(difference, next) * ((edges[bin] ?? 0) - (edges[bin - 1] ?? 0));
    difference = next;
  }
  return area;
}

/** ∫ |line| over an interval of length 1, from one value to another. */
function areaUnderLine(from: number, to: number): number {
  if (from * to >= 0) return (Math.abs(from) + Math.abs(to)) / 2;
  return (from * from + to * to) / (2 * (Math.abs(from) + Math.abs(to)));
}
