import { UserError } from './errors.ts';
import type { TrainingPlan } from './hyperparameters.ts';
import type { Matrix } from './matrix.ts';
import type { TrainingData } from './training.ts';

/** Rows that stand for weighted ones, and what they were multiplied by. */
export interface Copied {
  readonly matrix: Matrix;
  /** Copies that a weight of 1 has. */
  readonly copiesPerUnit: number;
}

/** Copies for each row, on average, and values that they may have in all: more take memory and time, and round weights less. */
const [copiesPerRow, maximumValues] = [10, 20_000_000];

/**
 * Stands for weights by copies of rows, as the WebAssembly build of XGBoost takes no weights. A row with the weight w adds to every sum of
 * gradients what w copies of it do; weights that are not whole are multiplied first and rounded, to a tenth of the average weight.
 * @param weighted rows whose first feature is the weight
 */
export function copyByWeight(name: string, weighted: Matrix): Copied {
  const weights = Float64Array.from({ length: weighted.rows }, (_, row) => weightOf(name, weighted, row));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total <= 0) throw new UserError(`The channel '${name}' has no row with a weight above 0.`);
  const columns = weighted.columns - 1;
  const most = Math.max(weighted.rows, Math.min(copiesPerRow * weighted.rows, maximumValues / columns));
  const isExact = total <= most && weights.every(Number.isInteger);
  const copiesPerUnit = isExact ? 1 : most / total;
  const copies = weights.map((weight) => Math.round(weight * copiesPerUnit));
  return { matrix: repeated(weighted, copies), copiesPerUnit };
}

function weightOf(name: string, { values, columns }: Matrix, row: number): number {
  const weight = values[row * columns] ?? Number.NaN;
  if (columns < 2) throw new UserError(`The channel '${name}' has a weight, but no feature.`);
  if (weight >= 0) return weight;
  throw new UserError(
    `Row ${row + 1} of the channel '${name}' has the weight ${weight}; it must be 0 or more, in the second column.`,
  );
}

function repeated({ values, labels, columns: width }: Matrix, copies: Float64Array): Matrix {
  const columns = width - 1;
  const rows = copies.reduce((sum, count) => sum + count, 0);
  const matrix = { rows, columns, values: new Float32Array(rows * columns), labels: new Float32Array(rows) };
  let to = 0;
  for (const [row, count] of copies.entries()) {
    const features = values.subarray(row * width + 1, (row + 1) * width);
    for (let copy = 0; copy < count; copy += 1) {
      matrix.values.set(features, to * columns);
      matrix.labels[to] = labels[row] ?? 0;
      to += 1;
    }
  }
  return matrix;
}

/** What holds sums of copies back as much as it held back the sums of weights. */
const scaled: Readonly<Record<string, number>> = { lambda: 1, alpha: 0, gamma: 0, min_child_weight: 1 };

/** Parameters of the booster for sums that are so many times as large. */
export function scaledParameters(
  parameters: Readonly<Record<string, string>>,
  copiesPerUnit: number,
): Record<string, string> {
  const entries = Object.entries(scaled).map(([name, byDefault]) => [
    name,
    String(Number(parameters[name] ?? byDefault) * copiesPerUnit),
  ]);
  return copiesPerUnit === 1 ? { ...parameters } : { ...parameters, ...Object.fromEntries(entries) };
}

/** Rows in the number of their weights, and a plan for them. */
export function weigh(plan: TrainingPlan, data: TrainingData): { plan: TrainingPlan; data: TrainingData } {
  if (!plan.weighted) return { plan, data };
  const train = copyByWeight('train', data.train);
  const boosterParameters = scaledParameters(plan.boosterParameters, train.copiesPerUnit);
  return {
    plan: { ...plan, boosterParameters },
    data: {
      train: train.matrix,
      validation: data.validation && copyByWeight('validation', data.validation).matrix,
    },
  };
}
