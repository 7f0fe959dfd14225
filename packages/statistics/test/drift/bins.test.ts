import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tellApart } from '../../drift/bins.ts';

it('two numbers that differ are written so that they can be told apart, as short as that goes', () => {
  expect(tellApart(1767225600, 1767229200)).toEqual(['1767226000', '1767229000']);
  expect(tellApart(0.5, 0.25)).toEqual(['0.5', '0.25']);
  expect(tellApart(3, 3)).toEqual(['3', '3']);
  const number = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(number, number, (one, other) => {
      const [first, second] = tellApart(one, other);

      if (one !== other) expect(first).not.toBe(second);
    }),
  );
});
