import type { TrainingInterruption } from '../../containers/training-container.ts';

/** The jobs that run now, by name: interruptible, and awaited when the region closes. */
export class JobRuns {
  readonly #runs = new Map<string, { readonly controller: AbortController; readonly done: Promise<void> }>();
  #closing = false;

  get closing(): boolean {
    return this.#closing;
  }

  /** Starts a job's work; it must not reject. */
  start(name: string, work: (signal: AbortSignal) => Promise<void>): void {
    if (this.#closing) return;
    const key = name.toLowerCase();
    const controller = new AbortController();
    const done = work(controller.signal).finally(() => this.#runs.delete(key));
    this.#runs.set(key, { controller, done });
  }

  /** Whether there was such a run to interrupt. */
  interrupt(name: string, reason: TrainingInterruption): boolean {
    const run = this.#runs.get(name.toLowerCase());
    run?.controller.abort(reason);
    return run !== undefined;
  }

  async close(): Promise<void> {
    this.#closing = true;
    for (const { controller } of this.#runs.values())
      controller.abort('closing' satisfies TrainingInterruption);
    await Promise.all([...this.#runs.values()].map(({ done }) => done));
  }
}
