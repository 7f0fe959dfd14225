import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { type Clock, longestTimerMilliseconds, wallClock } from './clock.ts';
import { readStateFile, writeStateFile } from './store/state-file.ts';

/** Time as schedules, alarms and buffers see it. Milliseconds since the epoch. */
export interface Time {
  now(): number;
  /** Resolves when `now()` has reached the moment; rejects with the signal's reason when it is aborted first. */
  until(epochMilliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** How far the record on disk runs ahead, in wall time: a second, so that it is not written at every look. */
const reservedMilliseconds = 1000;

const recordSchema = z.strictObject({
  /** By how much virtual time is ahead of the wall, in milliseconds: never less than what anybody has seen. */
  aheadMilliseconds: z.number(),
});

export interface RegionClockOptions {
  /** Where the clock's position is kept. */
  readonly file: string;
  readonly speed: number;
  /** The wall clock; milliseconds since the epoch. */
  readonly wallNow?: () => number;
}

/**
 * The region's two clocks. `wall` is that of the machine, with waits divided by the speed: work, its timeouts and its
 * leases take the time they take. The clock itself is virtual time, which passes `speed` times as fast, so that a day's
 * schedule fits in a minute. At speed 1 both are the same.
 *
 * Virtual time never goes back, not over a crash either: before a moment is told, a record that covers it is on disk. While the region
 * does not run, virtual time passes as the wall's does.
 */
export class RegionClock implements Time {
  readonly wall: Clock;
  readonly #file: string;
  readonly #wallNow: () => number;
  #speed: number;
  /** A moment of the wall and the virtual moment that it is. */
  #anchor: { readonly wall: number; readonly virtual: number };
  #latest = Number.NEGATIVE_INFINITY;
  #aheadOnDisk: number;
  #isClosed = false;
  /** Aborted when the speed changes. */
  #steady = new AbortController();

  private constructor({ file, speed, wallNow = Date.now }: RegionClockOptions, ahead: number) {
    assertSpeed(speed);
    this.#file = file;
    this.#wallNow = wallNow;
    this.#speed = speed;
    this.#aheadOnDisk = ahead;
    this.#anchor = { wall: wallNow(), virtual: wallNow() + ahead };
    this.wall = { ...wallClock(), waitMilliseconds: (seconds) => (seconds * 1000) / this.#speed };
  }

  /** Opens the clock where an earlier run left it. @throws RangeError when the speed is not above 0, CorruptStateError */
  static open(options: RegionClockOptions): RegionClock {
    return new RegionClock(options, readStateFile(options.file, recordSchema)?.aheadMilliseconds ?? 0);
  }

  now(): number {
    this.#latest = Math.max(this.#latest, this.#virtual());
    this.#reserve(this.#latest - this.#wallNow());
    return this.#latest;
  }

  async until(epochMilliseconds: number, signal?: AbortSignal): Promise<void> {
    for (let left = epochMilliseconds - this.now(); left > 0; left = epochMilliseconds - this.now()) {
      const steady = this.#steady.signal;
      const wall = Math.min(Math.ceil(left / this.#speed), longestTimerMilliseconds);
      await delay(wall, undefined, {
        signal: signal ? AbortSignal.any([signal, steady]) : steady,
      }).catch((error: unknown) => {
        signal?.throwIfAborted();
        // At another speed what is left takes another time.
        if (!steady.aborted) throw error;
      });
    }
    signal?.throwIfAborted();
  }

  get speed(): number {
    return this.#speed;
  }

  /** From now on time passes at this speed. Waits of the wall that have begun keep their moment. @throws RangeError */
  setSpeed(speed: number): void {
    assertSpeed(speed);
    this.#anchor = { wall: this.#wallNow(), virtual: this.now() };
    this.#speed = speed;
    const changed = this.#steady;
    this.#steady = new AbortController();
    changed.abort();
  }

  /** Leaves the exact position for the next start, and writes nothing more: the directory may be deleted. */
  close(): void {
    const ahead = this.now() - this.#wallNow();
    if (ahead !== this.#aheadOnDisk) this.#write(ahead);
    this.#isClosed = true;
  }

  #virtual(): number {
    const { wall, virtual } = this.#anchor;
    return virtual + (this.#wallNow() - wall) * this.#speed;
  }

  #reserve(ahead: number): void {
    if (ahead > this.#aheadOnDisk && !this.#isClosed)
      this.#write(ahead + reservedMilliseconds * Math.max(0, this.#speed - 1));
  }

  #write(aheadMilliseconds: number): void {
    writeStateFile(this.#file, JSON.stringify({ aheadMilliseconds }));
    this.#aheadOnDisk = aheadMilliseconds;
  }
}

function assertSpeed(speed: number): void {
  if (!(speed > 0 && Number.isFinite(speed)))
    throw new RangeError(`A clock's speed must be a number above 0, not ${speed}.`);
}
