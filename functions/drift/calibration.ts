import type { BinaryPredictions, Predictions, RegressionPredictions } from '../metrics/predictions.ts';
import type { Calibration } from './quality.schema.ts';

/**
 * Counts the hold-out's predictions by bin, to estimate later quality without labels.
 * @param edges ascending; for a binary model one of them is 0.5, at which it decides
 * @returns `undefined` for multiclass: what is captured is the class, whose certainty is not known.
 */
export function calibrationOf(predictions: Predictions, edges: readonly number[]): Calibration | undefined {
  switch (predictions.problem) {
    case 'binary':
      return ofScores(predictions, edges);
    case 'multiclass':
      return undefined;
    case 'regression':
      return ofErrors(predictions, edges);
  }
}

function ofScores({ labels, probabilities }: BinaryPredictions, edges: readonly number[]): Calibration {
  const [rows, positives, scores] = [zeros(edges), zeros(edges), zeros(edges)];
  probabilities.forEach((score, row) => {
    const bin = binOf(score, edges);
    add(rows, bin, 1);
    add(positives, bin, labels[row] === 1 ? 1 : 0);
    add(scores, bin, score);
  });
  return { problem: 'binary', edges: [...edges], rows, positives, scores };
}

function ofErrors({ labels, values }: RegressionPredictions, edges: readonly number[]): Calibration {
  const [rows, absoluteErrors] = [zeros(edges), zeros(edges)];
  const [squaredErrors, fourthPowers] = [zeros(edges), zeros(edges)];
  values.forEach((value, row) => {
    const bin = binOf(value, edges);
    const error = Math.abs(value - (labels[row] ?? 0));
    add(rows, bin, 1);
    add(absoluteErrors, bin, error);
    add(squaredErrors, bin, error ** 2);
    add(fourthPowers, bin, error ** 4);
  });
  return { problem: 'regression', edges: [...edges], rows, absoluteErrors, squaredErrors, fourthPowers };
}

/** Bins are below the first edge, from each edge (included) to the next, and from the last edge on. */
function binOf(value: number, edges: readonly number[]): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function zeros(edges: readonly number[]): number[] {
  return new Array<number>(edges.length + 1).fill(0);
}

function add(sums: number[], bin: number, value: number): void {
  sums[bin] = (sums[bin] ?? 0) + value;
}
