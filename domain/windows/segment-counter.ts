import type { SegmentPlan, WindowPlan } from './baseline.schema.ts';
import { type SegmentBins, segmentBins } from './bin-of.ts';
import type { MonitoredRow } from './monitored.schema.ts';
import { rareSegment, type SegmentValue, type WindowFacts } from './window-facts.schema.ts';

/** What a row's segments are read from. */
export type SegmentedRow = Pick<MonitoredRow, 'values' | 'record'>;

type Segments = WindowFacts['segments'];
type PlannedColumn = { readonly name: string; readonly position: number; readonly bins: SegmentBins };

/** Counts rows by the values of segment columns, and within them by the bins of each monitored column. */
export class SegmentCounter {
  readonly #segments: readonly { plan: SegmentPlan; read: (row: SegmentedRow) => Segment }[];
  readonly #columns: readonly PlannedColumn[];
  readonly #counted: readonly Map<string | null, { rows: number; counts: Uint32Array[] }>[];

  constructor(plan: WindowPlan) {
    this.#segments = plan.segments.map((segment) => ({ plan: segment, read: segmentReader(segment, plan) }));
    this.#columns = plannedColumns(plan);
    this.#counted = plan.segments.map(() => new Map());
  }

  /** The row's value of each segment column, as it is listed; `undefined` where the row does not tell. */
  segmentsOf(row: SegmentedRow): Segment[] {
    return this.#segments.map(({ read }) => read(row));
  }

  add(row: SegmentedRow): void {
    if (this.#segments.length === 0) return;
    const bins = this.#columns.map(({ position, bins }) => bins.binOf(row.values[position] ?? null));
    for (const [index, value] of this.segmentsOf(row).entries()) {
      if (value !== undefined) this.#count(index, value, bins);
    }
  }

  /** In the plan's order; values by name, the rows without one last. */
  segments(): Segments {
    return this.#segments.map(({ plan: { column } }, index) => ({
      column,
      values: [...(this.#counted[index] ?? [])]
        .map(([value, { rows, counts }]) => ({ value, rows, columns: this.#byName(counts) }))
        .toSorted(byValue),
    }));
  }

  #byName(counts: readonly Uint32Array[]): SegmentValue['columns'] {
    return Object.fromEntries(this.#columns.map(({ name }, index) => [name, [...(counts[index] ?? [])]]));
  }

  #count(segment: number, value: string | null, bins: readonly number[]): void {
    const counted = this.#countedOf(segment, value);
    counted.rows += 1;
    for (const [column, bin] of bins.entries()) {
      const counts = counted.counts[column];
      if (counts) counts[bin] = (counts[bin] ?? 0) + 1;
    }
  }

  #countedOf(segment: number, value: string | null) {
    const byValue = this.#counted[segment] ?? new Map();
    const known = byValue.get(value);
    if (known) return known;
    const fresh = { rows: 0, counts: this.#columns.map(({ bins }) => new Uint32Array(bins.length)) };
    byValue.set(value, fresh);
    return fresh;
  }
}

/** A listed value, `(rare)`, `null` for none, or `undefined` where a row does not tell. */
type Segment = string | null | undefined;

function segmentReader(
  { column, source, values }: SegmentPlan,
  plan: Pick<WindowPlan, 'columns'>,
): (row: SegmentedRow) => Segment {
  const listed = new Set(values);
  const position = plan.columns.findIndex(({ name }) => name === column);
  const nameOf = (value: unknown) => {
    if (value === null || value === undefined || value === '') return null;
    const text = String(value);
    return listed.has(text) ? text : rareSegment;
  };
  if (source === 'monitored') return (row) => nameOf(row.values[position]);
  // A direct caller of the endpoint sends what the model reads, and a segment column need not be among it.
  return ({ record }) => (record === null ? undefined : nameOf(record[column]));
}

function plannedColumns({ columns, bins }: WindowPlan): PlannedColumn[] {
  const positions = new Map(columns.map(({ name }, position) => [name, position]));
  return bins.columns.flatMap((column) => {
    const position = positions.get(column.name);
    return position === undefined ? [] : [{ name: column.name, position, bins: segmentBins(column) }];
  });
}

/** Segments of disjoint rows, counted by one plan, as those of all. */
export function mergeSegments(parts: readonly Segments[]): Segments {
  const [first = []] = parts;
  return first.map(({ column }, index) => ({
    column,
    values: merged(parts.flatMap((part) => part[index]?.values ?? [])).toSorted(byValue),
  }));
}

function merged(values: readonly SegmentValue[]): SegmentValue[] {
  const byName = new Map<string | null, SegmentValue>();
  for (const value of values) {
    const known = byName.get(value.value);
    byName.set(value.value, known ? mergeValues(known, value) : value);
  }
  return [...byName.values()];
}

/** The same order everywhere, whatever the locale. */
function byValue({ value: a }: SegmentValue, { value: b }: SegmentValue): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
}

function mergeValues(a: SegmentValue, b: SegmentValue): SegmentValue {
  const columns = Object.entries(a.columns).map(([name, counts]) => {
    const others = b.columns[name] ?? [];
    return [name, counts.map((count, bin) => count + (others[bin] ?? 0))];
  });
  return { value: a.value, rows: a.rows + b.rows, columns: Object.fromEntries(columns) };
}
