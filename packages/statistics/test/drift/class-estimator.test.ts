import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrationEdges } from '../../drift/calibration-edges.ts';
import { metricOfClasses } from '../../drift/class-metrics.ts';
import { effectiveRows } from '../../drift/estimate-quality.ts';
import { estimatorOf } from '../../drift/estimator.ts';
import { calibrationOf, judgeQuality, measureMetric } from '../../drift/judge-quality.ts';
import { predictionBin, predictionBinCount, predictionCertainty } from '../../drift/prediction-bin.ts';
import type { MetricName } from '../../metrics/metric-facts.ts';
import type { MulticlassPredictions } from '../../metrics/predictions.ts';
import { seededNormal, seededUniform } from '../../metrics/random.ts';

const metrics = ['logLoss', 'accuracy', 'macroPrecision', 'macroRecall', 'macroF1'] as const;
const classes = 4;

/** Logits of four classes, more or less far apart; the model is too sure of them. */
function multiclass(rows: number, seed: number, spread = 1.5): MulticlassPredictions {
  const [normal, uniform] = [seededNormal(seed), seededUniform(seed + 77)];
  const probabilities = new Float64Array(rows * classes);
  const labels = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) {
    const logits = Array.from({ length: classes }, (_, each) => spread * normal() - 0.4 * each);
    const truth = softmax(logits);
    labels[row] = drawn(truth, uniform());
    probabilities.set(softmax(logits.map((logit) => 1.3 * logit)), row * classes);
  }
  return { problem: 'multiclass', labels, classes, probabilities };
}

