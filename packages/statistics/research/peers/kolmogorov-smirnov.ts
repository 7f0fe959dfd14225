import { cumulativeCounts } from './order-statistics.ts';

/** sup |F - G| of two samples. */
export function ksStatistic(first: readonly number[], second: readonly number[]): number {
  return cumulativeCounts(first, second).reduce(
    (largest, counts) =>
      Math.max(largest, Math.abs(counts.first / first.length - counts.second / second.length)),
    0,
  );
}

/**
 * Exact two-sided p-value without ties: the share of lattice paths from (0, 0) to (n, m) that leave the band |i/n - j/m| < D
 * (Hodges, Arkiv för Matematik 3, 1958, page 469), added up as probabilities row by row.
 */
export function ksExactP(statistic: number, n: number, m: number): number {
  const isInside = (i: number, j: number) => Math.abs(i / n - j / m) < statistic - 1e-12;
  // inside[j]: probability that a path at (i, j) has been inside the band so far.
  let inside = Array.from({ length: m + 1 }, () => 0);
  for (let i = 0; i <= n; i += 1) {
    const next = Array.from({ length: m + 1 }, () => 0);
    for (let j = 0; j <= m; j += 1) {
      if (!isInside(i, j)) continue;
      const arrived = i + j;
      const fromLeft = i > 0 ? (inside[j] ?? 0) * (i / arrived) : 0;
      const fromBelow = j > 0 ? (next[j - 1] ?? 0) * (j / arrived) : 0;
      next[j] = arrived === 0 ? 1 : fromLeft + fromBelow;
    }
    inside = next;
  }
  return 1 - (inside[m] ?? 0);
}

/**
 * "Asymptotic" two-sided p-value as scipy has it: the one-sample distribution at round(nm / (n + m)) rows, by the matrix of Marsaglia,
 * Tsang and Wang (Journal of Statistical Software 8(18), 2003).
 */
export function ksAsymptoticP(statistic: number, n: number, m: number): number {
  return 1 - oneSampleCdf(statistic, Math.round((n * m) / (n + m)));
}

function oneSampleCdf(statistic: number, n: number): number {
  const k = Math.floor(n * statistic) + 1;
  const h = k - n * statistic;
  const size = 2 * k - 1;
  const matrix: number[][] = Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => (row - column + 1 < 0 ? 0 : 1)),
  );
  const set = (row: number, column: number, change: number) => {
    const cells = matrix[row];
    if (cells) cells[column] = (cells[column] ?? 0) + change;
  };
  for (let each = 0; each < size; each += 1) {
    set(each, 0, -(h ** (each + 1)));
    set(size - 1, each, -(h ** (size - each)));
  }
  set(size - 1, 0, Math.max(0, 2 * h - 1) ** size);
  const scaled = matrix.map((cells, row) =>
    cells.map((cell, column) => (row - column + 1 > 0 ? cell / factorial(row - column + 1) : cell)),
  );
  const middle = power(scaled, n)[k - 1]?.[k - 1] ?? 0;
  return Array.from({ length: n }, (_, each) => (each + 1) / n).reduce(
    (product, each) => product * each,
    middle,
  );
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

function power(matrix: number[][], exponent: number): number[][] {
  if (exponent === 1) return matrix;
  const half = power(matrix, Math.floor(exponent / 2));
  const squared = multiply(half, half);
  return exponent % 2 === 0 ? squared : multiply(squared, matrix);
}

function multiply(a: number[][], b: number[][]): number[][] {
  return a.map((row) =>
    row.map((_, column) => row.reduce((sum, cell, each) => sum + cell * (b[each]?.[column] ?? 0), 0)),
  );
}
