import { lnFactorial } from './gamma.ts';

/** Uniform numbers in [0, 1). */
export type Uniform = () => number;

/** Below this mean, counting waiting times is faster than rejection. */
const rejectionFrom = 10;

/** A binomial number: how many of `trials` succeed with this probability. Exact for any number of trials. */
export function drawBinomial(trials: number, probability: number, uniform: Uniform): number {
  if (trials <= 0 || probability <= 0) return 0;
  if (probability >= 1) return trials;
  if (probability > 0.5) return trials - drawBinomial(trials, 1 - probability, uniform);
  return trials * probability < rejectionFrom
    ? byWaitingTimes(trials, probability, uniform)
    : byRejection(trials, probability, uniform);
}

/** Geometric waiting times from success to success, until the trials are over (Devroye 1986, chapter X.4). */
function byWaitingTimes(trials: number, probability: number, uniform: Uniform): number {
  const scale = 1 / Math.log1p(-probability);
  let successes = 0;
  let used = Math.floor(Math.log(1 - uniform()) * scale) + 1;
  while (used <= trials) {
    successes += 1;
    used += Math.floor(Math.log(1 - uniform()) * scale) + 1;
  }
  return successes;
}

/** Transformed rejection with squeeze, algorithm BTRS (Hörmann, Journal of Statistical Computation and Simulation 46, 1993, page 101). */
function byRejection(trials: number, probability: number, uniform: Uniform): number {
  const deviation = Math.sqrt(trials * probability * (1 - probability));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * probability;
  const centre = trials * probability + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * deviation;
  const lnOdds = Math.log(probability / (1 - probability));
  const mode = Math.floor((trials + 1) * probability);
  const lnMode = lnFactorial(mode) + lnFactorial(trials - mode);
  for (;;) {
    const u = uniform() - 0.5;
    const v = uniform();
    const distance = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / distance + b) * u + centre);
    if (distance >= 0.07 && v <= squeeze) return count;
    if (!(count >= 0 && count <= trials)) continue;
    const lnRatio = lnMode - lnFactorial(count) - lnFactorial(trials - count) + (count - mode) * lnOdds;
    if (Math.log((v * alpha) / (a / (distance * distance) + b)) <= lnRatio) return count;
  }
}

/** How many of `trials` fall in each bin, written to `counts`; weights need not add up to 1. */
export function drawMultinomial(
  trials: number,
  weights: Float64Array,
  uniform: Uniform,
  counts: Float64Array,
): void {
  let left = trials;
  let weightLeft = 0;
  for (const weight of weights) weightLeft += weight;
  const last = weights.length - 1;
  for (let bin = 0; bin < last; bin += 1) {
    const weight = weights[bin] ?? 0;
    const drawn = weightLeft > 0 ? drawBinomial(left, Math.min(1, weight / weightLeft), uniform) : 0;
    counts[bin] = drawn;
    left -= drawn;
    weightLeft -= weight;
  }
  counts[last] = left;
}

/** A standard normal number, by the polar form's older sibling: Box and Muller, 1958. */
export function drawNormal(uniform: Uniform): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/**
 * A gamma number of this shape and scale 1 (Marsaglia and Tsang, ACM Transactions on Mathematical Software 26, 2000, page
 * 363; shapes below 1 by their note in section 6).
 */
export function drawGamma(shape: number, uniform: Uniform): number {
  if (shape < 1) return drawGamma(shape + 1, uniform) * (1 - uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = drawNormal(uniform);
    const cubed = (1 + c * normal) ** 3;
    if (cubed <= 0) continue;
    const lnUniform = Math.log(1 - uniform());
    if (lnUniform < 0.5 * normal * normal + d - d * cubed + d * Math.log(cubed)) return d * cubed;
  }
}
