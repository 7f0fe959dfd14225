import { lnChoose } from './gamma.ts';

/** Of `total` rows, `marked` are of a kind; `drawn` are drawn without putting back. How many of the kind are among them? */
export interface Hypergeometric {
  readonly total: number;
  readonly marked: number;
  readonly drawn: number;
}

/** ln of the probability of `count` marked rows among the drawn. */
export function lnProbability({ total, marked, drawn }: Hypergeometric, count: number): number {
  return lnChoose(marked, count) + lnChoose(total - marked, drawn - count) - lnChoose(total, drawn);
}

/** The fewest and the most marked rows that can be drawn. */
function supportOf({ total, marked, drawn }: Hypergeometric): { lowest: number; highest: number } {
  return { lowest: Math.max(0, drawn - (total - marked)), highest: Math.min(marked, drawn) };
}

/** Terms smaller than this share of the sum are left out. */
const negligible = 1e-17;
/** As scipy and R: outcomes whose probability equals the observed one but for rounding are as extreme. */
const relativeTie = 1e-7;

/**
 * Fisher's exact test, two-sided: the probability of all outcomes that are no more probable than the observed one (the
 * convention of R and scipy). Sums outwards from where each tail begins, so it takes steps in the order of the standard deviation.
 */
export function fisherExact(distribution: Hypergeometric, observed: number): number {
  const { lowest, highest } = supportOf(distribution);
  const limit = lnProbability(distribution, observed) + relativeTie;
  const mode = modeOf(distribution);
  const isExtreme = (count: number) => lnProbability(distribution, count) <= limit;
  if (isExtreme(mode)) return 1;
  // Probabilities fall from the mode to either side, so each tail is found by bisection.
  const below = lastWhere(lowest - 1, mode, isExtreme);
  const above = firstWhere(mode, highest + 1, isExtreme);
  const sum = tailSum(distribution, below, -1, lowest) + tailSum(distribution, above, 1, highest);
  return Math.min(1, sum);
}

function modeOf({ total, marked, drawn }: Hypergeometric): number {
  return Math.floor(((drawn + 1) * (marked + 1)) / (total + 2));
}

/** The largest count in low … high - 1 that is extreme, `low` if none; those that are extreme come first. */
function lastWhere(low: number, high: number, isExtreme: (count: number) => boolean): number {
  let extreme = low;
  let central = high;
  while (central - extreme > 1) {
    const middle = Math.floor((extreme + central) / 2);
    if (isExtreme(middle)) extreme = middle;
    else central = middle;
  }
  return extreme;
}

/** The smallest count in low + 1 … high that is extreme, `high` if none; those that are extreme come last. */
function firstWhere(low: number, high: number, isExtreme: (count: number) => boolean): number {
  let central = low;
  let extreme = high;
  while (extreme - central > 1) {
    const middle = Math.floor((extreme + central) / 2);
    if (isExtreme(middle)) extreme = middle;
    else central = middle;
  }
  return extreme;
}

function tailSum(distribution: Hypergeometric, from: number, step: 1 | -1, last: number): number {
  let sum = 0;
  for (let count = from; step * (last - count) >= 0; count += step) {
    const term = Math.exp(lnProbability(distribution, count));
    sum += term;
    if (term <= sum * negligible) break;
  }
  return sum;
}

/** Probabilities this many standard deviations (and rows) from the mean do not move an expectation in its tenth digit. */
const reachInDeviations = 9;
const reachInRows = 24;

/** Expected value of a function of the count that does not grow faster than a polynomial. */
export function hypergeometricExpectation(
  distribution: Hypergeometric,
  value: (count: number) => number,
): number {
  const { lowest, highest } = supportOf(distribution);
  const { mean, variance } = hypergeometricMoments(distribution);
  const reach = reachInDeviations * Math.sqrt(variance) + reachInRows;
  const first = Math.max(lowest, Math.floor(mean - reach));
  const last = Math.min(highest, Math.ceil(mean + reach));
  const { total, marked, drawn } = distribution;
  const start = Math.min(Math.max(Math.floor(mean), first), last);
  const atStart = Math.exp(lnProbability(distribution, start));
  let sum = atStart * value(start);
  for (let count = start, probability = atStart; count < last; count += 1) {
    probability *=
      ((marked - count) * (drawn - count)) / ((count + 1) * (total - marked - drawn + count + 1));
    sum += probability * value(count + 1);
  }
  for (let count = start, probability = atStart; count > first; count -= 1) {
    probability *= (count * (total - marked - drawn + count)) / ((marked - count + 1) * (drawn - count + 1));
    sum += probability * value(count - 1);
  }
  return sum;
}

/** Mean and variance of the count. */
export function hypergeometricMoments({ total, marked, drawn }: Hypergeometric): {
  mean: number;
  variance: number;
} {
  const share = marked / total;
  const mean = drawn * share;
  const variance = total > 1 ? (mean * (1 - share) * (total - drawn)) / (total - 1) : 0;
  return { mean, variance };
}
