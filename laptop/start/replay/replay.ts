import { join } from 'node:path';
import type { LocalRegion } from '@tidemark/region';
import type { Screen } from '../../progress/screen.ts';
import type { RegionClients } from '../region-clients.ts';
import type { RegionWatch } from '../region-watch.ts';
import type { RecordedEvent } from '../registry-view.client.ts';
import { blank } from '../report-lines.ts';
import { Asking } from './asking.ts';
import { Labels } from './dropped-labels.ts';
import { answersIn, expectedAnswers } from './expected-answers.ts';
import { type FlightRecord, readFlights } from './flight-records.ts';
import type { TrafficWindow } from './flight-traffic.ts';
import { conclusionOf, type LoopConclusion, retrainingEnd } from './loop-conclusion.ts';
import { ReplayLedger } from './replay-ledger.ts';
import type { ReplayedWindow } from './replayed-window.schema.ts';
import { Reports } from './reports.ts';
import { TimeLapse } from './time-lapse.ts';
import { alarmStates } from './window-alarms.client.ts';
import { type DayEnd, WindowDay } from './window-day.ts';
import { windowHeading, windowLine } from './window-lines.ts';
import { shortReport } from './window-report.ts';

/** Decisions take less, even of a waiting `retrain`; whatever comes later is seen with the next window. */
const answerMilliseconds = 30_000;

/** A window has a line of its own here. */
const toldHere: ReadonlySet<RecordedEvent['type']> = new Set([
  'window.monitored',
  'drift.continued',
  'quality.continued',
]);

export interface ReplayOptions {
  readonly region: LocalRegion;
  readonly clients: RegionClients;
  readonly watch: RegionWatch;
  readonly screen: Screen;
  readonly signal: AbortSignal;
  readonly model: string;
  readonly stage: string;
  readonly stateDirectory: string;
  readonly traffic: readonly TrafficWindow[];
}

/** What came of a replay. */
export interface Replayed {
  readonly conclusion: LoopConclusion;
  readonly windows: readonly ReplayedWindow[];
  /** Of the model, by time. */
  readonly events: readonly RecordedEvent[];
}

/**
 * Plays known rows as traffic of a live model, window by window: asks the prediction function about them, drops their outcomes a window
 * later, and passes the region's time, until a retraining has come to an end or there is no more traffic. The rest is the product's
 * own doing.
 */
export class Replay {
  readonly #options: ReplayOptions;
  readonly #ledger: ReplayLedger;
  readonly #asking: Asking;
  readonly #lapse: TimeLapse;
  readonly #day: WindowDay;
  readonly #labels: Labels;
  readonly #reports: Reports;

  constructor(options: ReplayOptions) {
    const { clients, region, stateDirectory, watch, signal } = options;
    this.#options = options;
    this.#ledger = new ReplayLedger(join(stateDirectory, 'replay.json'));
    this.#lapse = new TimeLapse(region.clock);
    this.#asking = new Asking({ ...options, lapse: this.#lapse });
    this.#day = new WindowDay(watch, this.#lapse, signal);
    this.#labels = new Labels(clients.uploads, stateDirectory);
    this.#reports = new Reports(clients, stateDirectory);
  }

  /** Continues where an earlier start was stopped. */
  async run(): Promise<Replayed> {
    const { watch } = this.#options;
    watch.keepQuiet(toldHere);
    this.#lapse.slow();
    try {
      return await this.#run();
    } finally {
      this.#lapse.restore();
      watch.keepQuiet(new Set());
    }
  }

  async #run(): Promise<Replayed> {
    const { traffic, watch, signal } = this.#options;
    for (const [index, window] of traffic.entries()) {
      if (this.#ledger.has(window.name)) continue;
      if (retrainingEnd(await this.#events())) break;
      const before = await this.#events();
      const failure = await this.#replay(index, window, traffic[index - 1]);
      if (failure !== undefined) return this.#replayed({ kind: 'failed', message: failure });
      await this.#answered(before.length);
      await watch.untilAtRest(signal, false);
      signal.throwIfAborted();
    }
    return this.#replayed(conclusionOf(await this.#events()));
  }

  async #replayed(conclusion: LoopConclusion): Promise<Replayed> {
    return { conclusion, windows: this.#ledger.windows, events: await this.#events() };
  }

  /** @returns why the window was not judged, if it was not. */
  async #replay(
    index: number,
    window: TrafficWindow,
    previous: TrafficWindow | undefined,
  ): Promise<string | undefined> {
    const { screen, model } = this.#options;
    if (!this.#lapse.hasRoom) await this.#day.pass();
    const flights = await this.#flightsOf(window);
    screen.print(blank, windowHeading(index + 1, window, flights.length));
    if (!this.#ledger.isAsked(window.name)) {
      const missing = await this.#asking.about(flights);
      if (missing > 0) return `${missing} of ${flights.length} predictions were not captured.`;
      this.#ledger.asked(window.name);
    }
    if (previous) {
      const key = await this.#labels.drop(model, previous.name, await this.#flightsOf(previous));
      screen.print([
        { text: '  ↓ ', style: 'accent' },
        { text: key },
        { text: '  the outcomes of the window before', style: 'dim' },
      ]);
    }
    const end = (await this.#judgedMeanwhile(flights.length)) ?? (await this.#day.pass());
    if ('failure' in end) return end.failure;
    const replayed = await this.#describe(window, flights.length, end.windowId);
    this.#ledger.judged(replayed);
    screen.print(windowLine(replayed));
    return undefined;
  }

  /** Waits until `retrain` has decided on everything that the last window asks of it. */
  async #answered(eventsBefore: number): Promise<void> {
    const { watch, signal } = this.#options;
    const [last, previous] = this.#ledger.windows.toReversed();
    if (!last) return;
    const since = Date.now();
    for await (const _ of watch.looks(signal)) {
      const events = (await this.#events()).slice(eventsBefore);
      const isAnswered = answersIn(events) >= expectedAnswers(events, previous?.alarms, last.alarms);
      if (isAnswered || Date.now() - since > answerMilliseconds) return;
    }
  }

  #flightsOf({ name, flights }: TrafficWindow): Promise<FlightRecord[]> {
    return readFlights(join(this.#options.stateDirectory, 'samples', `${name}.parquet`), name, flights);
  }

  /** The window that an earlier start was stopped in may have been judged when the region continued. */
  async #judgedMeanwhile(rows: number): Promise<DayEnd | undefined> {
    const known = new Set(this.#ledger.windows.map(({ windowId }) => windowId));
    const windows = (await this.#events()).flatMap(({ type, detail }) =>
      type === 'window.monitored' && detail.rows >= rows && !known.has(detail.windowId) ? [detail] : [],
    );
    return windows.at(-1);
  }

  async #describe({ name, what }: TrafficWindow, asked: number, windowId: string): Promise<ReplayedWindow> {
    const { clients, model, stage } = this.#options;
    const report = await this.#reports.read(model, windowId);
    return {
      name,
      what,
      asked,
      ...shortReport(report),
      alarms: await alarmStates(clients.cloudwatch, stage, model),
      report: await this.#reports.keepPage(model, windowId),
    };
  }

  #events(): Promise<RecordedEvent[]> {
    return this.#options.clients.registry.events(this.#options.model);
  }
}
