import type { Clock } from '../clock.ts';

interface Timer {
  readonly at: number;
  readonly ring: () => void;
}

/** A clock that stands still while anything runs, and then jumps to the next moment that somebody waits for. */
export class VirtualClock implements Clock {
  /** Seconds by which the clock jumped, in order. */
  readonly jumpsSeconds: number[] = [];
  #now = Date.parse('2026-01-01T00:00:00Z');
  #timers: Timer[] = [];

  now(): number {
    return this.#now;
  }

  waitMilliseconds(seconds: number): number {
    return seconds * 1000;
  }

  async until(at: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (at <= this.#now) return;
    const over = new AbortController();
    await new Promise<void>((resolve, reject) => {
      const timer = { at, ring: resolve };
      this.#timers.push(timer);
      const giveUp = () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', giveUp, { signal: over.signal });
      this.#jumpWhenIdle();
    }).finally(() => over.abort());
  }

  /** Expressions and fakes work in microtasks only, so a turn of the event loop means that nothing more will happen. */
  #jumpWhenIdle(): void {
    setImmediate(() => {
      this.#timers.sort((one, other) => one.at - other.at);
      const next = this.#timers.shift();
      if (next === undefined) return;
      if (next.at > this.#now) {
        this.jumpsSeconds.push((next.at - this.#now) / 1000);
        this.#now = next.at;
      }
      next.ring();
    });
  }
}
