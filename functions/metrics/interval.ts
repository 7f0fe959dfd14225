import type { Estimate } from '../registry/records.schema.ts';
import { normalQuantile } from './normal.ts';

/** Confidence of every interval that Tidemark reports. */
export const reportedConfidence = 0.95;

/** Where a metric can lie at all; an interval is cut there. */
export interface Range {
  readonly minimum: number;
  readonly maximum: number;
}
export const unitRange: Range = { minimum: 0, maximum: 1 };
export const nonNegative: Range = { minimum: 0, maximum: Number.POSITIVE_INFINITY };

/** Standard errors to either side of a normal estimate that hold it with this confidence: 1.96 for 0.95. */
export function twoSidedQuantile(confidence: number): number {
  return normalQuantile((1 + confidence) / 2);
}

/** Normal (Wald) interval at the reported confidence, cut to the metric's range. */
export function normalInterval(value: number, standardError: number, range?: Range): Estimate {
  const reach = twoSidedQuantile(reportedConfidence) * standardError;
  return {
    value,
    low: Math.max(value - reach, range?.minimum ?? Number.NEGATIVE_INFINITY),
    high: Math.min(value + reach, range?.maximum ?? Number.POSITIVE_INFINITY),
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
