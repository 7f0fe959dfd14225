import { logLoss } from '../metrics/log-loss.ts';
import type {
  BinaryPredictions,
  MulticlassPredictions,
  Predictions,
  RegressionPredictions,
} from '../metrics/predictions.ts';
import { predictionBin, predictionBinCount } from './prediction-bin.ts';
import type { Calibration } from './quality.schema.ts';

/**
 * Counts the hold-out's predictions by bin, to estimate later quality without labels.
 * @param edges ascending; for a binary model one of them is 0.5, at which it decides; of classes, of their certainty
 */
export function calibrationOf(predictions: Predictions, edges: readonly number[]): Calibration {
  switch (predictions.problem) {
    case 'binary':
      return ofScores(predictions, edges);
    case 'multiclass':
      return ofClasses(predictions, edges);
    case 'regression':
      return ofErrors(predictions, edges);
  }
}

function ofScores({ labels, probabilities }: BinaryPredictions, edges: readonly number[]): Calibration {
  const bins = { edges, width: 1 };
  const count = edges.length + 1;
  const [rows, positives, scores] = [zeros(count), zeros(count), zeros(count)];
  probabilities.forEach((score, row) => {
    const bin = predictionBin(bins, [score]);
    add(rows, bin, 1);
    add(positives, bin, labels[row] === 1 ? 1 : 0);
    add(scores, bin, score);
  });
  return { problem: 'binary', edges: [...edges], rows, positives, scores };
}

function ofClasses(predictions: MulticlassPredictions, edges: readonly number[]): Calibration {
  const { labels, classes, probabilities } = predictions;
  const bins = { edges, width: classes };
  const cells = predictionBinCount(bins);
  const [rows, correct] = [zeros(cells), zeros(cells)];
  const [losses, squaredLosses] = [zeros(cells), zeros(cells)];
  const mistaken = Array.from({ length: classes }, () => zeros(classes + 1));
  const lossOfRows = lossesOf(predictions);
  labels.forEach((label, row) => {
    const cell = predictionBin(bins, probabilities.subarray(row * classes, (row + 1) * classes));
    const said = Math.floor(cell / (edges.length + 1));
    const truth = label < 0 ? classes : label;
    const loss = lossOfRows[row] ?? 0;
    add(rows, cell, 1);
    add(correct, cell, truth === said ? 1 : 0);
    add(losses, cell, loss);
    add(squaredLosses, cell, loss ** 2);
    if (truth !== said) add(mistaken[said] ?? [], truth, 1);
  });
  return {
    problem: 'multiclass',
    classes,
    edges: [...edges],
    rows,
    correct,
    losses,
    squaredLosses,
    mistaken,
  };
}

/** -ln of the probability given to the true class: the mean and how far each row lies from it. */
function lossesOf(predictions: MulticlassPredictions): Float64Array {
  const { value, influence } = logLoss(predictions);
  return influence.map((each) => value + each);
}

function ofErrors({ labels, values }: RegressionPredictions, edges: readonly number[]): Calibration {
  const bins = { edges, width: 1 };
  const count = edges.length + 1;
  const [rows, absoluteErrors] = [zeros(count), zeros(count)];
  const [squaredErrors, fourthPowers] = [zeros(count), zeros(count)];
  values.forEach((value, row) => {
    const bin = predictionBin(bins, [value]);
    const error = Math.abs(value - (labels[row] ?? 0));
    add(rows, bin, 1);
    add(absoluteErrors, bin, error);
    add(squaredErrors, bin, error ** 2);
    add(fourthPowers, bin, error ** 4);
  });
  return { problem: 'regression', edges: [...edges], rows, absoluteErrors, squaredErrors, fourthPowers };
}

function zeros(count: number): number[] {
  return new Array<number>(count).fill(0);
}

function add(sums: number[], bin: number, value: number): void {
  sums[bin] = (sums[bin] ?? 0) + value;
}
