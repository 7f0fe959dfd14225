import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortedAtOnce, sortNumbers } from '../../profile/sort-numbers.ts';
import { randomNumbers } from './random-numbers.ts';

const sorted = (numbers: readonly number[]) => {
  const array = Float64Array.from(numbers);
  sortNumbers(array);
  return [...array];
};
const expected = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);

describe('sorted numbers', () => {
  it('are in order, whatever they are', () => {
    const number = fc.oneof(
      fc.double({ noNaN: true }).map((value) => value + 0),
      fc.integer(),
      fc.constantFrom(0, 1, Number.MIN_VALUE, Number.MAX_VALUE, -Number.MAX_VALUE, Number.NEGATIVE_INFINITY),
    );
    fc.assert(
      fc.property(fc.array(number, { maxLength: sortedAtOnce, size: 'large' }), (numbers) => {
        expect(sorted(numbers)).toEqual(expected(numbers));
      }),
    );
  });

  it.each([
    ['differ in their lowest bits only', (random: number) => 1 + Math.floor(random * 1e5) * Number.EPSILON],
    [
      'differ in their lowest bits and their signs',
      (random: number) => (random < 0.5 ? -1 - random * 1e-9 : 1 + random * 1e-9),
    ],
    ['have few values', (random: number) => Math.floor(random * 5) - 2],
    ['span all magnitudes', (random: number) => 10 ** (random * 600 - 300)],
  ])('are in order when they %s', (_, numberOf) => {
    const random = randomNumbers(3);
    const numbers = Array.from({ length: sortedAtOnce }, () => numberOf(random()));

    expect(sorted(numbers)).toEqual(expected(numbers));
  });

  it('are sorted within a part of a larger array alone', () => {
    const array = Float64Array.from([9, 3, 1, 2, 0]);

    sortNumbers(array.subarray(1, 4));

    expect([...array]).toEqual([9, 1, 2, 3, 0]);
  });
});
