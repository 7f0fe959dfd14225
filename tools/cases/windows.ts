import { setTimeout as delay } from 'node:timers/promises';
import type { LocalRegion } from '@tidemark/region';
import type { RegionClients } from '../../laptop/start/region-clients.ts';
import { Captures } from '../../laptop/start/replay/captures.client.ts';
import type { RegionRest } from './region-rest.ts';

/** What windows last, in milliseconds of virtual time. */
const lengths = { hour: 3_600_000, day: 86_400_000 } as const;
export type WindowLength = keyof typeof lengths;

/** A window passes in so much wall time while nothing else happens. */
const windowWallMilliseconds = 2_000;
/** Firehose's buffer of minutes is written in the blink of an eye. */
const bufferSpeed = 1_200;
const captureMilliseconds = 30_000;
/** Predictions are in the window that their captures arrive in: this one, or the next. */
const mostWindows = 4;
const lookMilliseconds = 150;
/** What is left of a window must be enough for what is asked and what is captured of it. */
const room = 0.4;

interface WindowsOptions {
  readonly clock: LocalRegion['clock'];
  readonly clients: Pick<RegionClients, 'objects' | 'artifactsBucket'>;
  readonly rest: RegionRest;
  readonly signal: AbortSignal;
}

/** What came of the windows that have passed. */
interface Passed {
  readonly rows: number;
  readonly failure: string | undefined;
  /** What a skipped window would have had is in the next. */
  readonly skipped: string | undefined;
}

/** Passes the region's time until its own schedules have windows judged. */
export class Windows {
  readonly #options: WindowsOptions;
  readonly #captures: Captures;
  readonly #speed: number;

  constructor(options: WindowsOptions) {
    this.#options = options;
    this.#captures = new Captures(options.clients.objects, options.clients.artifactsBucket);
    this.#speed = options.clock.speed;
  }

  captured(model: string): Promise<number> {
    return this.#captures.count(model);
  }

  /** Waits for a window that has just begun, so that what is asked now is captured within it. */
  async room(every: WindowLength): Promise<void> {
    const { clock, rest } = this.#options;
    const left = lengths[every] - (clock.now() % lengths[every]);
    if (left >= lengths[every] * room) return;
    await this.#fast(windowSpeed(every), async () => {
      await delay((left / lengths[every] + 0.1) * windowWallMilliseconds, undefined, {
        signal: this.#options.signal,
      });
    });
    await rest.rest();
  }

  /** Waits until so many predictions of a model are where the monitor looks for them. @returns how many are missing */
  async untilCaptured(model: string, expected: number): Promise<number> {
    const since = Date.now();
    return await this.#fast(bufferSpeed, async () => {
      for (;;) {
        const missing = Math.max(0, expected - (await this.captured(model)));
        if (missing === 0 || Date.now() - since > captureMilliseconds) return missing;
        await delay(lookMilliseconds, undefined, { signal: this.#options.signal });
      }
    });
  }

  /**
   * Passes time until windows of a model with so many predictions have been judged.
   * @returns why not, if not
   */
  async untilJudged(model: string, every: WindowLength, rows: number): Promise<string | undefined> {
    let judged = 0;
    let skipped: string | undefined;
    for (let window = 0; window < mostWindows; window += 1) {
      const told = await this.#pass(model, every);
      if (told.failure !== undefined) return told.failure;
      judged += told.rows;
      if (judged >= rows) return undefined;
      skipped = told.skipped;
    }
    const found = `${judged} of ${rows} predictions were in the windows that were judged, of ${mostWindows} that passed.`;
    return skipped === undefined ? found : `${found} ${skipped}`;
  }

  async #pass(model: string, every: WindowLength): Promise<Passed> {
    const { rest } = this.#options;
    // One that is still looked at would have the next skipped.
    await rest.rest();
    const before = await rest.look();
    const known = new Set(before.executions.map(({ arn }) => arn));
    const knownEvents = new Set(before.events.map(({ detail }) => detail.eventId));
    await this.#fast(windowSpeed(every), async () => {
      for await (const { executions } of rest.looks())
        if (executions.some(({ arn, capability }) => capability === 'monitor' && !known.has(arn))) return;
    });
    await rest.rest();
    const events = (await rest.look()).events.filter(
      ({ detail }) => detail.model === model && !knownEvents.has(detail.eventId),
    );
    const rows = events.reduce(
      (sum, { type, detail }) => sum + (type === 'window.monitored' ? detail.rows : 0),
      0,
    );
    const failed = events.find(({ type }) => type === 'monitoring.failed');
    const skipped = events.find(
      ({ type, detail }) => type === 'monitoring.skipped' && detail.code !== 'nothing-came',
    );
    return { rows, failure: failed?.detail.message, skipped: skipped?.detail.message };
  }

  async #fast<T>(speed: number, work: () => Promise<T>): Promise<T> {
    const { clock } = this.#options;
    clock.setSpeed(speed);
    try {
      return await work();
    } finally {
      clock.setSpeed(this.#speed);
    }
  }
}

function windowSpeed(every: WindowLength): number {
  return lengths[every] / windowWallMilliseconds;
}
