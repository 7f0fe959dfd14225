import { randomUUID } from 'node:crypto';
import type { Time } from '../../virtual-time.ts';
import type { Invocations } from './invocations.ts';
import type { Schedule } from './schedule.schema.ts';
import { type SchedulerState, scheduleKey } from './scheduler-state.ts';
import { latestDue, nextOccurrence, scheduleOccurrences } from './timing.ts';

interface TimetableOptions {
  readonly state: SchedulerState;
  readonly invocations: Invocations;
  readonly time: Time;
  /** Of the wall. */
  readonly wallNow: () => number;
  /** From 0 to 1; places an invocation in its flexible window. */
  readonly random: () => number;
  readonly onFault: (fault: unknown, what: string) => void;
}

/** Waits for every schedule's next occurrence and hands it to the invocations, exactly once each. */
export class Timetable {
  readonly #options: TimetableOptions;
  readonly #waits = new Map<string, AbortController>();
  readonly #running = new Set<Promise<void>>();
  #isStarted = false;

  constructor(options: TimetableOptions) {
    this.#options = options;
    options.state.onChange = (key, schedule) => this.#follow(key, schedule);
  }

  /** Takes up every schedule. Of what was due while the region did not run, the last occurrence is made good. */
  async start(): Promise<void> {
    const { state, time } = this.#options;
    const now = time.now();
    await state.turns.run(async () => {
      for (const schedule of state.schedules()) {
        if (schedule.nextAt === undefined || schedule.nextAt > now) continue;
        await state.save({ ...schedule, nextAt: latestDue(schedule, schedule.nextAt, now) });
      }
    });
    this.#isStarted = true;
    for (const schedule of state.schedules()) this.#follow(scheduleKey(schedule), schedule);
  }

  async close(): Promise<void> {
    this.#isStarted = false;
    for (const wait of this.#waits.values()) wait.abort();
    await Promise.all(this.#running);
  }

  #follow(key: string, schedule: Schedule | undefined): void {
    this.#waits.get(key)?.abort();
    this.#waits.delete(key);
    if (!this.#isStarted || schedule?.nextAt === undefined) return;
    const wait = new AbortController();
    this.#waits.set(key, wait);
    const running = this.#awaitOccurrence(schedule, schedule.nextAt, wait.signal)
      .catch((fault) => {
        if (!wait.signal.aborted) this.#options.onFault(fault, `scheduler: the schedule ${key}`);
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #awaitOccurrence(schedule: Schedule, at: number, signal: AbortSignal): Promise<void> {
    const { state, time } = this.#options;
    await time.until(at, signal);
    await state.turns.run(async () => {
      // Somebody may have changed or deleted it before this turn came.
      if (state.find(schedule.group, schedule.name) === schedule) await this.#fire(schedule, at);
    });
  }

  /** Records the invocation and moves the schedule on in one write, so that a crash neither loses nor repeats it. */
  async #fire(schedule: Schedule, at: number): Promise<void> {
    const { state, invocations, wallNow } = this.#options;
    const invocation = {
      id: randomUUID(),
      scheduleArn: state.arn(schedule),
      target: schedule.settings.Target,
      scheduledAt: at,
      dueAt: at + this.#delay(schedule),
      failedAttempts: 0,
      nextAttemptAt: wallNow(),
      acceptedAt: wallNow(),
    };
    const { nextAt: _, ...rest } = schedule;
    const nextAt = scheduleOccurrences(schedule).isOneTime ? undefined : nextOccurrence(schedule, at + 1);
    const along = [invocations.record(invocation)];
    if (nextAt === undefined && schedule.settings.ActionAfterCompletion === 'DELETE') {
      await state.remove(schedule, along);
    } else {
      await state.save({ ...rest, ...(nextAt !== undefined && { nextAt }) }, along);
    }
    invocations.begin(invocation);
  }

  #delay({ settings: { FlexibleTimeWindow: window } }: Schedule): number {
    return window.Mode === 'OFF' ? 0 : this.#options.random() * window.MaximumWindowInMinutes * 60_000;
  }
}
