import type { TopValues } from './profile.schema.ts';

export type ValueRows = TopValues['values'][number];

/** Most rows first, then by name in the order of UTF-16 code units, which is the same everywhere. */
export function byRows([a, rowsOfA]: ValueRows, [b, rowsOfB]: ValueRows): number {
  if (rowsOfA !== rowsOfB) return rowsOfB - rowsOfA;
  return a < b ? -1 : Number(a > b);
}

/** All values there are. */
export function completeTop(values: readonly ValueRows[]): TopValues {
  return {
    complete: true,
    undercount: 0,
    values: values.toSorted(byRows),
  };
}

/**
 * The most frequent values of all.
 * @param complete values up to which all are kept
 * @param frequent values that are kept of more
 */
export function mergeTops(tops: readonly TopValues[], complete: number, frequent: number): TopValues {
  const rowsOf = new Map<string, number>();
  for (const [value, rows] of tops.flatMap(({ values }) => values)) {
    rowsOf.set(value, (rowsOf.get(value) ?? 0) + rows);
  }
  const values = [...rowsOf].sort(byRows);
  if (tops.every((top) => top.complete) && values.length <= complete) return completeTop(values);
  const undercount = tops.reduce((sum, top) => sum + top.undercount, 0);
  return pruneTop(values, undercount, frequent);
}

/** The step of Misra and Gries: see `TextTable.prune`. */
export function pruneTop(sorted: readonly ValueRows[], undercount: number, frequent: number): TopValues {
  const taken = sorted[frequent]?.[1] ?? 0;
  return {
    complete: false,
    undercount: undercount + taken,
    values: sorted.filter(([, rows]) => rows > taken).map(([value, rows]) => [value, rows - taken]),
  };
}
