import { setTimeout as delay } from 'node:timers/promises';

/** Longest delay that Node's timers take: 2^31 - 1 ms, about 25 days. Longer waits are taken in pieces. */
export const longestTimerMilliseconds = 2_147_483_647;

/** What the local region knows of time. */
export interface Clock {
  /** Now, in milliseconds since the epoch. Never accelerated: timestamps stay those of the wall. */
  now(): number;
  /** How many milliseconds really pass for so many seconds of a wait, a retry interval or a poll interval. */
  waitMilliseconds(seconds: number): number;
  /** Resolves when `now()` has reached the moment; rejects with the signal's reason when it is aborted first. */
  until(epochMilliseconds: number, signal?: AbortSignal): Promise<void>;
}

/**
 * The wall clock. `speed` divides waits, retry intervals and poll intervals, so that a day's schedule fits in a
 * minute; it does not touch the timeouts of tasks, because the work itself runs no faster.
 */
export function wallClock({ speed = 1 }: { readonly speed?: number } = {}): Clock {
  if (!(speed > 0)) throw new RangeError(`A clock's speed must be a number above 0, not ${speed}.`);
  return {
    now: Date.now,
    waitMilliseconds: (seconds) => (seconds * 1000) / speed,
    async until(epochMilliseconds, signal) {
      for (let left = epochMilliseconds - Date.now(); left > 0; left = epochMilliseconds - Date.now()) {
        await delay(Math.min(left, longestTimerMilliseconds), undefined, { ...(signal && { signal }) }).catch(
          (error: unknown) => {
            signal?.throwIfAborted();
            throw error;
          },
        );
      }
      signal?.throwIfAborted();
    },
  };
}
