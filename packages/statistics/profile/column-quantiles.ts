import type { ColumnProfile, TopValues } from './profile.schema.ts';
import { type WeightedNumber, weightedItems } from './quantile-sketch.ts';

/**
 * Numbers that stand for those of a column, ascending, and how many each stands for: all values where they are known, else what the sketch keeps. Empty
 * for columns of other types.
 */
export function columnNumbers({ moments, quantiles, top }: ColumnProfile): WeightedNumber[] {
  if (moments === null) return [];
  return quantiles === null ? countedNumbers(top) : weightedItems(quantiles);
}

/** The values of a column of numbers that has few, ascending. */
export function countedNumbers(top: TopValues | null): WeightedNumber[] {
  return (top?.values ?? [])
    .map(([value, rows]): WeightedNumber => [Number(value), rows])
    .sort(([a], [b]) => a - b);
}
