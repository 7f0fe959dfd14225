import type { Estimate } from './estimate.schema.ts';
import { metricNames, type Problem } from './metric-names.ts';

export type MetricName = (typeof metricNames)[Problem][number];

/** Metrics that could be computed, each with its interval. One that is undefined for the rows is absent. */
export type MetricEstimates = Partial<Record<MetricName, Estimate>>;

/** The metric that a problem is judged by when the definition names none. */
export const mainMetric = {
  binary: 'auc',
  multiclass: 'logLoss',
  regression: 'rmse',
} as const satisfies Record<Problem, MetricName>;

const wilson = "Wilson's score interval";
const ofMean = 'normal interval of the mean over rows';
const delta = 'normal interval by the delta method';

/** At or above this probability a binary model is taken to say yes. Stated in every evaluation. */
export const decisionThreshold = 0.5;
/** Equal bins of the probability between which calibration is compared. */
export const calibrationBins = 10;

/** How each metric is computed and where its interval comes from, as the evaluation states it. */
export const metricMethods: Readonly<Record<MetricName, string>> = {
  auc: "area under the ROC curve, ties counting half; DeLong's interval",
  logLoss: `mean of -ln of the probability given to the true class, at least 1e-15; ${ofMean}`,
  accuracy: `share of rows predicted right; ${wilson}`,
  precision: `share of true among predicted positives (probability at least ${decisionThreshold}); ${wilson}`,
  recall: `share of positives found (probability at least ${decisionThreshold}); ${wilson}`,
  f1: `harmonic mean of precision and recall; ${wilson} of the Jaccard index J, as F1 = 2J / (1 + J)`,
  brier: `mean squared difference of probability and truth; ${ofMean}`,
  calibrationError:
    `expected calibration error over ${calibrationBins} equal bins of the probability; conservative interval from the ` +
    'sampling spread of all bins together, by seeded simulation',
  macroPrecision: `mean over classes, 0 for one never predicted; ${delta}`,
  macroRecall: `mean over classes, 0 for one that never occurs; ${delta}`,
  macroF1: `mean over classes of F1; ${delta}`,
  rmse: `root of the mean squared error, in the target's unit; ${delta}`,
  mae: `mean absolute error, in the target's unit; ${ofMean}`,
  r2: `share of the hold-out's variance explained; ${delta}`,
  mape: `mean of |error / truth| as a share, over the rows whose truth is not 0, unreliable where it comes near 0; ${delta}`,
};

/** Whether `name` is a metric of the problem. */
export function isMetricOf(problem: Problem, name: string): name is MetricName {
  const names: readonly string[] = metricNames[problem];
  return names.includes(name);
}
