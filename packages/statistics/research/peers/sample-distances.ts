import { cumulativeCounts, populationMoments, sorted } from './order-statistics.ts';

/** Wasserstein-1 distance of two samples: the area between their distribution functions. */
export function wassersteinOfSamples(first: readonly number[], second: readonly number[]): number {
  const steps = cumulativeCounts(first, second);
  return steps.reduce((area, step, index) => {
    const next = steps[index + 1];
    if (!next) return area;
    return (
      area + Math.abs(step.first / first.length - step.second / second.length) * (next.value - step.value)
    );
  }, 0);
}

/** Evidently: over the reference's population standard deviation, at least 0.001. */
export function normedWasserstein(reference: readonly number[], current: readonly number[]): number {
  return wassersteinOfSamples(reference, current) / Math.max(populationMoments(reference).deviation, 0.001);
}

/** Energy distance as scipy has it: the root of 2 E|X - Y| - E|X - X'| - E|Y - Y'|. */
export function energyDistance(first: readonly number[], second: readonly number[]): number {
  const between = 2 * meanGap(first, second);
  return Math.sqrt(between - meanGap(first, first) - meanGap(second, second));
}

function meanGap(first: readonly number[], second: readonly number[]): number {
  const sum = first.reduce((total, a) => total + second.reduce((row, b) => row + Math.abs(a - b), 0), 0);
  return sum / (first.length * second.length);
}

/** Half the median of the squared distances of all pairs: the kernel's variance. */
export function medianBandwidth(first: readonly number[], second: readonly number[]): number {
  const pooled = [...first, ...second];
  const squares = sorted(pooled.flatMap((a, index) => pooled.slice(index + 1).map((b) => (a - b) ** 2)));
  return (squares[Math.floor(squares.length / 2)] ?? 0) / 2;
}

/** Unbiased squared maximum mean discrepancy, kernel exp(-d^2 / (2 variance)) (Gretton et al., JMLR 13, 2012, equation 3). */
export function maximumMeanDiscrepancy(
  first: readonly number[],
  second: readonly number[],
  variance: number,
): number {
  const kernel = (a: number, b: number) => Math.exp(-((a - b) ** 2) / (2 * variance));
  const within = (values: readonly number[]) =>
    values.reduce(
      (sum, a, i) => sum + values.reduce((row, b, j) => row + (i === j ? 0 : kernel(a, b)), 0),
      0,
    ) /
    (values.length * (values.length - 1));
  const across =
    first.reduce((sum, a) => sum + second.reduce((row, b) => row + kernel(a, b), 0), 0) /
    (first.length * second.length);
  return within(first) + within(second) - 2 * across;
}
