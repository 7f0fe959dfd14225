import { setTimeout as delay } from 'node:timers/promises';
import type { ExecutionsView, ExecutionView } from '../progress/executions.client.ts';
import type { Line } from '../progress/line.ts';
import type { Progress } from '../progress/progress.ts';
import type { Screen } from '../progress/screen.ts';
import { type FinalEvent, finalEvents } from './drop-outcome.ts';
import { eventLine, saidLine } from './event-lines.ts';
import { IdleWindows } from './idle-windows.ts';
import type { RecordedEvent, RegistryView } from './registry-view.client.ts';

/** How often the region is asked. Fast enough for a person, slow enough to cost nothing beside the work itself. */
const lookMilliseconds = 300;
/** Nothing runs for so long after an outcome: what it leads to has been delivered. */
const restMilliseconds = 1_000;
/** Nothing runs for so long without an outcome: there will be none. Deliveries and quiet functions take far less. */
const patienceMilliseconds = 5_000;

interface RegionWatchOptions {
  readonly executions: ExecutionsView;
  readonly registry: RegistryView;
  readonly progress: Progress;
  readonly screen: Screen;
  /** A model to follow before the registry knows it. */
  readonly model: string;
  /** Domain events that were put on the bus since the last call: also those of models that the registry does not list. */
  readonly takeHeard?: () => readonly RecordedEvent[];
}

/** What is seen at a look at the region. */
export interface RegionLook {
  /** New since the look before. */
  readonly events: readonly RecordedEvent[];
  readonly executions: readonly ExecutionView[];
  readonly isRunning: boolean;
  readonly isAtRest: boolean;
}

/** Follows what happens in the region, shows it, and knows when it has come to rest. */
export class RegionWatch {
  readonly #options: RegionWatchOptions;
  readonly #seenEvents = new Set<string>();
  readonly #models = new Set<string>();
  readonly #idle = new IdleWindows();
  #executions: readonly ExecutionView[] = [];
  #heard: readonly RecordedEvent[] = [];
  #quiet: ReadonlySet<RecordedEvent['type']> = new Set();

  constructor(options: RegionWatchOptions) {
    this.#options = options;
  }

  /** As of the last look. */
  get executions(): readonly ExecutionView[] {
    return this.#executions;
  }

  /** From now on events of these types are not shown, as somebody else tells of them. */
  keepQuiet(types: ReadonlySet<RecordedEvent['type']>): void {
    this.#quiet = types;
  }

  /** Takes what is there already as known: only what comes from here on is news. */
  async begin(): Promise<void> {
    const heard = this.#options.takeHeard?.() ?? [];
    await this.#newEvents();
    // What an earlier start left to do may have been done while this one began.
    for (const event of heard) this.#seenEvents.delete(idOf(event));
    this.#heard = heard;
    this.#executions = await this.#options.executions.list();
  }

  /** Looks and shows until something is found. @returns it, or nothing when the region came to rest before. */
  async untilFound<Found>(
    find: () => Promise<Found | undefined>,
    signal: AbortSignal,
  ): Promise<Found | undefined> {
    for await (const { isAtRest } of this.looks(signal)) {
      const found = await find();
      if (found !== undefined || isAtRest) return found;
    }
    return undefined;
  }

  /**
   * Looks and shows until the region has come to rest.
   * @param isNewsExpected whether something was dropped, so that silence may only mean that it has not begun.
   * @returns the events that ended something, in their order.
   */
  async untilAtRest(signal: AbortSignal, isNewsExpected = true): Promise<FinalEvent[]> {
    const all: RecordedEvent[] = [];
    for await (const { events, isAtRest } of this.looks(signal, isNewsExpected)) {
      all.push(...events);
      if (isAtRest) break;
    }
    return finalEvents(all);
  }

  /** Looks and shows until something begins to happen. */
  async untilStirred(signal: AbortSignal): Promise<void> {
    for await (const { isRunning } of this.looks(signal)) {
      if (isRunning) return;
    }
  }

  /** Looks and shows, one look after the other, until the signal. */
  async *looks(signal: AbortSignal, isNewsExpected = true): AsyncGenerator<RegionLook> {
    let restingSince = Date.now();
    let hasOutcome = !isNewsExpected;
    while (!signal.aborted) {
      const events = await this.#look();
      const isRunning = this.#executions.some(({ status }) => status === 'RUNNING');
      hasOutcome ||= finalEvents(events).length > 0;
      if (isRunning || events.length > 0) restingSince = Date.now();
      const restNeeded = hasOutcome ? restMilliseconds : patienceMilliseconds;
      yield {
        events,
        executions: this.#executions,
        isRunning,
        isAtRest: Date.now() - restingSince >= restNeeded,
      };
      await delay(lookMilliseconds, undefined, { signal }).catch(() => undefined);
    }
  }

  async #look(): Promise<RecordedEvent[]> {
    const { executions, progress, screen } = this.#options;
    this.#executions = await executions.list();
    const events = await this.#newEvents();
    progress.update(this.#executions, Date.now());
    for (const { detail } of events) this.#models.add(detail.model);
    const worthShowing = events.filter(
      (event) => !this.#quiet.has(event.type) && !this.#idle.isRepeated(event),
    );
    for (const event of worthShowing)
      screen.print(eventLine(event, this.#models.size > 1), ...(await this.#saidBy(event)));
    return events;
  }

  /** What a container said, which an event does not hold, as it may quote the data. */
  async #saidBy(event: RecordedEvent): Promise<Line[]> {
    if (event.type !== 'training.failed') return [];
    const run = await this.#options.registry.run(event.detail.model, event.detail.runId);
    const said = run?.failure?.said ?? null;
    return said === null ? [] : [saidLine(said)];
  }

  async #newEvents(): Promise<RecordedEvent[]> {
    const { registry, model, takeHeard } = this.#options;
    const heard = [...this.#heard, ...(takeHeard?.() ?? [])];
    this.#heard = [];
    const listed = await registry.modelNames();
    for (const name of listed) this.#models.add(name);
    const models = new Set([model, ...listed]);
    const recorded = (await Promise.all([...models].map((name) => registry.events(name)))).flat();
    const fresh: RecordedEvent[] = [];
    for (const event of [...recorded, ...heard]) {
      if (this.#seenEvents.has(idOf(event))) continue;
      this.#seenEvents.add(idOf(event));
      fresh.push(event);
    }
    return fresh.sort((a, b) => a.detail.time.localeCompare(b.detail.time));
  }
}

const idOf = ({ detail }: RecordedEvent): string => `${detail.model} ${detail.eventId}`;
