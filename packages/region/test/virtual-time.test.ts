import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RegionClock } from '../virtual-time.ts';

let directory: string;
let wall: number;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'clock-'));
  wall = Date.parse('2026-01-01T00:00:00Z');
});
afterEach(() => rmSync(directory, { recursive: true }));

const open = (speed = 1) =>
  RegionClock.open({ file: join(directory, 'clock.json'), speed, wallNow: () => wall });

describe('virtual time', () => {
  it('is the wall clock at speed 1', () => {
    const clock = open();
    wall += 12_345;

    expect(clock.now()).toBe(wall);
  });

  it('passes as many times as fast as the speed says', () => {
    const clock = open(60);
    const begin = clock.now();
    wall += 1000;

    expect(clock.now() - begin).toBe(60_000);
  });

  it('goes on without a jump when the speed changes', () => {
    const clock = open();
    wall += 1000;
    const before = clock.now();
    clock.setSpeed(1440);

    expect(clock.now()).toBe(before);
    wall += 60_000;
    expect(clock.now() - before).toBe(24 * 60 * 60 * 1000);
  });

  it('goes on after an orderly stop where it was, as the wall clock does meanwhile', () => {
    const clock = open(100);
    wall += 5000;
    const stopped = clock.now();
    clock.close();
    wall += 7000;

    expect(open(100).now()).toBe(stopped + 7000);
  });

  it('writes nothing while it is the wall clock', () => {
    const clock = open();
    wall += 5000;
    clock.now();
    clock.close();

    expect(() => readFileSync(join(directory, 'clock.json'))).toThrow(/ENOENT/);
  });

  it('writes nothing more once it is closed', () => {
    const clock = open(60);
    wall += 1000;
    clock.close();
    const before = readFileSync(join(directory, 'clock.json'), 'utf8');
    wall += 1_000_000;
    clock.now();

    expect(readFileSync(join(directory, 'clock.json'), 'utf8')).toBe(before);
  });

  it('never goes back, whatever happens', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('passes' as const), by: fc.integer({ min: 0, max: 100_000 }) }),
        fc.record({ kind: fc.constant('set back' as const), by: fc.integer({ min: 0, max: 1000 }) }),
        fc.record({
          kind: fc.constant('speed' as const),
          by: fc.double({ min: 0.1, max: 10_000, noNaN: true }),
        }),
        fc.record({ kind: fc.constant('stop' as const), by: fc.integer({ min: 0, max: 1000 }) }),
        fc.record({ kind: fc.constant('crash' as const), by: fc.integer({ min: 0, max: 1000 }) }),
      ),
    );
    fc.assert(
      fc.property(steps, (all) => {
        let clock = open(50);
        let seen = clock.now();
        for (const { kind, by } of all) {
          if (kind === 'passes') wall += by;
          if (kind === 'set back') wall -= by;
          if (kind === 'speed') clock.setSpeed(by);
          if (kind === 'stop') clock.close();
          if (kind === 'stop' || kind === 'crash') {
            wall += by;
            clock = open(50);
          }
          expect(clock.now()).toBeGreaterThanOrEqual(seen);
          seen = clock.now();
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('waiting in virtual time', () => {
  const real = (speed: number) => RegionClock.open({ file: join(directory, 'clock.json'), speed });

  it('does not return before the moment', async () => {
    const clock = real(1000);
    const moment = clock.now() + 30_000;

    await clock.until(moment);

    expect(clock.now()).toBeGreaterThanOrEqual(moment);
  });

  it('is shortened by a higher speed', async () => {
    const clock = real(1);
    const moment = clock.now() + 24 * 60 * 60 * 1000;
    const wait = clock.until(moment);
    clock.setSpeed(10_000_000);

    await wait;

    expect(clock.now()).toBeGreaterThanOrEqual(moment);
  });

  it('ends with the reason of an abort', async () => {
    const clock = real(1);
    const stop = new AbortController();
    const wait = clock.until(clock.now() + 60_000, stop.signal);
    stop.abort(new Error('enough'));

    await expect(wait).rejects.toThrow('enough');
  });

  it('divides the waits of the wall too, but not its time', () => {
    const clock = real(60);

    expect(clock.wall.waitMilliseconds(3600)).toBe(60_000);
    expect(Math.abs(clock.wall.now() - Date.now())).toBeLessThan(60_000);
  });
});

it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('there is no speed of %s', (speed) => {
  expect(() => open(speed)).toThrow(RangeError);
  expect(() => open().setSpeed(speed)).toThrow(RangeError);
});
