import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Permits } from '../../../services/events/permits.ts';

test('no more work than permitted runs at a time, in the order in which it came, and all of it', async () => {
  const durations = fc.array(fc.record({ turns: fc.integer({ min: 1, max: 5 }), fails: fc.boolean() }), {
    maxLength: 20,
  });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), durations, async (count, pieces) => {
      const permits = new Permits(count);
      const begun: number[] = [];
      let running = 0;
      let most = 0;

      await Promise.allSettled(
        pieces.map(({ turns, fails }, index) =>
          permits.run(async () => {
            begun.push(index);
            running += 1;
            most = Math.max(most, running);
            for (let turn = 0; turn < turns; turn += 1) await setImmediate();
            running -= 1;
            if (fails) throw new Error('failed');
          }),
        ),
      );

      expect(begun).toEqual(pieces.map((_, index) => index));
      expect(most).toBe(Math.min(count, pieces.length));
    }),
  );
});
