import { InvariantError } from '@tidemark/domain/errors.ts';
import type { MonitoredColumn } from '@tidemark/domain/windows/monitored.schema.ts';
import { predictionColumn } from '@tidemark/domain/windows/monitored-form.ts';
import {
  type BinCounts,
  type ComparedColumn,
  newLabel,
  otherLabel,
} from '@tidemark/statistics/drift/drift.schema.ts';
import type { ColumnProfile, Profile } from '@tidemark/statistics/profile/profile.schema.ts';
import { standardDeviation } from '@tidemark/statistics/profile/profile-moments.ts';

/**
 * Puts each monitored column of a reference beside the same column of a window. Both profiles were made with one plan.
 * @throws InvariantError when they were not
 */
export function compareColumns(
  columns: readonly MonitoredColumn[],
  reference: Profile,
  current: Profile,
): ComparedColumn[] {
  const ofReference = byName(reference);
  const ofWindow = byName(current);
  return columns.map((column) => compareColumn(column, found(ofReference, column), found(ofWindow, column)));
}

function compareColumn(
  { name }: MonitoredColumn,
  reference: ColumnProfile,
  current: ColumnProfile,
): ComparedColumn {
  const base = {
    name,
    role: name === predictionColumn ? ('prediction' as const) : ('feature' as const),
    presence: presenceOf(reference, current),
    ...constantOf(reference),
  };
  if (reference.histogram && current.histogram) {
    const moments = momentsOf(reference, current);
    return {
      ...base,
      kind: 'number',
      edges: reference.histogram.edges,
      reference: binCounts(reference, reference.histogram.counts),
      current: binCounts(current, current.histogram.counts),
      ...(moments && { moments }),
    };
  }
  return {
    ...base,
    kind: 'category',
    labels: labelsOf(reference),
    reference: binCounts(reference, categoryCounts(reference)),
    current: binCounts(current, categoryCounts(current)),
  };
}

/**
 * A column that every row of the reference had and no row of the window has is absent, which needs no test. One that is merely
 * missing everywhere is left to the test of missing values. A reference without any value of it says nothing about it.
 */
function presenceOf(reference: ColumnProfile, current: ColumnProfile): ComparedColumn['presence'] {
  if (valuesIn(reference) === 0) return 'unknown-to-reference';
  const hadAll = valuesIn(reference) === reference.rows;
  return hadAll && current.rows > 0 && valuesIn(current) === 0 ? 'absent-in-window' : 'both';
}

function constantOf({ top, distinct }: ColumnProfile): { constant?: string } {
  const only = distinct.estimate === 1 && top?.complete ? top.values[0] : undefined;
  return only ? { constant: only[0] } : {};
}

function momentsOf(reference: ColumnProfile, current: ColumnProfile) {
  const ofReference = spreadOf(reference);
  const ofWindow = spreadOf(current);
  return ofReference && ofWindow ? { reference: ofReference, current: ofWindow } : undefined;
}

function spreadOf({ moments }: ColumnProfile) {
  if (!moments || moments.n < 2) return undefined;
  return { mean: moments.mean, standardDeviation: standardDeviation(moments) ?? 0 };
}

/** A column that the plan does not know, as training had no values of it, has a single bin. */
function labelsOf({ categories }: ColumnProfile): string[] {
  if (!categories) return [newLabel];
  const rest = categories.new === null ? [otherLabel] : [otherLabel, newLabel];
  return [...categories.values.map(({ value }) => value), ...rest];
}

function categoryCounts(column: ColumnProfile): number[] {
  const { categories } = column;
  if (!categories) return [valuesIn(column)];
  const rest = categories.new === null ? [categories.other] : [categories.other, categories.new];
  return [...categories.values.map(({ rows }) => rows), ...rest];
}

function binCounts({ missing, unreadable }: ColumnProfile, counts: readonly number[]): BinCounts {
  return { counts: [...counts], missing: missing + unreadable };
}

function valuesIn({ rows, missing, unreadable }: ColumnProfile): number {
  return rows - missing - unreadable;
}

function byName({ columns }: Profile): ReadonlyMap<string, ColumnProfile> {
  return new Map(columns.map((column) => [column.name, column]));
}

function found(columns: ReadonlyMap<string, ColumnProfile>, { name }: MonitoredColumn): ColumnProfile {
  const column = columns.get(name);
  if (column) return column;
  throw new InvariantError(`The profile has no column ${name}, though it is monitored.`);
}
