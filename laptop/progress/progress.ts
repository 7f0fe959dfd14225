import type { Step } from './execution-view.ts';
import type { ExecutionView } from './executions.client.ts';
import { duration, type Line } from './line.ts';
import { failedExecutionLine, finishedStepLine, runningStepLine } from './progress-lines.ts';
import type { Screen } from './screen.ts';

/** A state that is entered again is told again only if it took this long: polling loops stay one line. */
const worthRepeatingMilliseconds = 2_000;
/** Capabilities have up to 8 letters. */
const capabilityWidth = 8;
/** Without redraw, a step that runs is mentioned this often. */
const reminderMilliseconds = 10_000;

interface ProgressOptions {
  readonly screen: Screen;
  /** A function's name in AWS to the one that a person knows. */
  readonly functionLabel: (name: string) => string;
  /** Executions that were over before are not shown. Milliseconds since 1970. */
  readonly since: number;
  /** Capabilities whose states are shown while they run, and told afterwards only if they fail. */
  readonly quiet?: ReadonlySet<string>;
}

/** Shows executions: each finished state once, in the order of their ends, and below them what is running. */
export class Progress {
  readonly #options: ProgressOptions;
  /** How much of each step's time has been told, by execution and state. */
  readonly #told = new Map<string, number>();
  /** Those that executions were about. */
  readonly #models = new Set<string>();
  readonly #failuresTold = new Set<string>();
  readonly #remindedAt = new Map<string, number>();

  constructor(options: ProgressOptions) {
    this.#options = options;
  }

  /** Brings the screen up to date. @param now milliseconds since 1970. */
  update(executions: readonly ExecutionView[], now: number): void {
    for (const { model } of executions) if (model !== undefined) this.#models.add(model);
    const current = executions.filter(({ endedAt }) => (endedAt ?? now) >= this.#options.since);
    const { screen, functionLabel } = this.#options;
    screen.print(...current.flatMap((execution) => this.#news(execution)));
    const running = current.flatMap((execution) =>
      execution.steps
        .filter(({ status }) => status === 'running')
        .map((step) => ({
          key: `${execution.arn} ${step.name}`,
          step,
          line: runningStepLine(this.#label(execution), step, now, functionLabel),
        })),
    );
    if (screen.isLive) screen.live(running.map(({ line }) => line));
    else screen.print(...running.flatMap((entry) => this.#reminder(entry, now)));
  }

  #news(execution: ExecutionView): Line[] {
    const { arn, capability, steps, status } = execution;
    const label = this.#label(execution);
    const isQuiet = this.#options.quiet?.has(capability) ?? false;
    const lines = isQuiet ? [] : steps.flatMap((step) => this.#stepNews(`${arn} ${step.name}`, label, step));
    if (status === 'RUNNING' || status === 'SUCCEEDED' || this.#failuresTold.has(arn)) return lines;
    this.#failuresTold.add(arn);
    return [...lines, failedExecutionLine(label, execution)];
  }

  /** The capability, and once there are several models, which one. */
  #label({ capability, model }: ExecutionView): string {
    if (this.#models.size < 2 || model === undefined) return capability;
    const widths = [...this.#models].map(({ length }) => length);
    return `${capability.padEnd(capabilityWidth)} ${model.padEnd(Math.max(...widths))}`;
  }

  #stepNews(key: string, label: string, step: Step): Line[] {
    const told = this.#told.get(key);
    const spent = step.elapsedMilliseconds - (told ?? 0);
    if (step.status === 'running' || (told !== undefined && spent < worthRepeatingMilliseconds)) return [];
    this.#told.set(key, step.elapsedMilliseconds);
    const line = finishedStepLine(label, { ...step, elapsedMilliseconds: spent });
    return line ? [line] : [];
  }

  #reminder({ key, step, line }: { key: string; step: Step; line: Line }, now: number): Line[] {
    const last = this.#remindedAt.get(key) ?? step.runningSince ?? now;
    if (now - last < reminderMilliseconds) return [];
    this.#remindedAt.set(key, now);
    // The spinner's place says "still running" where nothing turns.
    return [line.map((segment, index) => (index === 1 ? { text: '· ' } : segment))];
  }
}

/** Seconds per state of an execution, for the summary. */
export function timings(execution: ExecutionView): Record<string, { seconds: number; visits: number }> {
  return Object.fromEntries(
    execution.steps.map(({ name, elapsedMilliseconds, visits }) => [
      name,
      { seconds: elapsedMilliseconds / 1000, visits },
    ]),
  );
}

/** How long an execution took or has taken. */
export function executionDuration({ startedAt, endedAt }: ExecutionView, now: number): string {
  return duration((endedAt ?? now) - startedAt);
}
