/** Mean and spread of a sample. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Unbiased (divided by `count - 1`); 0 for a single value, whose spread cannot be seen. */
  readonly variance: number;
}

/** Two passes: the second subtracts the mean first, so that a large mean does not cancel the spread away. */
export function moments(values: Float64Array): Moments {
  const count = values.length;
  const mean = sum(values) / count;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { count, mean, variance: count > 1 ? squares / (count - 1) : 0 };
}

/** Sum with Neumaier's compensation, exact to the last bits over millions of values. */
export function sum(values: Float64Array): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}
