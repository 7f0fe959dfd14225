import type { ClassCounts } from '../metrics/expected-classes.ts';
import { sumOf } from '../metrics/sums.ts';
import { metricOfClasses } from './class-metrics.ts';
import { drawBinomial } from './draws.ts';
import type { Estimator } from './estimator-contract.ts';
import { isotonicMeans } from './isotonic.ts';
import type { Calibration } from './quality.schema.ts';
import { type Counts, divided, drawMeans, drawShare, filledMeans, resampledCounts } from './resampling.ts';

type ClassCalibration = Extract<Calibration, { problem: 'multiclass' }>;

/**
 * Confidence-based performance estimation of classes: when the model says a class and is so sure of it, it is as often right, and loses as
 * much, as in the baseline. Right is calibrated per class and isotonic, as a surer answer should not be less often right. Wrong
 * answers stand for the classes that they stood for in the baseline.
 */
export function classEstimator(calibration: ClassCalibration): Estimator {
  const { rows, losses, squaredLosses } = calibration;
  const rightShares = byClass(calibration, calibration.correct, isotonicMeans);
  const loss = byClass(calibration, losses, filledMeans);
  const squaredLoss = byClass(calibration, squaredLosses, filledMeans);
  const countsFrom = (counts: Counts, right: Counts, losses: Counts, divide: Divide) =>
    classCounts(calibration, counts, right, sumOfProducts(counts, losses), divide);
  return {
    rows,
    expected: (metric, counts) => {
      const right = rightShares.map((share, cell) => share * (counts[cell] ?? 0));
      return metricOfClasses(metric, countsFrom(counts, right, loss, inShares));
    },
    realised: (metric, counts, uniform) => {
      const right = rightShares.map((share, cell) => drawBinomial(counts[cell] ?? 0, share, uniform));
      const drawnLoss = drawMeans(loss, squaredLoss, counts, uniform);
      const byChance: Divide = (total, weights) => divided(total, weights, uniform);
      return metricOfClasses(metric, countsFrom(counts, right, drawnLoss, byChance));
    },
    resampled: (uniform) => {
      const drawnRows = resampledCounts(rows, uniform);
      const drawnLoss = drawMeans(loss, squaredLoss, drawnRows, uniform);
      return classEstimator({
        ...calibration,
        rows: drawnRows,
        correct: drawnRows.map(
          (count, cell) => count * drawShare(calibration.correct[cell] ?? 0, rows[cell] ?? 0, uniform),
        ),
        losses: drawnRows.map((count, cell) => count * (drawnLoss[cell] ?? 0)),
        squaredLosses: drawnRows.map((count, cell) => count * (squaredLoss[cell] ?? 0)),
        mistaken: calibration.mistaken.map((others) => resampledCounts(others, uniform)),
      });
    },
  };
}

/** How wrong answers are divided among the true classes. */
type Divide = (total: number, weights: readonly number[]) => number[];

const inShares: Divide = (total, weights) => {
  const all = sumOf(weights);
  return weights.map((weight) => (total * weight) / all);
};

function classCounts(
  { classes, edges, mistaken }: ClassCalibration,
  counts: Counts,
  rightByCell: Counts,
  loss: number,
  divide: Divide,
): ClassCounts {
  const bins = edges.length + 1;
  const totals = (cells: Counts) =>
    Array.from({ length: classes }, (_, each) =>
      sumOf(Array.from(cells).slice(each * bins, (each + 1) * bins)),
    );
  const [predicted, right] = [totals(counts), totals(rightByCell)];
  const occurring = [...right, 0];
  predicted.forEach((times, each) => {
    const wrong = times - (right[each] ?? 0);
    divide(wrong, weightsOfMistakes(mistaken, each)).forEach((some, truth) => {
      occurring[truth] = (occurring[truth] ?? 0) + some;
    });
  });
  return { predicted: [...predicted, 0], right: [...right, 0], occurring, loss };
}

/** A class that was never wrong, or never predicted, is mistaken as the others are; if none was, for any other class alike. */
function weightsOfMistakes(mistaken: ClassCalibration['mistaken'], said: number): readonly number[] {
  const own = mistaken[said] ?? [];
  if (sumOf(own) > 0) return own;
  const others = own.map((_, truth) =>
    truth === said ? 0 : mistaken.reduce((total, each) => total + (each[truth] ?? 0), 0),
  );
  return sumOf(others) > 0
    ? others
    : own.map((_, truth) => (truth === said || truth === own.length - 1 ? 0 : 1));
}

/** Calibrates each class by its own cells; one that the baseline's model never says, by those of all. */
function byClass(
  { classes, edges, rows }: ClassCalibration,
  sums: readonly number[],
  calibrate: (sums: readonly number[], rows: readonly number[]) => number[],
): number[] {
  const bins = edges.length + 1;
  const cellsOf = (cells: readonly number[], each: number) => cells.slice(each * bins, (each + 1) * bins);
  const together = (cells: readonly number[]) =>
    Array.from({ length: bins }, (_, bin) =>
      sumOf(Array.from({ length: classes }, (_, each) => cells[each * bins + bin] ?? 0)),
    );
  return Array.from({ length: classes }, (_, each) => cellsOf(rows, each)).flatMap((ofClass, each) =>
    sumOf(ofClass) > 0 ? calibrate(cellsOf(sums, each), ofClass) : calibrate(together(sums), together(rows)),
  );
}

function sumOfProducts(counts: Counts, values: Counts): number {
  return Array.from(counts).reduce((total, count, cell) => total + count * (values[cell] ?? 0), 0);
}
