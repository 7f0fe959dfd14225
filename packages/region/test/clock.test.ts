import { describe, expect, it } from 'vitest';
import { wallClock } from '../clock.ts';

describe('the wall clock', () => {
  it.each([
    { speed: 1, seconds: 2, milliseconds: 2000 },
    { speed: 60, seconds: 3600, milliseconds: 60_000 },
    { speed: 0.5, seconds: 1, milliseconds: 2000 },
  ])('at speed $speed waits $milliseconds ms for $seconds s', ({ speed, seconds, milliseconds }) => {
    expect(wallClock({ speed }).waitMilliseconds(seconds)).toBe(milliseconds);
  });

  it('does not return before the moment', async () => {
    const clock = wallClock();
    const moment = clock.now() + 20;

    await clock.until(moment);

    expect(clock.now()).toBeGreaterThanOrEqual(moment);
  });

  it('waits for moments that are further off than a timer reaches', async () => {
    const stop = new AbortController();
    const wait = wallClock().until(Date.now() + 2 ** 40, stop.signal);
    setTimeout(() => stop.abort(new Error('enough')), 20);

    await expect(wait).rejects.toThrow('enough');
  });

  it('rejects with the reason of an abort that came first', async () => {
    const reason = new Error('stopped');

    await expect(wallClock().until(Date.now() + 1000, AbortSignal.abort(reason))).rejects.toBe(reason);
    await expect(wallClock().until(Date.now() - 1, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it.each([0, -1, Number.NaN])('has no speed of %s', (speed) => {
    expect(() => wallClock({ speed })).toThrow(RangeError);
  });
});
