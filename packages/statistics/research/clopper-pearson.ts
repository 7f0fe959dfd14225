import { lnChoose } from '../drift/gamma.ts';

/** Exact interval of a share at 95 % confidence (Clopper and Pearson, Biometrika 26, 1934, page 404). */
export function clopperPearson(successes: number, trials: number): { low: number; high: number } {
  const low = successes === 0 ? 0 : solve((p) => atLeast(successes, trials, p) - 0.025);
  const high = successes === trials ? 1 : solve((p) => atLeast(successes + 1, trials, p) - 0.975);
  return { low, high };
}

/** Where a rising function of a probability crosses 0. */
function solve(rising: (p: number) => number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (rising(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Probability of at least so many successes. */
function atLeast(successes: number, trials: number, p: number): number {
  if (p <= 0) return successes <= 0 ? 1 : 0;
  if (p >= 1) return 1;
  let sum = 0;
  for (let count = successes; count <= trials; count += 1) {
    const term = Math.exp(lnChoose(trials, count) + count * Math.log(p) + (trials - count) * Math.log1p(-p));
    sum += term;
    if (count > trials * p && term < sum * 1e-15) break;
  }
  return Math.min(1, sum);
}
