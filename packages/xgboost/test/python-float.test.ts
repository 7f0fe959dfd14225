import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pythonFloat } from '../python-float.ts';

test.each([
  [0, '0.0'],
  [-0, '-0.0'],
  [1, '1.0'],
  [-12, '-12.0'],
  [0.43861907720565796, '0.43861907720565796'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [0.000012345, '1.2345e-05'],
  [1e15, '1000000000000000.0'],
  [1e16, '1e+16'],
  [1.5e21, '1.5e+21'],
  [Number.NaN, 'nan'],
  [Number.NEGATIVE_INFINITY, '-inf'],
])('writes %d as Python does: %s', (value, text) => {
  expect(pythonFloat(value)).toBe(text);
});

test('loses nothing', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Number(pythonFloat(value))).toBe(value);
    }),
  );
});
