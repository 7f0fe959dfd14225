import { sharesOf } from './distances.ts';
import type { ColumnJudgement, ComparedColumn } from './drift.schema.ts';

/** Bins whose share has changed most that are reported. */
const reportedBins = 5;

/** What a bin is called: its category, or its range of numbers. */
export function binName(column: ComparedColumn, bin: number): string {
  if (column.kind === 'category') return column.labels[bin] ?? `bin ${bin}`;
  const from = column.edges[bin - 1];
  const to = column.edges[bin];
  if (from === undefined) return `below ${shortNumber(to)}`;
  return to === undefined ? `${shortNumber(from)} and above` : `${shortNumber(from)} to ${shortNumber(to)}`;
}

/** The bins whose share has changed most, the largest change first; of equals, the first. */
export function movedBins(column: ComparedColumn): ColumnJudgement['movedBins'] {
  const reference = sharesOf(column.reference.counts);
  const current = sharesOf(column.current.counts);
  return reference
    .map((share, bin) => ({ bin: binName(column, bin), reference: share, current: current[bin] ?? 0 }))
    .filter(({ reference: before, current: after }) => before !== after)
    .sort((a, b) => Math.abs(b.current - b.reference) - Math.abs(a.current - a.reference))
    .slice(0, reportedBins);
}

/** Four significant digits are enough to recognise an edge or a mean. */
export function shortNumber(value: number | undefined): string {
  return value === undefined ? '' : String(Number(value.toPrecision(4)));
}
