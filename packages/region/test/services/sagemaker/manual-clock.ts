import type { Clock } from '../../../clock.ts';

/** A clock whose waits end when a test says so. */
export class ManualClock implements Clock {
  #passedMilliseconds = 0;
  readonly #waits = new Set<{ readonly end: number; readonly resolve: () => void }>();

  now(): number {
    return Date.now() + this.#passedMilliseconds;
  }

  waitMilliseconds(seconds: number): number {
    return seconds * 1000;
  }

  until(end: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (end <= this.now()) return Promise.resolve();
    const over = new AbortController();
    return new Promise<void>((resolve, reject) => {
      const wait = { end, resolve };
      this.#waits.add(wait);
      signal?.addEventListener('abort', () => reject(signal.reason), { signal: over.signal });
    }).finally(() => over.abort());
  }

  advance(seconds: number): void {
    this.#passedMilliseconds += seconds * 1000;
    for (const wait of this.#waits) {
      if (wait.end > this.now()) continue;
      this.#waits.delete(wait);
      wait.resolve();
    }
  }
}
