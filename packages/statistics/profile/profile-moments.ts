import type { ProfileMoments } from './profile.schema.ts';

export const noMoments: ProfileMoments = { n: 0, mean: 0, m2: 0 };

/** Moments of the first `count` finite numbers, in two passes: the sum of squares then loses no digits to the mean. */
export function profileMomentsOf(values: Float64Array, count: number): ProfileMoments {
  if (count === 0) return noMoments;
  let sum = 0;
  for (let index = 0; index < count; index += 1) sum += values[index] ?? 0;
  const mean = Number.isFinite(sum) ? sum / count : meanOfHuge(values, count);
  let m2 = 0;
  for (let index = 0; index < count; index += 1) m2 += ((values[index] ?? 0) - mean) ** 2;
  return { n: count, mean, m2: representable(m2) };
}

/** Moments of one number that occurs so often. */
export function momentsOfOne(value: number, rows: number): ProfileMoments {
  return { n: rows, mean: value, m2: 0 };
}

/** Moments of all values of two (Chan, Golub and LeVeque, 1979, "Updating formulae and a pairwise algorithm for computing sample variances"). */
export function mergeMoments(a: ProfileMoments, b: ProfileMoments): ProfileMoments {
  if (a.n === 0 || b.n === 0) return a.n === 0 ? b : a;
  // The larger one's mean moves the least, whichever comes first.
  const [large, small] = a.n >= b.n ? [a, b] : [b, a];
  const n = large.n + small.n;
  const delta = small.mean - large.mean;
  const mean = Number.isFinite(delta)
    ? large.mean + delta * (small.n / n)
    : large.mean * (large.n / n) + small.mean * (small.n / n);
  return { n, mean, m2: representable(large.m2 + small.m2 + delta ** 2 * large.n * (small.n / n)) };
}

/** Of a sample (n - 1); `undefined` below two values. */
export function standardDeviation({ n, m2 }: ProfileMoments): number | undefined {
  return n > 1 ? Math.sqrt(m2 / (n - 1)) : undefined;
}

/** For numbers near the largest there are, whose sum is beyond it. */
function meanOfHuge(values: Float64Array, count: number): number {
  let mean = 0;
  for (let index = 0; index < count; index += 1) mean += (values[index] ?? 0) / count;
  return mean;
}

/** JSON has no infinity: a sum of squares beyond 1.8e308 stands as the largest number. */
function representable(m2: number): number {
  return Math.min(m2, Number.MAX_VALUE);
}
