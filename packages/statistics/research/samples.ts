import { drawBinomial, drawMultinomial, type Uniform } from '../drift/draws.ts';
import type { ComparedColumn } from '../drift/drift.schema.ts';
import type { Population } from './populations.ts';

/** Rows of a column by cell of its population. */
export interface Sample {
  readonly cells: Float64Array;
  readonly missing: number;
}

export function drawSample({ cells, missing }: Population, rows: number, uniform: Uniform): Sample {
  const without = drawBinomial(rows, missing, uniform);
  const counts = new Float64Array(cells.length);
  drawMultinomial(rows - without, cells, uniform, counts);
  return { cells: counts, missing: without };
}

/** Bins as the monitor's plan makes them: which bin each cell belongs to, and how many there are. */
export interface Bins {
  readonly ofCell: readonly number[];
  readonly count: number;
}

/** As many bins as numbers get. */
const numberBins = 20;
/** As many categories as get bins of their own. */
const ownBins = 50;

/** Chooses bins from rows that are not counted in them (or, for predictions, from the reference). */
export function planSampleBins({ kind }: Population, training: Sample): Bins {
  return kind === 'number' ? byQuantile(training.cells) : byFrequency(training.cells);
}

/** A new bin begins where a further twentieth of the rows is complete. */
function byQuantile(cells: Float64Array): Bins {
  const total = cells.reduce((sum, count) => sum + count, 0);
  let [below, bin, lastStep] = [0, 0, 0];
  const ofCell = Array.from(cells, (count) => {
    const step = Math.floor((below / total) * numberBins);
    if (step > lastStep) [bin, lastStep] = [bin + 1, step];
    below += count;
    return bin;
  });
  return { ofCell, count: bin + 1 };
}

/** The most frequent categories, then other ones, then those that training never had. */
function byFrequency(cells: Float64Array): Bins {
  const own = Array.from(cells.keys())
    .filter((cell) => (cells[cell] ?? 0) > 0)
    .sort((a, b) => (cells[b] ?? 0) - (cells[a] ?? 0))
    .slice(0, ownBins);
  const binOf = new Map(own.map((cell, bin) => [cell, bin]));
  const ofCell = Array.from(
    cells,
    (count, cell) => binOf.get(cell) ?? (count > 0 ? own.length : own.length + 1),
  );
  return { ofCell, count: own.length + 2 };
}

/** Rows by bin. */
function binned({ cells }: Sample, { ofCell, count }: Bins): number[] {
  const counts = new Array<number>(count).fill(0);
  cells.forEach((rows, cell) => {
    const bin = ofCell[cell] ?? 0;
    counts[bin] = (counts[bin] ?? 0) + rows;
  });
  return counts;
}

/** What the monitor compares. */
export function comparedColumn(
  name: string,
  { kind, binnedByReference }: Population,
  bins: Bins,
  reference: Sample,
  current: Sample,
): ComparedColumn {
  const base = {
    name,
    role: binnedByReference ? ('prediction' as const) : ('feature' as const),
    presence: 'both' as const,
    reference: { counts: binned(reference, bins), missing: reference.missing },
    current: { counts: binned(current, bins), missing: current.missing },
  };
  const inner = Array.from({ length: bins.count }, (_, bin) => bin);
  return kind === 'category'
    ? { ...base, kind, labels: inner.map((bin) => `category ${bin}`) }
    : withEdges(base, inner.slice(1));
}

/** A column that had one value in training still has two bins. */
function withEdges(
  base: Omit<Extract<ComparedColumn, { kind: 'number' }>, 'kind' | 'edges'>,
  edges: number[],
): ComparedColumn {
  if (edges.length > 0) return { ...base, kind: 'number', edges };
  const withEmptyBin = (side: ComparedColumn['reference']) => ({ ...side, counts: [...side.counts, 0] });
  return {
    ...base,
    kind: 'number',
    edges: [1],
    reference: withEmptyBin(base.reference),
    current: withEmptyBin(base.current),
  };
}
