import { moments, sum } from './moments.ts';

/**
 * A metric's value, and how much each row moves it: the influence function at that row (Hampel, Journal of the American
 * Statistical Association 69, 1974, page 383), whose mean is 0 and whose spread over the root of the number of rows is the
 * metric's standard error. For two models on the same rows, the difference of their influences gives the standard error of
 * their difference, with what they have in common cancelled.
 */
export interface Pointwise {
  readonly value: number;
  readonly influence: Float64Array;
}

/** Mean of one number per row. */
export function meanOf(values: Float64Array): Pointwise {
  const value = sum(values) / values.length;
  return { value, influence: values.map((each) => each - value) };
}

/** Ratio of two sums over the rows, such as true positives over predicted ones; `undefined` if the denominator is 0. */
export function ratioOf(numerators: Float64Array, denominators: Float64Array): Pointwise | undefined {
  const total = sum(denominators);
  if (total === 0) return undefined;
  const value = sum(numerators) / total;
  const meanDenominator = total / numerators.length;
  return {
    value,
    influence: numerators.map(
      (numerator, row) => (numerator - value * (denominators[row] ?? 0)) / meanDenominator,
    ),
  };
}

/** Square root of a metric, by the chain rule; at 0 every row is without error and nothing moves. */
export function rootOf({ value, influence }: Pointwise): Pointwise {
  const root = Math.sqrt(value);
  return { value: root, influence: root === 0 ? influence : influence.map((each) => each / (2 * root)) };
}

/** `1 - metric`. */
export function complementOf({ value, influence }: Pointwise): Pointwise {
  return { value: 1 - value, influence: influence.map((each) => -each) };
}

/** Standard error of the value. */
export function standardErrorOf({ influence }: Pointwise): number {
  const { count, variance } = moments(influence);
  return Math.sqrt(variance / count);
}

/** `first - second` on the same rows. */
export function differenceOf(first: Pointwise, second: Pointwise): Pointwise {
  return {
    value: first.value - second.value,
    influence: first.influence.map((each, row) => each - (second.influence[row] ?? 0)),
  };
}
