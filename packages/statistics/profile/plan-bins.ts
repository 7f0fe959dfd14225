import { InvariantError } from '../errors.ts';
import type { BinningPlan, ColumnPlan } from './binning-plan.schema.ts';
import { columnNumbers } from './column-quantiles.ts';
import type { ColumnProfile, Profile } from './profile.schema.ts';
import { weightedQuantiles } from './quantile-sketch.ts';
import { hashSpelled } from './spelled-value.ts';
import { packedHashes } from './value-bins.ts';
import { ValueHasher } from './value-hash.ts';

export interface BinningOptions {
  /** Bins of numbers at most; as many different numbers at most have a bin each. */
  readonly maximumBins?: number;
  /** Categories at most that have a bin of their own. */
  readonly maximumValues?: number;
  /** Rows of the baseline that a category needs for a bin of its own. */
  readonly minimumValueRows?: number;
}

/**
 * Bins in which a baseline and whatever is compared with it are counted.
 *
 * Numbers lie between the baseline's quantiles, so each bin has about as many of its rows: the first and the last bin are open, and nothing expected
 * is near 0, which no test of frequencies could bear. Where a number is so frequent that several quantiles equal it, there are fewer bins. Few
 * different numbers, categories and truth values have a bin each, as long as they have enough rows. Times and columns
 * without values have none.
 * @param profile of the baseline
 */
export function planBins(profile: Profile, options: BinningOptions = {}): BinningPlan {
  const { maximumBins = 20, maximumValues = 100, minimumValueRows = 20 } = options;
  if (maximumBins < 2) throw new InvariantError(`${maximumBins} bins cannot tell numbers apart.`);
  const limits = { maximumBins, maximumValues, minimumValueRows };
  return { schemaVersion: 1, columns: profile.columns.flatMap((column) => planColumn(column, limits)) };
}

function planColumn(
  column: ColumnProfile,
  { maximumBins, maximumValues, minimumValueRows }: Required<BinningOptions>,
): ColumnPlan[] {
  switch (column.type) {
    case null:
    case 'timestamp':
      return [];
    case 'string':
    case 'boolean':
      return planValues(column, maximumValues, minimumValueRows);
    case 'integer':
    case 'number':
      return column.distinct.standardError === 0 && column.distinct.estimate <= maximumBins
        ? planValues(column, maximumBins, minimumValueRows)
        : planEdges(column, maximumBins);
  }
}

function planEdges(column: ColumnProfile, maximumBins: number): ColumnPlan[] {
  const { name, minimum } = column;
  const numbers = columnNumbers(column);
  const shares = Array.from({ length: maximumBins - 1 }, (_, index) => (index + 1) / maximumBins);
  const edges = new Set<number>();
  for (const value of weightedQuantiles(numbers, shares)) {
    // A quantile that comes again is a frequent value: it gets a bin for itself, up to the next one.
    const edge = edges.has(value) || value === minimum ? numbers.find(([each]) => each > value)?.[0] : value;
    if (edge !== undefined) edges.add(edge);
  }
  return edges.size === 0 ? [] : [{ kind: 'edges', name, edges: [...edges].sort((a, b) => a - b) }];
}

function planValues(
  { name, type, top }: ColumnProfile,
  maximumValues: number,
  minimumRows: number,
): ColumnPlan[] {
  if (top === null || top.values.length === 0) return [];
  const kept = top.values.filter(([, rows]) => rows >= minimumRows).slice(0, maximumValues);
  const hasher = new ValueHasher();
  const rare = top.values.slice(kept.length).map(([value]): [number, number] => {
    hashSpelled(hasher, type, value);
    return [hasher.high, hasher.low];
  });
  return [
    {
      kind: 'values',
      name,
      values: kept.map(([value]) => value),
      rare: top.complete ? packedHashes(rare) : null,
    },
  ];
}
