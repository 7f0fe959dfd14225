import type { RecordedEvent } from './registry-view.client.ts';

/**
 * Knows which events only repeat that a model has no predictions: of a model that is idle, the first window is news, and each one
 * after it is the same line until somebody asks.
 */
export class IdleWindows {
  readonly #idle = new Set<string>();

  /** Whether an event need not be shown. Ask once for each, in their order. */
  isRepeated({ type, detail }: RecordedEvent): boolean {
    const { model } = detail;
    const isIdle = type === 'monitoring.skipped' || (type === 'window.monitored' && detail.rows === 0);
    if (!isIdle) {
      if (type === 'window.monitored') this.#idle.delete(model);
      return false;
    }
    const wasIdle = this.#idle.has(model);
    this.#idle.add(model);
    return wasIdle;
  }
}
