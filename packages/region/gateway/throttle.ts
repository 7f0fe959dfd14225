import { AwsError } from '../aws-error.ts';

/** A quota of calls a second, with as many at once, but one at least. */
export class Throttle {
  readonly #perSecond: number;
  readonly #atOnce: number;
  readonly #now: () => number;
  readonly #secondMilliseconds: () => number;
  #tokens: number;
  #filledAt: number;

  /**
   * @param secondMilliseconds how long a second lasts: less than 1,000 where waits are divided
   * @param atOnce as many as `perSecond`, but one at least, unless told
   */
  constructor(
    perSecond: number,
    now: () => number,
    secondMilliseconds: () => number,
    atOnce = Math.max(1, perSecond),
  ) {
    this.#perSecond = perSecond;
    this.#now = now;
    this.#secondMilliseconds = secondMilliseconds;
    this.#atOnce = atOnce;
    this.#tokens = this.#atOnce;
    this.#filledAt = now();
  }

  /** @throws AwsError `ThrottlingException` when the quota is used up */
  take(): void {
    const now = this.#now();
    const filled = ((now - this.#filledAt) / this.#secondMilliseconds()) * this.#perSecond;
    this.#tokens = Math.min(this.#atOnce, this.#tokens + filled);
    this.#filledAt = now;
    if (this.#tokens < 1) throw new AwsError('ThrottlingException', 'Rate exceeded');
    this.#tokens -= 1;
  }
}
