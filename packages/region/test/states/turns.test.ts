import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Turns } from '../../states/tasks/turns.ts';

const never = new AbortController().signal;

it('so many have their turn at once, in their order, and whoever leaves the queue holds up nobody', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.boolean(), { maxLength: 30 }),
      async (atOnce, leaving) => {
        const turns = new Turns(atOnce);
        const order: number[] = [];
        let [running, most] = [0, 0];
        const controllers = leaving.map(() => new AbortController());
        const all = leaving.map(async (_, index) => {
          const leave = await turns.take(controllers[index]?.signal ?? never);
          order.push(index);
          running += 1;
          most = Math.max(most, running);
          await new Promise(setImmediate);
          running -= 1;
          leave();
          leave();
        });
        leaving.forEach((leaves, index) => {
          if (leaves) controllers[index]?.abort(new Error('left'));
        });
        const results = await Promise.allSettled(all);

        expect(most).toBeLessThanOrEqual(atOnce);
        expect(order).toEqual([...order].sort((a, b) => a - b));
        results.forEach((result, index) => {
          if (!leaving[index]) expect(result.status).toBe('fulfilled');
        });
        await Promise.all(Array.from({ length: atOnce }, () => turns.take(never)));
      },
    ),
  );
});

it('who asks with a signal that is aborted already gets no turn', async () => {
  await expect(new Turns(1).take(AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
});
