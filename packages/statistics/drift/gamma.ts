/**
 * Coefficients B(2k) / (2k (2k - 1)) of Stirling's series, k = 1 … 8 (NIST Digital Library of Mathematical Functions,
 * 5.11.1). From x = 10 on the first term left out is below 1e-17.
 */
const stirlingTerms = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360_360,
  1 / 156,
  -3617 / 122_400,
];
const stirlingFrom = 10;
const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

/** Natural logarithm of the gamma function, for x > 0; to some 15 digits of the larger of its value and 1. */
export function lnGamma(x: number): number {
  if (x >= stirlingFrom) return stirling(x);
  // The recurrence lifts x to where the series converges.
  let product = 1;
  let lifted = x;
  for (; lifted < stirlingFrom; lifted += 1) product *= lifted;
  return stirling(lifted) - Math.log(product);
}

function stirling(x: number): number {
  return (x - 0.5) * Math.log(x) - x + halfLogTwoPi + stirlingCorrection(x);
}

/** What Stirling's formula leaves of ln Γ(x), for x of at least 10. */
export function stirlingCorrection(x: number): number {
  const inverseSquare = 1 / (x * x);
  let sum = 0;
  // A plain loop: this is the innermost of all computations here.
  for (let term = stirlingTerms.length - 1; term >= 0; term -= 1) {
    sum = sum * inverseSquare + (stirlingTerms[term] ?? 0);
  }
  return sum / x;
}

/** As many logarithms of factorials as are kept: most counts in bins of windows are below. */
const keptFactorials = 4096;
const lnFactorials = Float64Array.from({ length: keptFactorials }, (_, count) => lnGamma(count + 1));

/** ln(count!) */
export function lnFactorial(count: number): number {
  return lnFactorials[count] ?? lnGamma(count + 1);
}

/** ln of the number of ways to choose `chosen` of `count`; -Infinity where there is none. */
export function lnChoose(count: number, chosen: number): number {
  if (chosen < 0 || chosen > count) return Number.NEGATIVE_INFINITY;
  return lnFactorial(count) - lnFactorial(chosen) - lnFactorial(count - chosen);
}

/** Terms of a series or fraction after which it has converged or never will; x near shape = 1e8 takes some 1e5. */
const mostTerms = 1_000_000;
const precision = 1e-16;

/**
 * Upper tail of the gamma distribution with this shape and scale 1: Q(shape, x) = Γ(shape, x) / Γ(shape). Series below the
 * mean, Legendre's continued fraction by Lentz's method above (NIST Digital Library of Mathematical Functions, 8.7.1 and
 * 8.9.2), so that small tails keep their relative precision.
 */
export function gammaTail(shape: number, x: number): number {
  if (x <= 0) return 1;
  const front = Math.exp(shape * Math.log(x) - x - lnGamma(shape));
  return x < shape + 1 ? 1 - front * lowerSeries(shape, x) : front * upperFraction(shape, x);
}

function lowerSeries(shape: number, x: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let step = 1; step < mostTerms && term > sum * precision; step += 1) {
    term *= x / (shape + step);
    sum += term;
  }
  return sum;
}

function upperFraction(shape: number, x: number): number {
  let b = x + 1 - shape;
  let c = Number.POSITIVE_INFINITY;
  let d = 1 / b;
  let fraction = d;
  for (let step = 1; step < mostTerms; step += 1) {
    const a = step * (shape - step);
    b += 2;
    d = 1 / (a * d + b);
    c = b + a / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < precision) break;
  }
  return fraction;
}

/** Probability that a chi-square variable with so many degrees of freedom is at least x. */
export function chiSquareTail(x: number, degreesOfFreedom: number): number {
  return gammaTail(degreesOfFreedom / 2, x / 2);
}

/** Probability that a standard normal variable is above z. */
export function normalTail(z: number): number {
  const tail = gammaTail(0.5, (z * z) / 2) / 2;
  return z >= 0 ? tail : 1 - tail;
}

/** Probability that a standard normal variable is at least as far from 0 as z, on either side. */
export function normalTwoSided(z: number): number {
  return gammaTail(0.5, (z * z) / 2);
}