function softmax(logits: readonly number[]): number[] {
  const weights = logits.map(Math.exp);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function drawn(shares: readonly number[], uniform: number): number {
  let left = uniform;
  return Math.max(
    0,
    shares.findIndex((share) => {
      left -= share;
      return left < 0;
    }),
  );
}

function certainties({ probabilities, labels }: MulticlassPredictions): Float64Array {
  return labels.map((_, row) =>
    predictionCertainty(probabilities.subarray(row * classes, (row + 1) * classes)),
  );
}

function baselineOf(metric: MetricName, predictions: MulticlassPredictions) {
  const measured = measureMetric(metric, predictions);
  if (!measured) throw new Error('The baseline has the metric.');
  const edges = calibrationEdges(certainties(predictions), null, classes);
  return {
    ...measured,
    guess: metric === 'logLoss' ? 1.38 : 0.3,
    calibration: calibrationOf(predictions, edges),
    edges,
  };
}

const holdout = multiclass(12_000, 1);

describe('the bin of a prediction', () => {
  it('is told by how sure the model is: 0 of all alike, 1 of a single class', () => {
    expect(predictionCertainty([0.25, 0.25, 0.25, 0.25])).toBeCloseTo(0, 12);
    expect(predictionCertainty([0, 1, 0])).toBe(1);
    // As likely right, but with one rival or with many.
    expect(predictionCertainty([0.6, 0.4, 0, 0])).toBeGreaterThan(
      predictionCertainty([0.6, 0.14, 0.13, 0.13]),
    );
  });

  it('is one of the class that is said: of equal ones the first', () => {
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    const edges = [0.3, 0.5, 0.8];
    fc.assert(
      fc.property(fc.array(probability, { minLength: 2, maxLength: 6 }), (prediction) => {
        const bins = { edges, width: prediction.length };
        const bin = predictionBin(bins, prediction);
        const certainty = predictionCertainty(prediction);
        expect(Math.floor(bin / 4)).toBe(prediction.indexOf(Math.max(...prediction)));
        expect(bin % 4).toBe(edges.filter((edge) => edge <= certainty).length);
        expect(bin).toBeLessThan(predictionBinCount(bins));
      }),
    );
  });
});

describe('quality of classes without labels', () => {
  it.each(metrics)('is what was measured, for the very predictions of the hold-out: %s', (metric) => {
    const { edges, ...baseline } = baselineOf(metric, holdout);
    const policy = { alpha: 0.01, maximumDrop: 0.1, minimumLabels: 200, minimumRows: 200, seed: 1 };
    const judged = judgeQuality(baseline, { predictionCounts: calibrationOf(holdout, edges).rows }, policy);

    expect(judged).toMatchObject({ basis: 'estimated', verdict: 'healthy' });
    expect(judged.estimated?.value).toBeCloseTo(baseline.value, 12);
  });

  it.each(metrics)('is near what labels then show, though the model has become less sure: %s', (metric) => {
    const { edges, ...baseline } = baselineOf(metric, holdout);
    const window = multiclass(6000, 2, 0.8);
    const policy = { alpha: 0.01, maximumDrop: 0.1, minimumLabels: 200, minimumRows: 200, seed: 1 };
    const judged = judgeQuality(
      baseline,
      { labelled: window, predictionCounts: calibrationOf(window, edges).rows },
      policy,
    );
    const { error = 1, standardErrors = 99 } = judged.reconciliation ?? {};

    expect(Math.abs(standardErrors)).toBeLessThan(3.5);
    // The move itself is larger, or the test would hold for an estimate that never moves.
    expect(Math.abs((judged.measured?.value ?? 0) - baseline.value)).toBeGreaterThan(3 * Math.abs(error));
  });

  it.each(metrics)('is the mean of what labels would be, drawn one by one: %s', (metric) => {
    const { edges, calibration } = baselineOf(metric, holdout);
    const estimator = estimatorOf(calibration);
    const counts = calibrationOf(multiclass(800, 3, 1), edges).rows;
    const uniform = seededUniform(4);
    const draws = Array.from({ length: 400 }, () => estimator.realised(metric, counts, uniform) ?? 0);
    const mean = draws.reduce((sum, each) => sum + each, 0) / draws.length;
    const deviation = Math.sqrt(draws.reduce((sum, each) => sum + (each - mean) ** 2, 0) / draws.length);

    // Ratios of sums are not quite the means of their ratios: a tenth of a deviation is more than that and than 400 draws leave.
    expect(Math.abs(mean - (estimator.expected(metric, counts) ?? 9))).toBeLessThan(0.2 * deviation);
  });

  it.each(metrics)('counts as the measured metric does: %s', (metric) => {
    const predictions = multiclass(500, 9);
    const labels = predictions.labels.map((label, row) => (row % 50 === 0 ? -1 : label));
    const withUnknown: MulticlassPredictions = { ...predictions, labels };
    const { calibration } = baselineOf(metric, withUnknown);
    if (calibration.problem !== 'multiclass') throw new Error('It is of classes.');
    const bins = calibration.edges.length + 1;
    const totals = (cells: readonly number[]) =>
      Array.from({ length: classes + 1 }, (_, each) =>
        cells.slice(each * bins, (each + 1) * bins).reduce((sum, cell) => sum + cell, 0),
      );
    const occurring = new Array<number>(classes + 1).fill(0);
    for (const label of labels) {
      const truth = label < 0 ? classes : label;
      occurring[truth] = (occurring[truth] ?? 0) + 1;
    }
    const counted = metricOfClasses(metric, {
      predicted: totals(calibration.rows),
      right: totals(calibration.correct),
      occurring,
      loss: calibration.losses.reduce((sum, loss) => sum + loss, 0),
    });

    expect(counted).toBeCloseTo(measureMetric(metric, withUnknown)?.value ?? Number.NaN, 9);
  });

  it('says nothing of what counts do not determine, nor of no rows', () => {
    const { calibration } = baselineOf('accuracy', holdout);
    const estimator = estimatorOf(calibration);
    expect(estimator.expected('auc', calibration.rows)).toBeUndefined();
    expect(
      estimator.expected('accuracy', new Array<number>(calibration.rows.length).fill(0)),
    ).toBeUndefined();
  });

  it('expects of a class that the hold-out never said what it knows of all', () => {
    const never = multiclass(3000, 6);
    const probabilities = never.probabilities.map((p, index) => (index % classes === 3 ? 0 : p));
    const edges = calibrationEdges(certainties({ ...never, probabilities }), null, classes);
    const calibration = calibrationOf({ ...never, probabilities }, edges);
    const counts = calibration.rows.map((_, cell) => (cell >= 3 * (edges.length + 1) ? 10 : 0));
    const accuracy = estimatorOf(calibration).expected('accuracy', counts);

    expect(accuracy).toBeGreaterThan(0.2);
    expect(accuracy).toBeLessThan(1);
  });
});

describe('rows of the hold-out that speak for a window', () => {
  it('are all of them where the window lies alike, and few where it has gone', () => {
    expect(effectiveRows([99, 99, 99, 99], [5, 5, 5, 5])).toBeCloseTo(400, 9);
    expect(effectiveRows([99, 99, 99, 99], [20, 0, 0, 0])).toBeCloseTo(100, 9);
    expect(effectiveRows([1000, 1000, 0], [465, 465, 70])).toBeLessThan(200);
    expect(effectiveRows([1000, 1000, 0], [470, 470, 60])).toBeGreaterThan(200);
    expect(effectiveRows([10], [0])).toBe(0);
  });
});
