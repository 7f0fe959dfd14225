import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Mutex } from '../../store/mutex.ts';

test('work runs one piece at a time, in the order in which it came', async () => {
  const mutex = new Mutex();
  const log: string[] = [];
  const work = (name: string, milliseconds: number) =>
    mutex.run(async () => {
      log.push(`${name} begins`);
      await delay(milliseconds);
      log.push(`${name} ends`);
    });

  await Promise.all([work('a', 10), work('b', 0), work('c', 5)]);

  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('a failure is its caller’s, and the next piece runs', async () => {
  const mutex = new Mutex();
  const failing = mutex.run(async () => {
    throw new Error('mine');
  });
  const next = mutex.run(async () => 'fine');

  await expect(failing).rejects.toThrow('mine');
  expect(await next).toBe('fine');
});

test('it is idle when everything handed over is done', async () => {
  const mutex = new Mutex();
  let isDone = false;
  void mutex.run(async () => {
    await delay(5);
    isDone = true;
  });

  await mutex.idle();

  expect(isDone).toBe(true);
});
