import type { metricNames, Problem } from './metric-names.ts';

/** Where a metric can lie and which end is good. `null`: no limit on that side. */
export interface MetricFacts {
  readonly better: 'higher' | 'lower';
  readonly lowest: number | null;
  readonly highest: number | null;
}

const share: MetricFacts = { better: 'higher', lowest: 0, highest: 1 };
const boundedLoss: MetricFacts = { better: 'lower', lowest: 0, highest: 1 };
const loss: MetricFacts = { better: 'lower', lowest: 0, highest: null };

export const metricFacts = {
  binary: {
    auc: share,
    logLoss: loss,
    accuracy: share,
    precision: share,
    recall: share,
    f1: share,
    brier: boundedLoss,
    calibrationError: boundedLoss,
  },
  multiclass: {
    logLoss: loss,
    accuracy: share,
    macroPrecision: share,
    macroRecall: share,
    macroF1: share,
  },
  regression: {
    rmse: loss,
    mae: loss,
    // 1 less the ratio of two sums of squares, which has no upper limit.
    r2: { better: 'higher', lowest: null, highest: 1 },
    mape: loss,
  },
} as const satisfies { [P in Problem]: Record<(typeof metricNames)[P][number], MetricFacts> };

/** Facts of the metric if the problem has it. */
export function metricFactsOf(problem: Problem, metric: string): MetricFacts | undefined {
  const facts: Readonly<Record<string, MetricFacts>> = metricFacts[problem];
  return Object.hasOwn(facts, metric) ? facts[metric] : undefined;
}
