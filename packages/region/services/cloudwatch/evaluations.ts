import type { Time } from '../../virtual-time.ts';
import type { Alarm } from './alarm.schema.ts';
import { stateChange } from './alarm-event.ts';
import type { CloudWatchState } from './cloudwatch-state.ts';
import { type MetricIdentity, metricKey } from './datapoints.ts';
import { evaluateAlarm } from './evaluate-alarm.ts';
import { evaluationAfter, type MetricAlarm, metricAlarmOf, nextChange } from './evaluation-range.ts';

interface EvaluationsOptions {
  readonly state: CloudWatchState;
  readonly time: Time;
  readonly onFault: (fault: unknown, what: string) => void;
}

interface Planned {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly wait: AbortController;
}

/**
 * Evaluates alarms at every step of their periods at which the outcome can be another: when there are new data, and when a datapoint moves
 * from one period into the next. In between, CloudWatch's evaluations of every minute come to the same.
 */
export class Evaluations {
  readonly #options: EvaluationsOptions;
  readonly #alarms = new Map<string, { readonly alarm: MetricAlarm; readonly metric: string }>();
  readonly #planned = new Map<string, Planned>();
  readonly #running = new Set<Promise<void>>();
  #isStarted = false;

  constructor(options: EvaluationsOptions) {
    this.#options = options;
    options.state.onAlarm = (name, alarm) => this.#follow(name, alarm);
    options.state.datapoints.onData = (metrics) => this.#see(metrics);
  }

  async start(): Promise<void> {
    if (this.#isStarted) return;
    this.#isStarted = true;
    for (const alarm of await this.#options.state.alarms())
      this.#follow(alarm.configuration.AlarmName, alarm);
  }

  /** Ends after the evaluations under way. */
  async close(): Promise<void> {
    this.#isStarted = false;
    for (const { wait } of this.#planned.values()) wait.abort();
    await Promise.all(this.#running);
  }

  #follow(name: string, alarm: Alarm | undefined): void {
    const metricAlarm = alarm && metricAlarmOf(alarm.configuration);
    this.#planned.get(name)?.wait.abort();
    this.#planned.delete(name);
    if (metricAlarm === undefined) {
      this.#alarms.delete(name);
      return;
    }
    this.#alarms.set(name, { alarm: metricAlarm, metric: metricKey(metricOf(metricAlarm)) });
    this.#planNext(name, metricAlarm);
  }

  #see(metrics: ReadonlySet<string>): void {
    for (const [name, { alarm, metric }] of this.#alarms)
      if (metrics.has(metric)) this.#planNext(name, alarm);
  }

  #planNext(name: string, alarm: MetricAlarm): void {
    this.#plan(name, evaluationAfter(alarm, this.#options.time.now()));
  }

  #plan(name: string, at: number): void {
    const planned = this.#planned.get(name);
    if (!this.#isStarted || (planned && planned.at <= at)) return;
    planned?.wait.abort();
    const wait = new AbortController();
    this.#planned.set(name, { at, wait });
    const running = this.#evaluateAt(name, at, wait.signal)
      .catch((fault) => {
        if (!wait.signal.aborted) this.#options.onFault(fault, `cloudwatch: evaluating the alarm ${name}`);
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #evaluateAt(name: string, at: number, signal: AbortSignal): Promise<void> {
    const { state, time } = this.#options;
    await time.until(at, signal);
    // Another plan may have taken this one's place at the last moment.
    if (signal.aborted) return;
    this.#planned.delete(name);
    await state.turns.run(async () => {
      const known = this.#alarms.get(name);
      const alarm = await state.find(name);
      if (!known || !alarm || signal.aborted) return;
      const { periods, periodMilliseconds } = known.alarm;
      const start = at - periods * periodMilliseconds;
      const datapoints = await state.datapoints.between(
        metricOf(known.alarm),
        start,
        Number.MAX_SAFE_INTEGER,
      );
      const next = evaluateAlarm(known.alarm, alarm.state, datapoints, at);
      if (next) {
        const changed = { ...alarm, state: next };
        await state.change(changed, stateChange(state.arn(name), changed, alarm.state));
      }
      const again = nextChange(known.alarm, datapoints, at);
      if (again !== undefined) this.#plan(name, again);
    });
  }
}

function metricOf({ configuration }: MetricAlarm): MetricIdentity {
  const { Namespace = '', MetricName = '', Dimensions } = configuration;
  return { namespace: Namespace, name: MetricName, dimensions: Dimensions };
}
