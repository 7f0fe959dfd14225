import { setTimeout as delay } from 'node:timers/promises';
import type { ExecutionView } from '../../progress/executions.client.ts';
import type { RegionWatch } from '../region-watch.ts';
import type { RecordedEvent } from '../registry-view.client.ts';
import type { TimeLapse } from './time-lapse.ts';

/** Days pass in it; a schedule that has not started anything until then will not. */
const scheduleMilliseconds = 60_000;
/** More than a virtual hour passes in it, and within an hour CloudWatch looks at every alarm. */
const alarmMilliseconds = 500;

/** A window that was judged, or why it was not. */
export type DayEnd = { readonly windowId: string } | { readonly failure: string };

/** Passes the region's time until its own schedule has had the day's window judged. */
export class WindowDay {
  readonly #watch: Pick<RegionWatch, 'executions' | 'looks'>;
  readonly #lapse: TimeLapse;
  readonly #signal: AbortSignal;

  constructor(watch: Pick<RegionWatch, 'executions' | 'looks'>, lapse: TimeLapse, signal: AbortSignal) {
    this.#watch = watch;
    this.#lapse = lapse;
    this.#signal = signal;
  }

  async pass(): Promise<DayEnd> {
    const events = await this.#monitored();
    this.#signal.throwIfAborted();
    await this.#lapse.during('hours', () => delay(alarmMilliseconds, undefined, { signal: this.#signal }));
    return dayEnd(events);
  }

  /** @returns what happened until the monitor was done; time passes quickly until it begins. */
  async #monitored(): Promise<RecordedEvent[]> {
    const known = new Set(this.#watch.executions.map(({ arn }) => arn));
    const isMonitor = ({ capability, arn }: ExecutionView) => capability === 'monitor' && !known.has(arn);
    const all: RecordedEvent[] = [];
    const since = Date.now();
    this.#lapse.fast('day');
    try {
      for await (const { events, executions } of this.#watch.looks(this.#signal)) {
        all.push(...events);
        const monitors = executions.filter(isMonitor);
        if (monitors.length > 0) this.#lapse.slow();
        if (monitors.some(({ status }) => status === 'RUNNING')) continue;
        if (monitors.length > 0 || Date.now() - since > scheduleMilliseconds) break;
      }
    } finally {
      this.#lapse.slow();
    }
    return all;
  }
}

function dayEnd(events: readonly RecordedEvent[]): DayEnd {
  const windowIds = events.flatMap(({ type, detail }) =>
    type === 'window.monitored' ? [detail.windowId] : [],
  );
  const windowId = windowIds.at(-1);
  if (windowId !== undefined) return { windowId };
  const reason = events.findLast(({ type }) => type === 'monitoring.failed' || type === 'monitoring.skipped');
  return {
    failure: reason?.detail.message ?? 'No window was judged, because no schedule has started the monitor.',
  };
}
