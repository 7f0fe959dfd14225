import { inParallel } from '@tidemark/domain/datasets/in-parallel.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('work in parallel', () => {
  it('gives every result in order and never does more at once than the limit', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3)), fc.integer({ min: 1, max: 5 }), async (items, limit) => {
        let running = 0;
        const results = await inParallel(items, limit, async (ticks) => {
          running += 1;
          expect(running).toBeLessThanOrEqual(limit);
          for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
          running -= 1;
          return ticks * 2;
        });
        expect(results).toEqual(items.map((item) => item * 2));
      }),
    );
  });

  it('throws what failed first, begins nothing after that, and leaves nothing running', async () => {
    const done: number[] = [];
    const work = async (item: number) => {
      if (item === 1) throw new Error('one');
      await Promise.resolve();
      done.push(item);
    };
    await expect(inParallel([0, 1, 2, 3], 3, work)).rejects.toThrow('one');
    expect(done).toEqual([0, 2]);
  });
});
