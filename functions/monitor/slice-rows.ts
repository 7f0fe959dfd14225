import type { CaptureSource } from '@tidemark/domain/captures/capture-key.ts';
import {
  type CaptureReading,
  type LeftOutReason,
  readCaptureLine,
} from '@tidemark/domain/captures/read-captures.ts';
import type { MonitoredRow } from '@tidemark/domain/windows/monitored.schema.ts';
import type { WindowCounter } from '@tidemark/domain/windows/window-counter.ts';

/**
 * Counts what is captured in a slice: predictions of the judged version, each once. Of captures of one prediction the first is taken,
 * in the order of hours and keys.
 */
export class SliceRows {
  readonly #reading: CaptureReading;
  readonly #counter: WindowCounter;
  readonly #seen: Set<string>;

  /** @param without inference ids that count elsewhere */
  constructor(reading: CaptureReading, counter: WindowCounter, without: Iterable<string> = []) {
    this.#reading = reading;
    this.#counter = counter;
    this.#seen = new Set(without);
  }

  /** Counts a line. @returns the predictions in it that had not been seen */
  take(text: string, source: CaptureSource): MonitoredRow[] {
    const { rows, leftOut } = readCaptureLine(text, source, this.#reading);
    for (const [reason, count] of Object.entries(leftOut)) this.#leaveOut(reason, count, source);
    const fresh = rows.filter((row) => this.#isFirst(row));
    for (const row of fresh) this.#counter.add(row);
    return fresh;
  }

  /** Counts a line, or an object, of which nothing can be read. */
  passOver(): void {
    this.#counter.leaveOut({ why: 'malformed' });
  }

  #isFirst({ inferenceId }: MonitoredRow): boolean {
    if (!this.#seen.has(inferenceId)) {
      this.#seen.add(inferenceId);
      return true;
    }
    this.#counter.leaveOut({ why: 'duplicate' });
    return false;
  }

  #leaveOut(reason: string, count: number, source: CaptureSource): void {
    // Captured by the function as well, or made to prove a deployment: nothing that anybody asked for.
    if (reason === ('own-invocation' satisfies LeftOutReason)) return;
    const version = source.kind === 'endpoint' ? source.version : null;
    for (let row = 0; row < count; row += 1) {
      this.#counter.leaveOut(
        reason === ('another-version' satisfies LeftOutReason)
          ? { why: 'other-version', version }
          : { why: 'malformed' },
      );
    }
  }
}
