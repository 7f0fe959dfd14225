import { drawGamma, drawNormal, type Uniform } from '../drift/draws.ts';
import type { ProblemType } from '../metrics/metric-names.ts';
import type { Predictions } from '../metrics/predictions.ts';

/** How rows lie, and what is wrong with the model. */
export interface RowsOf {
  /** Share of what the model is better than a guess that it has lost: so many labels have nothing to do with the prediction. */
  readonly lost: number;
  /** Spread and centre of the predictions, as multiples and in units of the usual spread. */
  readonly spread: number;
  readonly centre: number;
}

/** The metric that quality is judged by, and about what a guess has. */
export const judgedMetric = {
  binary: { metric: 'auc', guess: 0.5 },
  multiclass: { metric: 'logLoss', guess: Math.log(4) },
  regression: { metric: 'rmse', guess: 3.6 },
} as const;

const usualSpread = 1.5;
const classes = 4;
/** What the errors of the regression are on average, so that `lost` is a share of what it is better than a guess. */
const usualError = 1.96;

/** Rows of calibrated models: logits are normal, errors of the regression grow with the number and have heavy tails (t with 5 degrees). */
export function drawPredictions(
  problem: ProblemType,
  rows: number,
  of: RowsOf,
  uniform: Uniform,
): Predictions {
  switch (problem) {
    case 'binary':
      return drawBinary(rows, of, uniform);
    case 'multiclass':
      return drawClasses(rows, of, uniform);
    case 'regression':
      return drawNumbers(rows, of, uniform);
  }
}

function drawBinary(rows: number, { lost, spread, centre }: RowsOf, uniform: Uniform): Predictions {
  const probabilities = Float64Array.from({ length: rows }, () =>
    sigmoid(usualSpread * (spread * drawNormal(uniform) + centre) - 1),
  );
  const labels = probabilities.map((p) => (uniform() < (uniform() < lost ? 0.3 : p) ? 1 : 0));
  return { problem: 'binary', labels, probabilities };
}

function drawClasses(rows: number, { lost, spread, centre }: RowsOf, uniform: Uniform): Predictions {
  const labels = new Float64Array(rows);
  const probabilities = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row += 1) {
    const weights = Array.from({ length: classes }, (_, each) =>
      Math.exp(usualSpread * (spread * drawNormal(uniform) + (each === 0 ? centre : 0))),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const shares = weights.map((weight) => weight / total);
    probabilities.set(shares, row * classes);
    labels[row] = uniform() < lost ? Math.floor(uniform() * classes) : drawClass(shares, uniform);
  }
  return { problem: 'multiclass', labels, classes, probabilities };
}

function drawClass(shares: readonly number[], uniform: Uniform): number {
  let left = uniform();
  for (const [each, share] of shares.entries()) {
    left -= share;
    if (left < 0) return each;
  }
  return classes - 1;
}

function drawNumbers(rows: number, { lost, spread, centre }: RowsOf, uniform: Uniform): Predictions {
  const growth = 1 + (lost * (judgedMetric.regression.guess - usualError)) / usualError;
  const values = Float64Array.from({ length: rows }, () => 10 + 3 * (spread * drawNormal(uniform) + centre));
  const labels = values.map((value) => {
    const heavy = Math.sqrt(5 / (2 * drawGamma(2.5, uniform)));
    return value + growth * (0.5 + 0.1 * Math.abs(value)) * heavy * drawNormal(uniform);
  });
  return { problem: 'regression', labels, values };
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
