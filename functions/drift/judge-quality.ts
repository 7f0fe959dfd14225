import { type MetricFacts, metricFactsOf } from '../definition/metric-facts.ts';
import { InvariantError } from '../errors.ts';
import { normalInterval } from '../metrics/interval.ts';
import { isMetricOf, type MetricName } from '../metrics/metric.ts';
import type { Predictions } from '../metrics/predictions.ts';
import { sumOf } from './contingency.ts';
import { type Drop, dropFromEstimate, dropFromMeasurement } from './drop.ts';
import { estimateQuality } from './estimate-quality.ts';
import { measureMetric } from './measure-metric.ts';
import {
  type QualityBaseline,
  type QualityJudgement,
  type QualityPolicy,
  type QualityPolicyInput,
  qualityPolicySchema,
} from './quality.schema.ts';
import { qualitySentence } from './quality-sentence.ts';
import { reconcile } from './reconcile.ts';

export { calibrationOf } from './calibration.ts';
export { measureMetric } from './measure-metric.ts';
export { reconcile } from './reconcile.ts';

/** What is known of a window's quality. */
export interface QualityEvidence {
  /** Predictions whose labels have arrived, in the problem's form. */
  readonly labelled?: Predictions;
  /** Rows by bin of the prediction, on the calibration's edges, of all predictions of the window. */
  readonly predictionCounts?: readonly number[];
}

/**
 * Whether the model still predicts as well as when it was judged: by labels if there are enough, otherwise by its scores.
 *
 * Degraded is what has become worse significantly **and** by at least `maximumDrop` of what the version was better than a guess.
 * The same arguments give the same judgement, bit by bit.
 *
 * @throws InvariantError if the baseline's metric is not one of the problem.
 */
export function judgeQuality(
  baseline: QualityBaseline,
  evidence: QualityEvidence,
  policyInput: QualityPolicyInput,
): QualityJudgement {
  const policy = qualityPolicySchema.parse(policyInput);
  const judgement = { ...judge(baseline, evidence, policy), policy };
  return { ...judgement, sentence: qualitySentence(judgement) };
}

const nothing = { basis: 'nothing', verdict: 'insufficient-data', isClear: false } as const;

function judge(
  baseline: QualityBaseline,
  evidence: QualityEvidence,
  policy: QualityPolicy,
): Omit<QualityJudgement, 'sentence' | 'policy'> {
  const { value, guess, standardError, rows } = baseline;
  const allowedDrop = policy.maximumDrop * Math.abs(value - guess);
  const base = {
    version: 1,
    metric: baseline.metric,
    baseline: { value, guess, standardError, rows },
    allowedDrop,
  } as const;
  const { metric, facts } = metricOf(baseline, evidence);
  if (!metric || !facts) return { ...base, ...nothing };
  const measured = measuredOf(metric, evidence, policy);
  const estimated = estimatedOf(baseline, metric, evidence, policy);
  const found = {
    ...(measured && { measured: { ...measured, ...intervalOf(measured, facts) } }),
    ...(estimated && { estimated }),
    ...(measured && estimated && { reconciliation: reconcile(estimated, measured) }),
  };
  if (measured) {
    const drop = dropFromMeasurement(baseline, measured, facts);
    return { ...base, basis: 'measured', ...verdictOf(drop, allowedDrop, policy), ...found };
  }
  if (estimated) {
    const drop = dropFromEstimate(baseline, estimated, facts);
    return { ...base, basis: 'estimated', ...verdictOf(drop, allowedDrop, policy), ...found };
  }
  return { ...base, ...nothing };
}

/** Without labels and without calibration the problem is not known, and nothing can be said anyway. */
function metricOf(
  { metric, calibration }: QualityBaseline,
  { labelled }: QualityEvidence,
): { readonly metric?: MetricName; readonly facts?: MetricFacts | undefined } {
  const problem = labelled?.problem ?? calibration?.problem;
  if (problem === undefined) return {};
  if (isMetricOf(problem, metric)) return { metric, facts: metricFactsOf(problem, metric) };
  throw new InvariantError(`The baseline's metric ${metric} is not one of a ${problem} model.`);
}

function measuredOf(metric: MetricName, { labelled }: QualityEvidence, { minimumLabels }: QualityPolicy) {
  if (!labelled || labelled.labels.length < minimumLabels) return undefined;
  return measureMetric(metric, labelled);
}

function estimatedOf(
  baseline: QualityBaseline,
  metric: MetricName,
  { predictionCounts }: QualityEvidence,
  { minimumRows, seed }: QualityPolicy,
) {
  if (!predictionCounts || sumOf(predictionCounts) < minimumRows) return undefined;
  return estimateQuality(baseline, metric, predictionCounts, seed);
}

function intervalOf({ value, standardError }: { value: number; standardError: number }, facts: MetricFacts) {
  return normalInterval(value, standardError, facts);
}

function verdictOf({ drop, p, convention }: Drop, allowedDrop: number, { alpha, clearShare }: QualityPolicy) {
  const isWorseBy = (share: number) => p <= alpha && drop > 0 && drop >= share * allowedDrop;
  return {
    verdict: isWorseBy(1) ? 'degraded' : 'healthy',
    isClear: !isWorseBy(clearShare),
    drop,
    p,
    convention,
  } as const;
}
