import { cumulativeCounts } from './order-statistics.ts';

/** Mann and Whitney's U of the first sample: pairs in which it is larger, ties counting half. */
export function mannWhitneyU(first: readonly number[], second: readonly number[]): number {
  return first.reduce(
    (sum, a) => sum + second.reduce((wins, b) => wins + (a > b ? 1 : a === b ? 0.5 : 0), 0),
    0,
  );
}

/** Exact two-sided p-value without ties: twice the smaller tail (scipy's convention). */
export function mannWhitneyExactP(u: number, n: number, m: number): number {
  const counts = waysByU(n, m);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const extreme = Math.max(u, n * m - u);
  const tail = counts.reduce((sum, count, value) => sum + (value >= extreme ? count : 0), 0);
  return Math.min(1, (2 * tail) / total);
}

/** In how many orders of n and m values U takes each value 0 … nm: Gaussian binomial coefficients. */
function waysByU(n: number, m: number): number[] {
  const counts = new Array<number>(n * m + 1).fill(0);
  counts[0] = 1;
  for (let each = 1; each <= n; each += 1) {
    for (let u = n * m; u >= m + each; u -= 1) counts[u] = (counts[u] ?? 0) - (counts[u - m - each] ?? 0);
    for (let u = each; u <= n * m; u += 1) counts[u] = (counts[u] ?? 0) + (counts[u - each] ?? 0);
  }
  return counts;
}

/** Two-sample Cramér-von Mises statistic: nm / (n + m)^2 · Σ (F - G)^2 over all values (Anderson 1962), no ties. */
export function cramerVonMises(first: readonly number[], second: readonly number[]): number {
  const [n, m] = [first.length, second.length];
  const squares = cumulativeCounts(first, second).reduce(
    (sum, counts) => sum + (counts.first / n - counts.second / m) ** 2,
    0,
  );
  return (squares * n * m) / (n + m) ** 2;
}

/** Exact p-value of the Cramér-von Mises statistic: over all ways to split n + m ranks. For some 20 values at most. */
export function cramerVonMisesExactP(statistic: number, n: number, m: number): number {
  let [extreme, all] = [0, 0];
  const visit = (rank: number, inFirst: number, squares: number) => {
    if (rank === n + m) {
      all += 1;
      if ((squares * n * m) / (n + m) ** 2 >= statistic - 1e-12) extreme += 1;
      return;
    }
    for (const step of [0, 1]) {
      const next = inFirst + step;
      if (next > n || rank + 1 - next > m) continue;
      visit(rank + 1, next, squares + (next / n - (rank + 1 - next) / m) ** 2);
    }
  };
  visit(0, 0, 0);
  return extreme / all;
}
