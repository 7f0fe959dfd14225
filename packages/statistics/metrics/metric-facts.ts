import type { ProblemType } from './metric-names.ts';

/** What there is to know of a metric before anything is computed. */
export interface MetricFacts {
  /** Which end is good. */
  readonly better: 'higher' | 'lower';
  /** Where the metric can lie; `null`: no limit on that side. */
  readonly lowest: number | null;
  readonly highest: number | null;
  /** How it is computed and where its interval comes from, as an evaluation states it. */
  readonly method: string;
}

/** At or above this probability a binary model is taken to say yes. Stated in every evaluation. */
export const decisionThreshold = 0.5;
/** Equal bins of the probability between which calibration is compared. */
export const calibrationBins = 10;

const share = { better: 'higher', lowest: 0, highest: 1 } as const;
const boundedLoss = { better: 'lower', lowest: 0, highest: 1 } as const;
const loss = { better: 'lower', lowest: 0, highest: null } as const;

const wilson = "Wilson's score interval";
const ofMean = 'normal interval of the mean over rows';
const delta = 'normal interval by the delta method';
const logLoss = {
  ...loss,
  method: `mean of -ln of the probability given to the true class, at least 1e-15; ${ofMean}`,
};
const accuracy = { ...share, method: `share of rows predicted right; ${wilson}` };

/**
 * The metrics of each kind of problem: the one list of them. A metric that is added here does not compile until the file of its problem
 * (`binary.ts`, `multiclass.ts`, `regression.ts`) computes it.
 */
export const metricFacts = {
  binary: {
    auc: { ...share, method: "area under the ROC curve, ties counting half; DeLong's interval" },
    logLoss,
    accuracy,
    precision: {
      ...share,
      method: `share of true among predicted positives (probability at least ${decisionThreshold}); ${wilson}`,
    },
    recall: {
      ...share,
      method: `share of positives found (probability at least ${decisionThreshold}); ${wilson}`,
    },
    f1: {
      ...share,
      method: `harmonic mean of precision and recall; ${wilson} of the Jaccard index J, as F1 = 2J / (1 + J)`,
    },
    brier: { ...boundedLoss, method: `mean squared difference of probability and truth; ${ofMean}` },
    calibrationError: {
      ...boundedLoss,
      method:
        `expected calibration error over ${calibrationBins} equal bins of the probability; conservative interval from the ` +
        'sampling spread of all bins together, by seeded simulation',
    },
  },
  multiclass: {
    logLoss,
    accuracy,
    macroPrecision: { ...share, method: `mean over classes, 0 for one never predicted; ${delta}` },
    macroRecall: { ...share, method: `mean over classes, 0 for one that never occurs; ${delta}` },
    macroF1: { ...share, method: `mean over classes of F1; ${delta}` },
  },
  regression: {
    rmse: { ...loss, method: `root of the mean squared error, in the target's unit; ${delta}` },
    mae: { ...loss, method: `mean absolute error, in the target's unit; ${ofMean}` },
    // 1 less the ratio of two sums of squares, which has no upper limit.
    r2: {
      better: 'higher',
      lowest: null,
      highest: 1,
      method: `share of the hold-out's variance explained; ${delta}`,
    },
    mape: {
      ...loss,
      method: `mean of |error / truth| as a share, over the rows whose truth is not 0, unreliable where it comes near 0; ${delta}`,
    },
  },
} as const satisfies Record<ProblemType, Readonly<Record<string, MetricFacts>>>;

export type MetricNameOf<P extends ProblemType> = keyof (typeof metricFacts)[P];
export type MetricName = { [P in ProblemType]: MetricNameOf<P> }[ProblemType];

/** Names of a problem's metrics, in the order in which they are reported. */
export function metricNamesOf(problem: ProblemType): readonly string[] {
  return Object.keys(metricFacts[problem]);
}

/** Whether `name` is a metric of the problem. */
export function isMetricOf<P extends ProblemType>(
  problem: P,
  name: string,
): name is MetricNameOf<P> & MetricName {
  return Object.hasOwn(metricFacts[problem], name);
}

/** Facts of the metric if the problem has it. */
export function metricFactsOf(problem: ProblemType, metric: string): MetricFacts | undefined {
  const facts: Readonly<Record<string, MetricFacts>> = metricFacts[problem];
  return Object.hasOwn(facts, metric) ? facts[metric] : undefined;
}
