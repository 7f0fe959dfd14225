import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Throttle } from '../../gateway/throttle.ts';

it('lets through a quota a second at most, and never less than was saved up', () => {
  const pauses = fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(pauses, fc.integer({ min: 1, max: 5 }), (milliseconds, perSecond) => {
      let now = 0;
      const throttle = new Throttle(
        perSecond,
        () => now,
        () => 1000,
      );
      let taken = 0;
      for (const pause of milliseconds) {
        now += pause;
        try {
          throttle.take();
          taken += 1;
        } catch (error) {
          expect(error).toMatchObject({ code: 'ThrottlingException' });
        }
      }
      expect(taken).toBeLessThanOrEqual(perSecond + (now / 1000) * perSecond);
      expect(taken).toBeGreaterThanOrEqual(Math.min(perSecond, milliseconds.length));
    }),
  );
});

it('takes as many calls at once as it is told to, and goes on by its rate', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 5 }), (atOnce, perSecond) => {
      let now = 0;
      const throttle = new Throttle(
        perSecond,
        () => now,
        () => 1000,
        atOnce,
      );
      const taken = () => {
        for (let count = 0; ; count += 1) {
          try {
            throttle.take();
          } catch {
            return count;
          }
        }
      };

      expect(taken()).toBe(atOnce);
      now += 1000;
      expect(taken()).toBe(Math.min(atOnce, perSecond));
    }),
  );
});

it('counts a second as long as the clock’s', () => {
  let now = 0;
  const throttle = new Throttle(
    1,
    () => now,
    () => 10,
  );
  throttle.take();
  expect(() => throttle.take()).toThrow('Rate exceeded');
  now += 10;

  expect(() => throttle.take()).not.toThrow();
});

it('lets a call through now and then where the quota is less than one a second', () => {
  let now = 0;
  const throttle = new Throttle(
    0.1,
    () => now,
    () => 1000,
  );
  throttle.take();
  now += 9_000;
  expect(() => throttle.take()).toThrow('Rate exceeded');
  now += 1_001;

  expect(() => throttle.take()).not.toThrow();
});
