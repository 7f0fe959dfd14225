import { normalTail } from '../drift/gamma.ts';
import { normalQuantile } from '../metrics/normal.ts';

/**
 * Where a column's values come from: a distribution over cells that are finer than any bins, so that a sample is a handful of
 * multinomial counts whatever its number of rows.
 */
export interface Population {
  readonly name: string;
  readonly kind: 'number' | 'category';
  /** Probabilities of the cells. */
  readonly cells: Float64Array;
  /** The value in each cell, ascending; of categories, its number. */
  readonly values: readonly number[];
  /** Share of rows without a value. */
  readonly missing: number;
  /** Whether bins are made from the reference itself, as those of predictions are, instead of from training rows. */
  readonly binnedByReference?: boolean;
}

/** Cells of a continuous distribution, equally probable. */
const continuousCells = 200;

const cellCentres = Array.from({ length: continuousCells }, (_, cell) =>
  normalQuantile((cell + 0.5) / continuousCells),
);
const cellBounds = Array.from({ length: continuousCells - 1 }, (_, cell) =>
  normalQuantile((cell + 1) / continuousCells),
);

function equal(count: number): Float64Array {
  return new Float64Array(count).fill(1 / count);
}

/** Standard normal values, moved by so many standard deviations. */
export function normal(shift = 0, missing = 0): Population {
  const above = [1, ...cellBounds.map((bound) => normalTail(bound - shift)), 0];
  const cells = Float64Array.from(cellCentres, (_, cell) => (above[cell] ?? 0) - (above[cell + 1] ?? 0));
  return { name: 'normal', kind: 'number', cells, values: cellCentres, missing };
}

/** Log-normal with σ = 2: the upper percent holds more than a third of the sum. */
export const heavyTail: Population = {
  name: 'heavy tail',
  kind: 'number',
  cells: equal(continuousCells),
  values: cellCentres.map((centre) => Math.exp(2 * centre)),
  missing: 0,
};

/** Small whole numbers, 60 % of them 0. */
export const ties: Population = {
  name: 'ties',
  kind: 'number',
  cells: Float64Array.from({ length: 30 }, (_, value) =>
    value === 0 ? 0.6 : 0.4 * 0.25 * 0.75 ** (value - 1),
  ),
  values: Array.from({ length: 30 }, (_, value) => value),
  missing: 0,
};

export const constant: Population = {
  name: 'constant',
  kind: 'number',
  cells: equal(1),
  values: [7],
  missing: 0,
};

/** What a model predicts: its bins come from the reference, as nothing else has predictions. */
export const prediction: Population = { ...normal(), name: 'prediction', binnedByReference: true };

/** Categories whose frequencies fall as 1/rank; `growth` multiplies the share of the third. */
export function zipf(categories: number, { missing = 0, growth = 1, unseen = 0 } = {}): Population {
  const weights = Array.from({ length: categories }, (_, rank) => (rank === 2 ? growth : 1) / (rank + 1));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  // The last cell is a category that others do not have, at a probability of 0 unless said.
  const cells = [...weights.map((weight) => ((1 - unseen) * weight) / sum), unseen];
  return {
    name: `${categories} categories`,
    kind: 'category',
    cells: Float64Array.from(cells),
    values: cells.map((_, cell) => cell),
    missing,
  };
}

/** A model's columns of every sort. */
export const everySort: readonly Population[] = [
  normal(),
  heavyTail,
  zipf(20),
  ties,
  zipf(2),
  prediction,
  zipf(100),
  { ...normal(0, 0.05), name: 'normal, 5 % missing' },
  { ...zipf(10, { missing: 0.3 }), name: '10 categories, 30 % missing' },
  constant,
];
