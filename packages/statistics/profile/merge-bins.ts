import { InvariantError } from '../errors.ts';
import { frequentValues } from './limits.ts';
import type { Categories, ColumnProfile, Histogram } from './profile.schema.ts';
import { mergeTops } from './top-values.ts';

/**
 * Adds up the bins of one column.
 * @throws InvariantError when they have different edges, or only some have any
 */
export function mergeHistograms(columns: readonly ColumnProfile[]): Histogram | null {
  const histograms = binsOfAll(columns, ({ histogram }) => histogram);
  const [first] = histograms;
  if (first === undefined) return null;
  refuseDifferent(columns, histograms, ({ edges }) => edges);
  return { edges: first.edges, counts: added(histograms.map(({ counts }) => counts)) };
}

/**
 * Adds up the categories of one column.
 * @throws InvariantError when they have different values, or only some have any
 */
export function mergeCategories(columns: readonly ColumnProfile[]): Categories | null {
  const categories = binsOfAll(columns, (column) => column.categories);
  const [first] = categories;
  if (first === undefined) return null;
  refuseDifferent(columns, categories, (each) => [each.values.map(({ value }) => value), each.new === null]);
  const rows = added(categories.map(({ values }) => values.map((each) => each.rows)));
  const [other = 0, unknown = 0] = added(categories.map((each) => [each.other, each.new ?? 0]));
  return {
    values: first.values.map(({ value }, index) => ({ value, rows: rows[index] ?? 0 })),
    other,
    new: first.new === null ? null : unknown,
    topNew: mergeTops(
      categories.map(({ topNew }) => topNew),
      frequentValues,
      frequentValues,
    ),
  };
}

/** The bins of each column, or none at all. */
function binsOfAll<T>(columns: readonly ColumnProfile[], pick: (column: ColumnProfile) => T | null): T[] {
  const some = columns.map(pick).filter((bins) => bins !== null);
  if (some.length > 0 && some.length < columns.length) throw differentBins(columns);
  return some;
}

function refuseDifferent<T>(
  columns: readonly ColumnProfile[],
  bins: readonly T[],
  what: (bins: T) => unknown,
): void {
  if (new Set(bins.map((each) => JSON.stringify(what(each)))).size > 1) throw differentBins(columns);
}

function differentBins([column]: readonly ColumnProfile[]): InvariantError {
  return new InvariantError(
    `The column ${column?.name} was counted in different bins: only profiles made with one plan merge.`,
  );
}

/** Sums by place. */
function added(counts: readonly (readonly number[])[]): number[] {
  const [first = []] = counts;
  return first.map((_, place) => counts.reduce((sum, each) => sum + (each[place] ?? 0), 0));
}
