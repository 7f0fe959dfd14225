import type { Estimate } from './estimate.schema.ts';
import type { MetricFacts } from './metric-facts.ts';
import { normalQuantile } from './normal.ts';

/** Confidence of every interval that Tidemark reports. */
export const reportedConfidence = 0.95;

/** Standard errors to either side of a normal estimate that hold it with this confidence: 1.96 for 0.95. */
export function twoSidedQuantile(confidence: number): number {
  return normalQuantile((1 + confidence) / 2);
}

/** Normal (Wald) interval at the reported confidence, cut to where the metric can lie at all. */
export function normalInterval(
  value: number,
  standardError: number,
  { lowest, highest }: MetricFacts,
): Estimate {
  const reach = twoSidedQuantile(reportedConfidence) * standardError;
  return {
    value,
    low: Math.max(value - reach, lowest ?? Number.NEGATIVE_INFINITY),
    high: Math.min(value + reach, highest ?? Number.POSITIVE_INFINITY),
  };
}

/**
 * Wilson's score interval of a proportion (Journal of the American Statistical Association 22, 1927, page 209). Unlike the
 * normal interval it keeps its coverage near 0 and 1. Without trials the proportion is 0 and nothing is known: 0 to 1.
 */
export function wilsonInterval(successes: number, trials: number): Estimate {
  if (trials === 0) return { value: 0, low: 0, high: 1 };
  const z = twoSidedQuantile(reportedConfidence);
  const value = successes / trials;
  const shrink = 1 + (z * z) / trials;
  const centre = (value + (z * z) / (2 * trials)) / shrink;
  const reach = (z / shrink) * Math.sqrt((value * (1 - value)) / trials + (z * z) / (4 * trials * trials));
  // Rounding may leave the bounds of a certain outcome a hair inside or outside.
  return {
    value,
    low: successes === 0 ? 0 : Math.max(0, centre - reach),
    high: successes === trials ? 1 : Math.min(1, centre + reach),
  };
}
