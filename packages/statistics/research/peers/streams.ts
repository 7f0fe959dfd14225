import { ksExactP, ksStatistic } from './kolmogorov-smirnov.ts';
import type { PythonRandom } from './python-random.ts';

/** ADWIN's threshold for the means of two parts of a window (Bifet and Gavaldà 2007), as River computes it. */
export function adwinThreshold(
  {
    first,
    second,
    variance,
    minimumRows = 5,
  }: { first: number; second: number; variance: number; minimumRows?: number },
  delta = 0.002,
): number {
  const logarithm = Math.log((2 * Math.log(first + second)) / delta);
  const r = 1 / (first - minimumRows + 1) + 1 / (second - minimumRows + 1);
  return Math.sqrt(2 * r * variance * logarithm) + (2 / 3) * r * logarithm;
}

/** Page and Hinkley's test, both directions, with River's defaults: the index at which it first detects a change. */
export function pageHinkley(
  values: readonly number[],
  { minimumRows = 30, delta = 0.005, threshold = 50, fading = 0.9999 } = {},
): number | undefined {
  let [mean, up, down, lowest, highest] = [0, 0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [index, value] of values.entries()) {
    mean += (value - mean) / (index + 1);
    up = fading * up + (value - mean - delta);
    down = fading * down + (value - mean + delta);
    lowest = Math.min(lowest, up);
    highest = Math.max(highest, down);
    if (index + 1 < minimumRows) continue;
    if (up - lowest > threshold || highest - down > threshold) return index;
  }
  return undefined;
}

/** Drift detection method (Gama et al. 2004) of a stream of errors, 0 or 1, with River's defaults: the index of the first detection. */
export function driftDetectionMethod(
  errors: readonly number[],
  { warmUp = 30, deviations = 3 } = {},
): number | undefined {
  let [rate, least, rateAtLeast, errorAtLeast] = [0, Number.POSITIVE_INFINITY, 0, 0];
  for (const [index, error] of errors.entries()) {
    const rows = index + 1;
    rate += (error - rate) / rows;
    const standardError = Math.sqrt((rate * (1 - rate)) / rows);
    if (rows <= warmUp) continue;
    if (rate + standardError <= least) {
      [least, rateAtLeast, errorAtLeast] = [rate + standardError, rate, standardError];
    }
    if (rate + standardError > rateAtLeast + deviations * errorAtLeast) return index;
  }
  return undefined;
}

/**
 * KSWIN (Raab, Heusinger and Schleif, Neurocomputing 416, 2020) with River's defaults: the index at which the latest `recent` of the last
 * `window` values first differ from as many drawn from those before.
 */
export function kswin(
  values: readonly number[],
  random: PythonRandom,
  { alpha = 0.005, window = 100, recent = 30 } = {},
): { readonly index: number; readonly p: number } | undefined {
  for (let index = window - 1; index < values.length; index += 1) {
    const held = values.slice(index + 1 - window, index + 1);
    const earlier = random.sample(window - recent, recent).map((position) => held[position] ?? 0);
    const statistic = ksStatistic(earlier, held.slice(-recent));
    if (statistic <= 0.1) continue;
    const p = ksExactP(statistic, recent, recent);
    if (p <= alpha) return { index, p };
  }
  return undefined;
}
