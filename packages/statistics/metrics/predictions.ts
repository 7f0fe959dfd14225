/** True classes, 0 or 1, and the probability of class 1 that a model gave, row by row. */
export interface BinaryPredictions {
  readonly problem: 'binary';
  readonly labels: Float64Array;
  readonly probabilities: Float64Array;
}

/** True classes and the probabilities of all `classes`, row after row in one array. */
export interface MulticlassPredictions {
  readonly problem: 'multiclass';
  /** Index of the true class; -1 for a class that the model does not know, whose probability is then 0. */
  readonly labels: Float64Array;
  readonly classes: number;
  readonly probabilities: Float64Array;
}

/** True numbers and predicted numbers, row by row, in the target's unit. */
export interface RegressionPredictions {
  readonly problem: 'regression';
  readonly labels: Float64Array;
  readonly values: Float64Array;
}

/** What a model said about rows whose truth is known. */
export type Predictions = BinaryPredictions | MulticlassPredictions | RegressionPredictions;

/** The same predictions for some of the rows, in the order given. */
export function selectRows<P extends Predictions>(predictions: P, rows: Uint32Array): P;
export function selectRows(predictions: Predictions, rows: Uint32Array): Predictions {
  const labels = pick(predictions.labels, rows);
  switch (predictions.problem) {
    case 'binary':
      return { ...predictions, labels, probabilities: pick(predictions.probabilities, rows) };
    case 'multiclass': {
      const { classes } = predictions;
      return { ...predictions, labels, probabilities: pick(predictions.probabilities, rows, classes) };
    }
    case 'regression':
      return { ...predictions, labels, values: pick(predictions.values, rows) };
  }
}

/** Elements of the chosen rows, `width` per row. */
function pick(values: Float64Array, rows: Uint32Array, width = 1): Float64Array {
  const picked = new Float64Array(rows.length * width);
  rows.forEach((row, index) => {
    picked.set(values.subarray(row * width, (row + 1) * width), index * width);
  });
  return picked;
}
