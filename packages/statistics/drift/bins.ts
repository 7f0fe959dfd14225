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
  if (to === undefined) return `${shortNumber(from)} and above`;
  const [lower, upper] = tellApart(from, to);
  return `${lower} to ${upper}`;
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

/** Two numbers with as many significant digits, from four on, as it takes to tell them apart: times in seconds differ in the last ones. */
export function tellApart(one: number, other: number): [string, string] {
  for (let digits = 4; digits < 17; digits += 1) {
    const [first, second] = [one, other].map((value) => String(Number(value.toPrecision(digits))));
    if (first !== undefined && second !== undefined && first !== second) return [first, second];
  }
  return [String(one), String(other)];
}

/** Four significant digits are enough to recognise an edge or a mean. */
export function shortNumber(value: number | undefined): string {
  return value === undefined ? '' : String(Number(value.toPrecision(4)));
}
