import type { Clock } from '../clock.ts';
import type { Time } from '../virtual-time.ts';

interface Wait {
  readonly until: number;
  readonly resolve: () => void;
}

/** A clock that stands still until a test moves it on. For schedules, alarms and buffers, which wait beside real HTTP and disks. */
export class ManualTime implements Time, Clock {
  #now: number;
  readonly #waits = new Set<Wait>();

  constructor(start: string) {
    this.#now = Date.parse(start);
  }

  now(): number {
    return this.#now;
  }

  waitMilliseconds(seconds: number): number {
    return seconds * 1000;
  }

  async until(moment: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (moment <= this.#now) return;
    await new Promise<void>((resolve, reject) => {
      const wait = { until: moment, resolve };
      this.#waits.add(wait);
      signal?.addEventListener('abort', () => {
        this.#waits.delete(wait);
        reject(signal.reason);
      });
    });
  }

  /** Moves on to a moment; what was due on the way is late, but still due. */
  moveTo(moment: string): void {
    this.#now = Math.max(this.#now, Date.parse(moment));
    for (const wait of this.#waits) {
      if (wait.until > this.#now) continue;
      this.#waits.delete(wait);
      wait.resolve();
    }
  }

  advance(seconds: number): void {
    this.moveTo(new Date(this.#now + seconds * 1000).toISOString());
  }
}
