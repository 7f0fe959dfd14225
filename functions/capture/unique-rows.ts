import type { MonitoredRow } from '@tidemark/domain/windows/monitored.schema.ts';

/**
 * Whether one capture of a prediction is taken before another of the same inference id: what the function captured, as it is raw, before
 * what SageMaker captured; then the earlier one, which is what the caller was answered first.
 */
export function isTakenBefore(one: MonitoredRow, other: MonitoredRow): boolean {
  const [raw, otherRaw] = [one.record !== null, other.record !== null];
  return raw === otherRaw ? one.time < other.time : raw;
}

/** Rows, each inference id once. Firehose delivers at least once, and callers repeat what they sent. */
export function uniqueRows(rows: Iterable<MonitoredRow>): {
  readonly rows: readonly MonitoredRow[];
  /** Captures that were left out because another one of their prediction was taken. */
  readonly duplicates: number;
} {
  const taken = new Map<string, MonitoredRow>();
  let duplicates = 0;
  for (const row of rows) {
    const other = taken.get(row.inferenceId);
    if (other) duplicates += 1;
    if (!other || isTakenBefore(row, other)) taken.set(row.inferenceId, row);
  }
  return { rows: [...taken.values()], duplicates };
}
