import { auc, aucDifference, aucWithError } from './auc.ts';
import { calibrationError } from './calibration-error.ts';
import type { Estimate } from './estimate.schema.ts';
import {
  expectedArea,
  expectedBrier,
  expectedConfusion,
  expectedLogLoss,
  type ScoreBin,
} from './expected-scores.ts';
import { normalInterval, wilsonInterval } from './interval.ts';
import { logLoss } from './log-loss.ts';
import type { Metric } from './metric.ts';
import { decisionThreshold, type MetricFacts, type MetricNameOf, metricFacts } from './metric-facts.ts';
import { meanOf, type Pointwise, ratioOf, standardErrorOf } from './pointwise.ts';
import type { BinaryPredictions } from './predictions.ts';
import { ratio } from './sums.ts';

/** The metrics of a binary model. */
export const binaryMetrics: Readonly<
  Record<MetricNameOf<'binary'>, Metric<BinaryPredictions, readonly ScoreBin[]>>
> = {
  auc: {
    measure: auc,
    pointwise: null,
    paired: { withError: aucWithError, difference: aucDifference },
    ofCounts: expectedArea,
  },
  logLoss: {
    measure: (predictions) => ofMean(logLoss(predictions), metricFacts.binary.logLoss),
    pointwise: logLoss,
    paired: null,
    ofCounts: expectedLogLoss,
  },
  accuracy: {
    measure(predictions) {
      const { truePositives, trueNegatives } = confusion(predictions);
      return wilsonInterval(truePositives + trueNegatives, predictions.labels.length);
    },
    pointwise: (predictions) =>
      meanOf(decisions(predictions).map((each, row) => (each === predictions.labels[row] ? 1 : 0))),
    paired: null,
    ofCounts(bins) {
      const { falsePositives, falseNegatives, rows } = expectedConfusion(bins);
      return rows === 0 ? undefined : 1 - (falsePositives + falseNegatives) / rows;
    },
  },
  precision: {
    measure(predictions) {
      const { truePositives, falsePositives } = confusion(predictions);
      return wilsonInterval(truePositives, truePositives + falsePositives);
    },
    pointwise: (predictions) => ratioOf(hits(predictions), decisions(predictions)),
    paired: null,
    ofCounts(bins) {
      const { truePositives, falsePositives } = expectedConfusion(bins);
      return ratio(truePositives, truePositives + falsePositives);
    },
  },
  recall: {
    measure(predictions) {
      const { truePositives, falseNegatives } = confusion(predictions);
      return wilsonInterval(truePositives, truePositives + falseNegatives);
    },
    pointwise: (predictions) => ratioOf(hits(predictions), predictions.labels),
    paired: null,
    ofCounts(bins) {
      const { truePositives, falseNegatives } = expectedConfusion(bins);
      return ratio(truePositives, truePositives + falseNegatives);
    },
  },
  f1: {
    measure(predictions) {
      const { truePositives, falsePositives, falseNegatives } = confusion(predictions);
      return f1Interval(truePositives, falsePositives + falseNegatives);
    },
    pointwise: (predictions) =>
      ratioOf(
        hits(predictions).map((each) => 2 * each),
        decisions(predictions).map((each, row) => each + (predictions.labels[row] ?? 0)),
      ),
    paired: null,
    ofCounts(bins) {
      const { truePositives, falsePositives, falseNegatives } = expectedConfusion(bins);
      return ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives);
    },
  },
  brier: {
    measure: (predictions) => ofMean(brier(predictions), metricFacts.binary.brier),
    pointwise: brier,
    paired: null,
    ofCounts: expectedBrier,
  },
  // A sum of absolute values over bins has no influence per row, and expected labels agree with the scores by their nature.
  calibrationError: { measure: calibrationError, pointwise: null, paired: null, ofCounts: null },
};

function ofMean(pointwise: Pointwise, facts: MetricFacts): Estimate {
  return normalInterval(pointwise.value, standardErrorOf(pointwise), facts);
}

/** Mean squared difference of probability and truth (Brier, Monthly Weather Review 78, 1950), for one of the two classes. */
function brier({ labels, probabilities }: BinaryPredictions): Pointwise {
  return meanOf(probabilities.map((probability, row) => (probability - (labels[row] ?? 0)) ** 2));
}

/** 1 where the model says yes. */
function decisions({ probabilities }: BinaryPredictions): Float64Array {
  return probabilities.map((probability) => (probability >= decisionThreshold ? 1 : 0));
}

/** 1 where the model says yes and is right. */
function hits(predictions: BinaryPredictions): Float64Array {
  return decisions(predictions).map((each, row) => each * (predictions.labels[row] ?? 0));
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
 * F1 is not a proportion, but the Jaccard index J = TP / (TP + FP + FN) is, and F1 = 2J / (1 + J) rises with it: the bounds of
 * Wilson's interval for J map to bounds for F1 (Lam, "Confidence intervals for the F1 score", 2023, the indirect method).
 */
function f1Interval(truePositives: number, errors: number) {
  const { value, low, high } = wilsonInterval(truePositives, truePositives + errors);
  const fromJaccard = (jaccard: number) => (2 * jaccard) / (1 + jaccard);
  return { value: fromJaccard(value), low: fromJaccard(low), high: fromJaccard(high) };
}
