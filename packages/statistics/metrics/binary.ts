import { auc } from './auc.ts';
import { calibrationError } from './calibration.ts';
import { normalInterval, wilsonInterval } from './interval.ts';
import { logLoss } from './log-loss.ts';
import { decisionThreshold, type MetricEstimates, type MetricName } from './metric.ts';
import { metricFacts } from './metric-facts.ts';
import { meanOf, type Pointwise, ratioOf, standardErrorOf } from './pointwise.ts';
import type { BinaryPredictions } from './predictions.ts';

/** Every metric of a binary model, with its interval. */
export function binaryMetrics(predictions: BinaryPredictions): MetricEstimates {
  const { truePositives, falsePositives, falseNegatives, trueNegatives } = confusion(predictions);
  const loss = logLoss(predictions);
  const squared = brier(predictions);
  const area = auc(predictions);
  return {
    ...(area && { auc: area }),
    logLoss: normalInterval(loss.value, standardErrorOf(loss), metricFacts.binary.logLoss),
    accuracy: wilsonInterval(truePositives + trueNegatives, predictions.labels.length),
    precision: wilsonInterval(truePositives, truePositives + falsePositives),
    recall: wilsonInterval(truePositives, truePositives + falseNegatives),
    f1: f1Interval(truePositives, falsePositives + falseNegatives),
    brier: normalInterval(squared.value, standardErrorOf(squared), metricFacts.binary.brier),
    calibrationError: calibrationError(predictions),
  };
}

/**
 * A binary metric with its influence per row, for paired comparison. AUC has a method of its own (`aucDifference`) and the
 * calibration error, a sum of absolute values, has none: both are `undefined` here, as is a ratio without denominator.
 */
export function binaryPointwise(metric: MetricName, predictions: BinaryPredictions): Pointwise | undefined {
  const { labels } = predictions;
  const positive = decisions(predictions);
  const hit = positive.map((each, row) => each * (labels[row] ?? 0));
  switch (metric) {
    case 'logLoss':
      return logLoss(predictions);
    case 'brier':
      return brier(predictions);
    case 'accuracy':
      return meanOf(positive.map((each, row) => (each === labels[row] ? 1 : 0)));
    case 'precision':
      return ratioOf(hit, positive);
    case 'recall':
      return ratioOf(hit, labels);
    case 'f1':
      return ratioOf(
        hit.map((each) => 2 * each),
        positive.map((each, row) => each + (labels[row] ?? 0)),
      );
    default:
      return undefined;
  }
}

/** Mean squared difference of probability and truth (Brier, Monthly Weather Review 78, 1950), for one of the two classes. */
function brier({ labels, probabilities }: BinaryPredictions): Pointwise {
  return meanOf(probabilities.map((probability, row) => (probability - (labels[row] ?? 0)) ** 2));
}

/** 1 where the model says yes. */
function decisions({ probabilities }: BinaryPredictions): Float64Array {
  return probabilities.map((probability) => (probability >= decisionThreshold ? 1 : 0));
}

/** Rows by truth and decision. */
export function confusion(predictions: BinaryPredictions) {
  const counts = { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 };
  decisions(predictions).forEach((positive, row) => {
    const truth = predictions.labels[row] === 1;
    if (positive) counts[truth ? 'truePositives' : 'falsePositives'] += 1;
    else counts[truth ? 'falseNegatives' : 'trueNegatives'] += 1;
  });
  return counts;
}

/**
 * F1 is no proportion, but the Jaccard index J = TP / (TP + FP + FN) is, and F1 = 2J / (1 + J) rises with it: the bounds of
 * Wilson's interval for J map to bounds for F1 (Lam, "Confidence intervals for the F1 score", 2023, the indirect method).
 */
function f1Interval(truePositives: number, errors: number) {
  const { value, low, high } = wilsonInterval(truePositives, truePositives + errors);
  const fromJaccard = (jaccard: number) => (2 * jaccard) / (1 + jaccard);
  return { value: fromJaccard(value), low: fromJaccard(low), high: fromJaccard(high) };
}
