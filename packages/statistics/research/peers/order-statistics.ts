/** Ascending copy. */
export function sorted(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b);
}

/** Distinct values of both samples, ascending, with how many of each sample are at most that value. */
export function cumulativeCounts(
  first: readonly number[],
  second: readonly number[],
): { readonly value: number; readonly first: number; readonly second: number }[] {
  const [a, b] = [sorted(first), sorted(second)];
  const values = [...new Set([...a, ...b])].sort((x, y) => x - y);
  let [inFirst, inSecond] = [0, 0];
  return values.map((value) => {
    while (inFirst < a.length && (a[inFirst] ?? 0) <= value) inFirst += 1;
    while (inSecond < b.length && (b[inSecond] ?? 0) <= value) inSecond += 1;
    return { value, first: inFirst, second: inSecond };
  });
}

/** Mean and population standard deviation (divided by n). */
export function populationMoments(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / values.length) };
}
