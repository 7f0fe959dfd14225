import { type ClassCounts, expectedMacroAverage } from './expected-classes.ts';
import { normalInterval, wilsonInterval } from './interval.ts';
import { logLoss } from './log-loss.ts';
import type { Metric } from './metric.ts';
import { type MetricNameOf, metricFacts } from './metric-facts.ts';
import { sum } from './moments.ts';
import { meanOf, type Pointwise, standardErrorOf } from './pointwise.ts';
import type { MulticlassPredictions } from './predictions.ts';
import { ratio, sumOf } from './sums.ts';

/** The metrics of a multiclass model. */
export const multiclassMetrics: Readonly<
  Record<MetricNameOf<'multiclass'>, Metric<MulticlassPredictions, ClassCounts>>
> = {
  logLoss: {
    measure(predictions) {
      const loss = logLoss(predictions);
      return normalInterval(loss.value, standardErrorOf(loss), metricFacts.multiclass.logLoss);
    },
    pointwise: logLoss,
    paired: null,
    ofCounts: ({ predicted, loss }) => ratio(loss, sumOf(predicted)),
  },
  accuracy: {
    measure(predictions) {
      const correct = correctness(predictions);
      return wilsonInterval(sum(correct), correct.length);
    },
    pointwise: (predictions) => meanOf(correctness(predictions)),
    paired: null,
    ofCounts: ({ predicted, right }) => ratio(sumOf(right), sumOf(predicted)),
  },
  macroPrecision: macro('macroPrecision'),
  macroRecall: macro('macroRecall'),
  macroF1: macro('macroF1'),
};

function macro(metric: MacroMetric): Metric<MulticlassPredictions, ClassCounts> {
  return {
    measure(predictions) {
      const average = macroAverage(metric, predictions);
      return normalInterval(average.value, standardErrorOf(average), metricFacts.multiclass[metric]);
    },
    pointwise: (predictions) => macroAverage(metric, predictions),
    paired: null,
    ofCounts: (counts) => expectedMacroAverage(counts, denominatorWeights[metric]),
  };
}

/**
 * Rows by true class (down) and predicted class (across). The last row and column are for a class that the model does not
 * know: it occurs but is never predicted.
 */
export function confusionMatrix(predictions: MulticlassPredictions): number[][] {
  const size = predictions.classes + 1;
  const matrix = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  const predicted = predictedClasses(predictions);
  classIndices(predictions).forEach((truth, row) => {
    const cells = matrix[truth];
    const column = predicted[row];
    if (cells && column !== undefined) cells[column] = (cells[column] ?? 0) + 1;
  });
  return matrix;
}

type MacroMetric = 'macroPrecision' | 'macroRecall' | 'macroF1';

/**
 * How many times a class's predictions and its occurrences count in the denominator of each metric. With T occurrences and P
 * predictions of the class, TP of them right: precision = TP/P, recall = TP/T, F1 = TP/((P+T)/2).
 */
const denominatorWeights: Record<MacroMetric, { readonly predicted: number; readonly occurring: number }> = {
  macroPrecision: { predicted: 1, occurring: 0 },
  macroRecall: { predicted: 0, occurring: 1 },
  macroF1: { predicted: 0.5, occurring: 0.5 },
};

/**
 * Unweighted mean over the classes that occur or are predicted; 0 for a class without denominator. Each class is a ratio of
 * sums over rows, so a row moves the mean through its true class and its predicted class only.
 */
function macroAverage(metric: MacroMetric, predictions: MulticlassPredictions): Pointwise {
  const weights = denominatorWeights[metric];
  const truth = classIndices(predictions);
  const predicted = predictedClasses(predictions);
  const rows = truth.length;
  const classes = countClasses(truth, predicted, predictions.classes + 1).map(
    ({ occurring, predicted: times, right }) => {
      const denominator = weights.predicted * times + weights.occurring * occurring;
      return { present: occurring + times > 0, right, denominator };
    },
  );
  const present = classes.filter((each) => each.present).length;
  const ratios = classes.map(({ right, denominator }) => (denominator === 0 ? 0 : right / denominator));
  const perRow = classes.map(({ denominator }) => (denominator === 0 ? 0 : rows / denominator / present));

  const influence = truth.map((ofTruth, row) => {
    const ofPrediction = predicted[row] ?? 0;
    const right = ofTruth === ofPrediction ? 1 : 0;
    const throughTruth = right - weights.occurring * (ratios[ofTruth] ?? 0);
    const throughPrediction = -weights.predicted * (ratios[ofPrediction] ?? 0);
    return throughTruth * (perRow[ofTruth] ?? 0) + throughPrediction * (perRow[ofPrediction] ?? 0);
  });
  return { value: ratios.reduce((total, ratio) => total + ratio, 0) / present, influence };
}

function countClasses(truth: Float64Array, predicted: Float64Array, size: number) {
  const counts = Array.from({ length: size }, () => ({ occurring: 0, predicted: 0, right: 0 }));
  truth.forEach((ofTruth, row) => {
    const occurring = counts[ofTruth];
    const guessed = counts[predicted[row] ?? 0];
    if (occurring) occurring.occurring += 1;
    if (guessed) guessed.predicted += 1;
    if (occurring && occurring === guessed) occurring.right += 1;
  });
  return counts;
}

function correctness(predictions: MulticlassPredictions): Float64Array {
  const predicted = predictedClasses(predictions);
  return classIndices(predictions).map((truth, row) => (truth === predicted[row] ? 1 : 0));
}

/** True classes, with the unknown one after the known. */
function classIndices({ labels, classes }: MulticlassPredictions): Float64Array {
  return labels.map((label) => (label < 0 ? classes : label));
}

/** The most probable class; of equals the first. */
function predictedClasses({ labels, classes, probabilities }: MulticlassPredictions): Float64Array {
  return labels.map((_, row) => {
    const ofRow = probabilities.subarray(row * classes, (row + 1) * classes);
    return ofRow.indexOf(Math.max(...ofRow));
  });
}
