import { Buffer } from 'node:buffer';
import { expect, it } from 'vitest';
import { distinctStandardError, HyperLogLog } from '../../profile/hyper-log-log.ts';
import { ValueHasher } from '../../profile/value-hash.ts';

const hasher = new ValueHasher();

function ofTexts(from: number, to: number): HyperLogLog {
  const counter = new HyperLogLog();
  for (let index = from; index < to; index += 1) {
    const bytes = Buffer.from(`value ${index}`);
    hasher.ofBytes(bytes, 0, bytes.length);
    counter.add(hasher.high, hasher.low);
  }
  return counter;
}

function ofNumbers(from: number, to: number): HyperLogLog {
  const counter = new HyperLogLog();
  for (let index = from; index < to; index += 1) {
    hasher.ofNumber(index / 16);
    counter.add(hasher.high, hasher.low);
  }
  return counter;
}

it.each([0, 1, 10, 1000, 3000, 10_000, 30_000, 200_000])(
  'the number of %d different values is estimated to within four standard errors',
  (values) => {
    for (const counter of [ofTexts(0, values), ofNumbers(0, values)]) {
      expect(Math.abs(counter.estimate() - values)).toBeLessThanOrEqual(4 * distinctStandardError * values);
    }
  },
);

it('errors have no bias and the stated size, over 200 sets of values', () => {
  const errors = Array.from({ length: 200 }, (_, set) => {
    const values = 5000;
    return ofNumbers(set * values, (set + 1) * values).estimate() / values - 1;
  });

  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
  // The mean of 200 is known to 1/14 of a standard error; four of these are allowed.
  expect(Math.abs(mean)).toBeLessThan((4 * distinctStandardError) / Math.sqrt(200));
  // A deviation of 200 is known to 5 %.
  expect(deviation).toBeLessThan(1.2 * distinctStandardError);
});

it('what was seen in pieces, in any order and more than once, is what was seen at once', () => {
  const whole = ofTexts(0, 20_000);
  const merged = new HyperLogLog();
  for (const piece of [ofTexts(12_000, 20_000), ofTexts(0, 9000), ofTexts(5000, 15_000)]) {
    merged.addRegisters(piece.registers());
  }

  expect(merged.registers()).toBe(whole.registers());
  expect(merged.estimate()).toBe(whole.estimate());
});

it('registers far beyond the smallest are kept as they are', () => {
  const counter = ofTexts(0, 20_000);
  // A hash of 20 zeros or more behind its first twelve bits comes once in a million.
  for (const register of [0, 1, 2047, 4094, 4095]) counter.add((register << 20) | 1, register);
  counter.add(7 << 20, 0);

  const copy = new HyperLogLog();
  copy.addRegisters(counter.registers());

  expect(copy.registers()).toBe(counter.registers());
  expect(copy.estimate()).toBe(counter.estimate());
  expect(Buffer.from(counter.registers(), 'base64').length).toBe(1 + 2048 + 6);
});

it('registers take some 2.7 KB', () => {
  expect(ofNumbers(0, 200_000).registers().length).toBeLessThan(2800);
});

it('registers of another number are refused', () => {
  expect(() => new HyperLogLog().addRegisters('AAAA')).toThrow('3 bytes instead of 2049');
});
