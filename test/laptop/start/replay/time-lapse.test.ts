import { describe, expect, it } from 'vitest';
import { TimeLapse } from '../../../../laptop/start/replay/time-lapse.ts';

/** A clock that remembers its speeds. */
class Clock {
  readonly speeds: number[] = [];
  constructor(
    public speed: number,
    readonly moment = '2026-03-01T00:00:00Z',
  ) {}
  now(): number {
    return Date.parse(this.moment);
  }
  setSpeed(speed: number): void {
    this.speed = speed;
    this.speeds.push(speed);
  }
}

describe('TimeLapse', () => {
  it.each([60, 1])(
    'is fast only while somebody waits, and then as slow as at the start (%d)',
    async (speed) => {
      const clock = new Clock(speed);
      const lapse = new TimeLapse(clock);

      const during = await lapse.during('day', async () => clock.speed);

      expect(during).toBeGreaterThan(1000);
      expect(clock.speed).toBe(speed);
    },
  );

  it('is slow again when the wait has failed', async () => {
    const clock = new Clock(60);
    const lapse = new TimeLapse(clock);

    await expect(lapse.during('minutes', () => Promise.reject(new Error('stopped')))).rejects.toThrow(
      'stopped',
    );

    expect(clock.speed).toBe(60);
  });

  it('does not let days go by while there is work, however fast the region was started', () => {
    const clock = new Clock(10_000);
    const lapse = new TimeLapse(clock);

    lapse.slow();
    const slow = clock.speed;
    lapse.restore();

    expect([slow, clock.speed]).toEqual([60, 10_000]);
  });

  it.each([
    ['2026-03-01T00:30:00Z', true],
    ['2026-03-01T19:59:00Z', true],
    ['2026-03-01T20:01:00Z', false],
    ['2026-03-01T23:59:00Z', false],
  ])('at %s has room for a window: %s', (moment, expected) => {
    expect(new TimeLapse(new Clock(60, moment)).hasRoom).toBe(expected);
  });
});
