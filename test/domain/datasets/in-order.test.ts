import { inOrder } from '@tidemark/domain/datasets/in-order.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

async function collect<T>(results: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const result of results) all.push(result);
  return all;
}

describe('work whose results are taken in order', () => {
  it('is never further ahead than the limit, in whatever order it finishes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(5)),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }),
        async (items, limits) => {
          let [begun, taken, asked] = [0, 0, 0];
          let limit = 1;
          const nextLimit = () => {
            limit = limits[asked++ % limits.length] ?? 1;
            return limit;
          };
          const work = async (ticks: number) => {
            begun += 1;
            expect(begun - taken).toBeLessThanOrEqual(Math.max(...limits));
            for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
            return ticks * 2;
          };
          const results: number[] = [];
          for await (const result of inOrder(items, nextLimit, work)) {
            taken += 1;
            results.push(result);
          }

          expect(results).toEqual(items.map((item) => item * 2));
        },
      ),
    );
  });

  it('throws a failure in its turn, after everything that was begun has settled', async () => {
    const settled: number[] = [];
    const taken: number[] = [];
    const work = async (item: number) => {
      if (item === 2) throw new Error('two');
      for (let tick = 0; tick < 10 * item; tick += 1) await Promise.resolve();
      settled.push(item);
      return item;
    };

    const results = (async () => {
      for await (const result of inOrder([0, 1, 2, 3, 4, 5, 6, 7], () => 4, work)) taken.push(result);
    })();

    await expect(results).rejects.toThrow('two');
    expect(taken).toEqual([0, 1]);
    expect(settled).toEqual([0, 1, 3, 4, 5].slice(0, settled.length));
    expect(settled.length).toBeGreaterThanOrEqual(4);
  });

  it('leaves nothing running when nobody takes any more', async () => {
    let running = 0;
    const work = async () => {
      running += 1;
      for (let tick = 0; tick < 20; tick += 1) await Promise.resolve();
      running -= 1;
    };
    for await (const _ of inOrder(Array.from({ length: 100 }), () => 8, work)) break;

    expect(running).toBe(0);
  });

  it('may have nothing to do', async () => {
    expect(
      await collect(
        inOrder(
          [],
          () => 3,
          async () => 1,
        ),
      ),
    ).toEqual([]);
  });
});
