import { addMargins, leafValue } from './forest.ts';
import type { Matrix } from './matrix.ts';
import type { ModelFile } from './model-file.ts';
import { objectiveOf } from './objectives.ts';

/** Predictions, `outputs` per row. */
export interface PredictedValues {
  readonly outputs: number;
  readonly values: Float32Array;
}

/** What XGBoost itself would predict, to float32: sums each row's leaves first and then adds the base margin, as it does. */
export function predict(model: ModelFile, matrix: Matrix): PredictedValues {
  const { groups, forest, baseMargin } = model;
  const objective = objectiveOf(model.objective);
  const outputs = objective.outputs(groups);
  const values = new Float32Array(matrix.rows * outputs);
  const margins = new Float32Array(groups);
  for (let row = 0; row < matrix.rows; row += 1) {
    margins.fill(0);
    for (let tree = 0; tree < forest.roots.length; tree += 1) {
      const group = forest.groups[tree] ?? 0;
      margins[group] = (margins[group] ?? 0) + leafValue(forest, tree, matrix.values, row * matrix.columns);
    }
    for (let group = 0; group < groups; group += 1) margins[group] = (margins[group] ?? 0) + baseMargin;
    objective.predicted(margins, 0, groups);
    values.set(margins.subarray(0, outputs), row * outputs);
  }
  return { outputs, values };
}

/** Keeps the margins of a data set up to date while a model grows, so that a round costs one tree, not all of them. */
export class RunningMargins {
  readonly margins: Float32Array;
  #trees = 0;

  constructor(
    readonly matrix: Matrix,
    readonly groups: number,
    baseMargin: number,
  ) {
    this.margins = new Float32Array(matrix.rows * groups).fill(baseMargin);
  }

  advance(model: ModelFile, trees: number): void {
    addMargins(model.forest, this.matrix, this.margins, this.groups, [this.#trees, trees]);
    this.#trees = trees;
  }
}
