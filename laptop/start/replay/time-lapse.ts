import type { LocalRegion } from '@tidemark/region';

const dayMilliseconds = 86_400_000;

/** Virtual seconds per second. */
const lapseSpeeds = {
  /** A buffer of minutes is flushed in the blink of an eye. */
  minutes: 1_200,
  /** CloudWatch looks at alarms that count days once an hour. */
  hours: 9_000,
  /** The day's window closes in two seconds. */
  day: 43_200,
} as const;

/** Faster than this, days would go by while their traffic is on. */
const fastestWork = 60;

/** A replay of a window and what follows takes less virtual time. */
const roomMilliseconds = dayMilliseconds / 6;

/** Passes the region's time faster while somebody waits for it. Work takes the time it takes. */
export class TimeLapse {
  readonly #clock: LocalRegion['clock'];
  /** What the region was started with. */
  readonly #speed: number;

  constructor(clock: LocalRegion['clock']) {
    this.#clock = clock;
    this.#speed = clock.speed;
  }

  /** Passes time quickly until the work is over. */
  async during<T>(lapse: keyof typeof lapseSpeeds, work: () => Promise<T>): Promise<T> {
    this.fast(lapse);
    try {
      return await work();
    } finally {
      this.slow();
    }
  }

  fast(lapse: keyof typeof lapseSpeeds): void {
    this.#clock.setSpeed(lapseSpeeds[lapse]);
  }

  /** For work whose windows must stay apart. */
  slow(): void {
    this.#clock.setSpeed(Math.min(this.#speed, fastestWork));
  }

  /** Back to the speed of the start. */
  restore(): void {
    this.#clock.setSpeed(this.#speed);
  }

  /** Whether the day has hours enough left, so that no window closes while its traffic is on. */
  get hasRoom(): boolean {
    const left = dayMilliseconds - (this.#clock.now() % dayMilliseconds);
    return left >= roomMilliseconds;
  }
}
