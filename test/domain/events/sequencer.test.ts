import { compareSequencers } from '@tidemark/domain/events/sequencer.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('the order in which S3 wrote the versions of a key', () => {
  it.each([
    ['the same', '0055AED6DCD90281E5', '0055AED6DCD90281E5', 0],
    ['a later one', '0055AED6DCD90281E5', '0055AED6DCD90281E4', 1],
    ['a longer one that is later', '0055AED6DCD90281E501', '0055AED6DCD90281E5', 1],
    ['a shorter one that is later', '0F', '0055AED6DCD90281E5', 1],
    ['zeros on the right, which add nothing', '617F08', '617F0800', 0],
    ['letters of either case', '61aa', '61AB', -1],
  ])('is told by %s', (_, a, b, sign) => {
    expect(Math.sign(compareSequencers(a, b))).toBe(sign);
    expect(Math.sign(compareSequencers(b, a))).toBe(0 - sign);
  });

  it('is an order: sorting gives the same whatever the order before', () => {
    const sequencer = fc.stringMatching(/^[0-9A-F]{1,18}$/);
    fc.assert(
      fc.property(fc.array(sequencer, { maxLength: 8 }), (sequencers) => {
        const padded = (list: string[]) => list.map((one) => one.padEnd(18, '0'));
        const sorted = padded(sequencers.toSorted(compareSequencers));
        expect(padded(sequencers.toReversed().sort(compareSequencers))).toEqual(sorted);
        expect(sorted).toEqual(padded(sequencers).sort());
      }),
    );
  });
});
