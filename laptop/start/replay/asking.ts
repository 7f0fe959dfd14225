import { setTimeout as delay } from 'node:timers/promises';
import type { Screen } from '../../progress/screen.ts';
import type { RegionClients } from '../region-clients.ts';
import { Captures } from './captures.client.ts';
import type { FlightRecord } from './flight-records.ts';
import type { TimeLapse } from './time-lapse.ts';
import { askingLine } from './window-lines.ts';

/** How often it is looked whether captures have arrived. */
const lookMilliseconds = 200;
/** Captures that are not there after so long will not come. */
const patienceMilliseconds = 60_000;

interface AskingOptions {
  readonly clients: Pick<RegionClients, 'predictor' | 'objects' | 'artifactsBucket'>;
  readonly lapse: TimeLapse;
  readonly screen: Screen;
  readonly signal: AbortSignal;
  readonly model: string;
}

/** Asks the prediction function, until what it predicted is where the monitor looks for it. */
export class Asking {
  readonly #options: AskingOptions;
  readonly #captures: Captures;

  constructor(options: AskingOptions) {
    this.#options = options;
    this.#captures = new Captures(options.clients.objects, options.clients.artifactsBucket);
  }

  /** Asks about every flight. @returns how many predictions were not captured, which should be none */
  async about(flights: readonly FlightRecord[]): Promise<number> {
    const { clients, lapse, screen, signal, model } = this.#options;
    const before = await this.#captures.count(model);
    screen.live([askingLine(0, flights.length)]);
    await clients.predictor.ask(model, flights, signal, (answered) =>
      screen.live([askingLine(answered, flights.length)]),
    );
    const missing = await lapse.during('minutes', () => this.#missing(before + flights.length));
    screen.live([]);
    return missing;
  }

  /** Waits until so many predictions have been captured. @returns how many are missing when patience is over */
  async #missing(expected: number): Promise<number> {
    const { signal, model } = this.#options;
    const since = Date.now();
    for (;;) {
      const missing = Math.max(0, expected - (await this.#captures.count(model)));
      if (missing === 0 || Date.now() - since > patienceMilliseconds) return missing;
      await delay(lookMilliseconds, undefined, { signal });
    }
  }
}
