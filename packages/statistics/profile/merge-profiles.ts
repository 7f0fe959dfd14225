import { InvariantError } from '../errors.ts';
import type { ColumnType } from '../tables/column.schema.ts';
import { countedNumbers } from './column-quantiles.ts';
import { distinctStandardError, HyperLogLog } from './hyper-log-log.ts';
import { completeValues, frequentValues } from './limits.ts';
import { mergeCategories, mergeHistograms } from './merge-bins.ts';
import type { ColumnProfile, Distinct, Profile, QuantileSketch, TopValues } from './profile.schema.ts';
import { mergeMoments } from './profile-moments.ts';
import { mergeSketches } from './quantile-sketch.ts';
import { hashSpelled } from './spelled-value.ts';
import { mergeTops } from './top-values.ts';
import { ValueHasher } from './value-hash.ts';

/**
 * The profile of the rows of all, which must be disjoint. Counts, extremes, histograms, categories and distinct counts are exactly those of one pass over
 * all rows, in whatever order; moments to rounding; quantiles and top values within the errors that stand beside them.
 *
 * Columns stand in the order of their first appearance. The rows of a profile that does not have a column do not count for it.
 * @throws InvariantError when a column has types that do not go together, or was counted in different bins
 */
export function mergeProfiles(profiles: readonly Profile[]): Profile {
  const byName = new Map<string, ColumnProfile[]>();
  for (const column of profiles.flatMap(({ columns }) => columns)) {
    const same = byName.get(column.name);
    if (same) same.push(column);
    else byName.set(column.name, [column]);
  }
  return {
    schemaVersion: 3,
    rows: total(profiles.map(({ rows }) => rows)),
    columns: [...byName.values()].map(mergeColumns),
  };
}

function mergeColumns(columns: readonly ColumnProfile[]): ColumnProfile {
  const [first, ...others] = columns;
  if (first === undefined) throw new InvariantError('No column to merge.');
  if (others.length === 0) return first;
  const type = columns.map((column) => column.type).reduce((a, b) => commonType(first.name, a, b));
  // Where there was no value there is nothing to merge, and perhaps neither type nor bins.
  const some = columns.filter(hasValues);
  const base = some[0] ?? columns.find((column) => column.type !== null) ?? first;
  return {
    ...base,
    ...(some.length > 1 && mergeValues(type, some)),
    type,
    rows: total(columns.map(({ rows }) => rows)),
    missing: total(columns.map(({ missing }) => missing)),
    unreadable: total(columns.map(({ unreadable }) => unreadable)),
  };
}

function hasValues({ rows, missing, unreadable }: ColumnProfile): boolean {
  return rows > missing + unreadable;
}

function commonType(name: string, a: ColumnType | null, b: ColumnType | null): ColumnType | null {
  if (a === b || a === null || b === null) return a ?? b;
  const isNumeric = (type: ColumnType) => type === 'integer' || type === 'number';
  if (isNumeric(a) && isNumeric(b)) return 'number';
  throw new InvariantError(
    `The column ${name} is ${a} in one profile and ${b} in another: they do not merge.`,
  );
}

/** Everything but the counts of rows. */
function mergeValues(
  type: ColumnType | null,
  columns: readonly ColumnProfile[],
): Omit<ColumnProfile, 'name' | 'type' | 'rows' | 'missing' | 'unreadable'> {
  const top = mergeTop(type, columns);
  const times = (pick: (column: ColumnProfile) => string | null) =>
    present(columns.map(pick)).sort((a, b) => Date.parse(a) - Date.parse(b));
  const moments = present(columns.map((column) => column.moments));
  return {
    distinct: mergeDistinct(type, columns, top),
    minimum: leastOf(present(columns.map(({ minimum }) => minimum))),
    maximum: greatestOf(present(columns.map(({ maximum }) => maximum))),
    moments: moments.length === 0 ? null : moments.reduce(mergeMoments),
    quantiles: moments.length === 0 || top?.complete ? null : mergeQuantiles(columns),
    earliest: times(({ earliest }) => earliest)[0] ?? null,
    latest: times(({ latest }) => latest).at(-1) ?? null,
    top,
    histogram: mergeHistograms(columns),
    categories: mergeCategories(columns),
  };
}

function mergeTop(type: ColumnType | null, columns: readonly ColumnProfile[]): TopValues | null {
  const tops = present(columns.map(({ top }) => top));
  if (tops.length < columns.length) return null;
  const merged = mergeTops(tops, completeValues, frequentValues);
  const keepsFrequent = type === 'string' || type === 'boolean';
  return merged.complete || keepsFrequent ? merged : null;
}

/** Of numbers, some of which may still have all their values. */
function mergeQuantiles(columns: readonly ColumnProfile[]): QuantileSketch {
  return mergeSketches(
    present(columns.map(({ quantiles }) => quantiles)),
    columns.filter(({ quantiles }) => quantiles === null).map(({ top }) => countedNumbers(top)),
  );
}

function mergeDistinct(
  type: ColumnType | null,
  columns: readonly ColumnProfile[],
  top: TopValues | null,
): Distinct {
  if (top?.complete) return { estimate: top.values.length, standardError: 0, registers: null };
  const union = new HyperLogLog();
  const hasher = new ValueHasher();
  for (const column of columns) {
    if (column.distinct.registers !== null) union.addRegisters(column.distinct.registers);
    else {
      for (const [value] of column.top?.values ?? []) {
        hashSpelled(hasher, type, value);
        union.add(hasher.high, hasher.low);
      }
    }
  }
  return {
    estimate: union.estimate(),
    standardError: distinctStandardError,
    registers: union.registers(),
  };
}

function present<T>(values: readonly (T | null)[]): T[] {
  return values.filter((value) => value !== null);
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function leastOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.min(...values);
}

function greatestOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values);
}
