import { sumOf } from '../metrics/sums.ts';
import type { Contingency } from './contingency.ts';
import { drawBinomial, drawGamma, drawMultinomial, type Uniform } from './draws.ts';
import { lnChoose, lnFactorial, lnGamma } from './gamma.ts';
import type { Proposal } from './importance-sampling.ts';

/** A concentration at which a beta-binomial number is a binomial one for all that counts. */
const largestConcentration = 1e7;
/** Below, nearly all trials would succeed or nearly all fail, and what lies between would never be drawn. */
const smallestConcentration = 0.5;

/**
 * Tables whose counts scatter more than chance would have it, in every direction. Chance fills one bin after the other with
 * hypergeometric counts; here they are beta-binomial, with the same means and `inflation` times the variance, or the least
 * that a beta-binomial number can have.
 */
export function scattered({ totals, size, total }: Contingency, inflation: number): Proposal {
  // Small bins first: what is left for the large ones then hardly moves their means.
  const order = Array.from(totals.keys()).sort((a, b) => (totals[a] ?? 0) - (totals[b] ?? 0));
  const last = order.pop() ?? 0;
  const stepAt = (bin: number, left: number, totalLeft: number) =>
    betaBinomialStep(totals[bin] ?? 0, left, totalLeft, inflation);
  return {
    draw: (uniform, counts) => {
      let left = size;
      let totalLeft = total;
      for (const bin of order) {
        const { trials, a, b } = stepAt(bin, left, totalLeft);
        const count = drawBinomial(trials, drawBeta(a, b, uniform), uniform);
        counts[bin] = count;
        left -= count;
        totalLeft -= totals[bin] ?? 0;
      }
      counts[last] = left;
    },
    lnProbability: (counts) => {
      let sum = 0;
      let left = size;
      let totalLeft = total;
      for (const bin of order) {
        const count = counts[bin] ?? 0;
        const { trials, a, b } = stepAt(bin, left, totalLeft);
        sum += lnChoose(trials, count) + lnBeta(count + a, trials - count + b) - lnBeta(a, b);
        left -= count;
        totalLeft -= totals[bin] ?? 0;
      }
      return sum;
    },
  };
}

/**
 * `left` rows remain to be put into bins with `totalLeft` places, `places` of them in this bin. Either the places are the trials
 * and each is taken, or the rows are and each is put here: the fewer trials come closer to chance.
 */
function betaBinomialStep(places: number, left: number, totalLeft: number, inflation: number) {
  const trials = Math.min(places, left);
  const share = Math.max(places, left) / totalLeft;
  // Chance has this many times the variance of a binomial number with so many trials.
  const ofChance = (totalLeft - trials) / Math.max(1, totalLeft - 1);
  const wanted = inflation * ofChance;
  const solution = wanted > 1 ? (trials - wanted) / (wanted - 1) : largestConcentration;
  const concentration = Math.min(largestConcentration, Math.max(smallestConcentration, solution));
  return { trials, a: concentration * share, b: concentration * (1 - share) };
}

function drawBeta(a: number, b: number, uniform: Uniform): number {
  if (b === 0) return 1;
  if (a === 0) return 0;
  const first = drawGamma(a, uniform);
  return first / (first + drawGamma(b, uniform));
}

/** ln of the beta function. Where b is 0 all trials succeed, so that the two that are compared are equal. */
function lnBeta(a: number, b: number): number {
  return a <= 0 || b <= 0 ? 0 : lnGamma(a) + lnGamma(b) - lnGamma(a + b);
}

/** Searching for the tilt ends when it is known this well. */
const tiltSteps = 60;
/** The furthest that tables are shifted, as a share of the largest shift there is. */
const largestShift = 0.9;

/**
 * Tables whose scores are shifted by `deviations` standard deviations of chance, up or down with equal probability: two
 * multinomial distributions, tilted exponentially (Siegmund, Annals of Statistics 4, 1976, page 673).
 * @param scores of the bins, with mean 0 over the pooled rows
 */
export function shifted(
  { totals, size }: Contingency,
  scores: Float64Array,
  deviations: number,
  deviation: number,
): Proposal {
  const shift = deviations * deviation;
  const up = tilted(totals, size, scores, shift);
  const down = tilted(totals, size, scores, -shift);
  return {
    draw: (uniform: Uniform, counts: Float64Array) =>
      drawMultinomial(size, uniform() < 0.5 ? up.weights : down.weights, uniform, counts),
    lnProbability: (counts) => {
      let ofUp = 0;
      let ofDown = 0;
      let common = lnFactorial(size) - Math.LN2;
      for (let bin = 0; bin < totals.length; bin += 1) {
        const count = counts[bin] ?? 0;
        if (count === 0) continue;
        common -= lnFactorial(count);
        ofUp += count * (up.lnShares[bin] ?? 0);
        ofDown += count * (down.lnShares[bin] ?? 0);
      }
      const larger = Math.max(ofUp, ofDown);
      return common + larger + Math.log(Math.exp(ofUp - larger) + Math.exp(ofDown - larger));
    },
  };
}

/** Shares of the bins, proportional to totals · exp(tilt · score), at which the scores of `size` rows add up to `shift`. */
function tilted(totals: Float64Array, size: number, scores: Float64Array, shift: number) {
  const furthest = shift > 0 ? Math.max(...scores) : Math.min(...scores);
  const wanted = Math.min(Math.abs(shift) / size, largestShift * Math.abs(furthest));
  const scale = Math.max(...scores.map(Math.abs));
  const sign = Math.sign(shift);
  const meanAt = (tilt: number) => {
    const shares = sharesAt(totals, scores, sign * tilt);
    return sign * scores.reduce((sum, score, bin) => sum + score * (shares[bin] ?? 0), 0);
  };
  let low = 0;
  let high = 1 / scale;
  while (meanAt(high) < wanted) high *= 2;
  for (let step = 0; step < tiltSteps; step += 1) {
    const middle = (low + high) / 2;
    if (meanAt(middle) < wanted) low = middle;
    else high = middle;
  }
  const weights = sharesAt(totals, scores, sign * low);
  return { weights, lnShares: weights.map(Math.log) };
}

function sharesAt(totals: Float64Array, scores: Float64Array, tilt: number): Float64Array {
  const exponents = scores.map((score) => tilt * score);
  const largest = Math.max(...exponents);
  const weights = totals.map((pooled, bin) => pooled * Math.exp((exponents[bin] ?? 0) - largest));
  const sum = sumOf(weights);
  return weights.map((weight) => weight / sum);
}
