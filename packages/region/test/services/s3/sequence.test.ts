import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newestFirst, Sequence, sequencerOf, versionIdOf } from '../../../services/s3/sequence.ts';

const times = fc.array(fc.integer({ min: 0, max: 4e12 }), { minLength: 2, maxLength: 50 });
const sequencer = fc.bigInt({ min: 0n, max: 2n ** 62n }).map((value) => value.toString(16).padStart(16, '0'));

test('numbers go up whatever the clock does, and over a restart', () => {
  fc.assert(
    fc.property(times, fc.nat(), (clock, restartAt) => {
      let now = 0;
      let sequence = new Sequence(undefined, () => now);
      const numbers = clock.map((time, index) => {
        now = time;
        const last = sequence.next();
        if (index === restartAt % clock.length) sequence = new Sequence(last, () => now);
        return last;
      });

      expect([...numbers].sort()).toEqual(numbers);
      expect(new Set(numbers).size).toBe(numbers.length);
      expect(numbers.every((number) => /^[0-9a-f]{16}$/.test(number))).toBe(true);
    }),
  );
});

test('version ids sort as their sequencers do, and give them back', () => {
  fc.assert(
    fc.property(sequencer, sequencer, (one, other) => {
      expect(sequencerOf(versionIdOf(one))).toBe(one);
      if (one !== other) expect(versionIdOf(one) < versionIdOf(other)).toBe(one < other);
    }),
  );
});

test('version ids of one sequencer differ', () => {
  expect(versionIdOf('0000000000000001')).not.toBe(versionIdOf('0000000000000001'));
});

test('what is no version id has no sequencer', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(sequencerOf(text)).toBeUndefined();
    }),
  );
});

test('newest first is the opposite order', () => {
  fc.assert(
    fc.property(sequencer, sequencer, (one, other) => {
      expect(newestFirst(one) < newestFirst(other)).toBe(one > other);
    }),
  );
});
