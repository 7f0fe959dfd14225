import { InvariantError } from '../errors.ts';
import { normalInterval } from '../metrics/interval.ts';
import { isMetricOf, type MetricFacts, type MetricName, metricFactsOf } from '../metrics/metric-facts.ts';
import type { Predictions } from '../metrics/predictions.ts';
import { sumOf } from '../metrics/sums.ts';
import { type Drop, dropFromEstimate, dropFromMeasurement } from './drop.ts';
import { effectiveRows, estimateQuality } from './estimate-quality.ts';
import { measureMetric } from './measure-metric.ts';
import {
  type EstimatedMetric,
  type MeasuredMetric,
  type Measurement,
  type QualityBaseline,
  type QualityBaselineInput,
  type QualityJudgement,
  type QualityPolicy,
  type QualityPolicyInput,
  qualityBaselineSchema,
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
  /** What was measured, and estimated, of earlier windows of the same version that were not degraded. */
  readonly earlier?: {
    readonly measured: readonly Measurement[];
    readonly estimated: readonly EstimatedMetric[];
  };
}

/**
 * Whether the model still predicts as well as when it was judged: by labels if there are enough, otherwise by its scores.
 *
 * Degraded is what has become worse significantly, more than windows differ anyway, **and** by at least
 * `maximumDrop` of what the version is better than a guess.
 * The same arguments give the same judgement, bit by bit.
 *
 * @throws InvariantError if the baseline's metric is not one of the problem.
 */
export function judgeQuality(
  baselineInput: QualityBaselineInput,
  evidence: QualityEvidence,
  policyInput: QualityPolicyInput,
): QualityJudgement {
  const policy = qualityPolicySchema.parse(policyInput);
  const baseline = qualityBaselineSchema.parse(baselineInput);
  const judgement = { ...judge(baseline, evidence, policy), policy };
  return { ...judgement, sentence: qualitySentence(judgement) };
}

const nothing = { basis: 'nothing', verdict: 'insufficient-data', isClear: false } as const;

function judge(
  baseline: QualityBaseline,
  evidence: QualityEvidence,
  policy: QualityPolicy,
): Omit<QualityJudgement, 'sentence' | 'policy'> {
  const { metric, facts } = metricOf(baseline, evidence);
  if (!metric || !facts) return { ...known(baseline, evidence, undefined, policy), ...nothing };
  const measured = measuredOf(metric, evidence, policy);
  const estimated = estimatedOf(baseline, metric, evidence, policy);
  const found = {
    ...(measured && { measured: { ...measured, ...intervalOf(measured, facts) } }),
    ...estimated,
    ...(measured && estimated.estimated && { reconciliation: reconcile(estimated.estimated, measured) }),
  };
  const drop = dropOf(baseline, evidence, measured, estimated.estimated, facts);
  const base = known(baseline, evidence, drop, policy);
  if (!drop) return { ...base, ...nothing, ...found };
  const basis = measured ? 'measured' : 'estimated';
  return { ...base, basis, ...verdictOf(drop, base.allowedDrop, policy), ...found };
}

/** What is said of quality whatever the verdict. */
function known(
  { metric, value, guess, standardError, rows, blocks }: QualityBaseline,
  { earlier }: QualityEvidence,
  drop: Drop | undefined,
  { maximumDrop }: QualityPolicy,
) {
  const expected = drop?.expected ?? value;
  return {
    version: 1,
    metric,
    baseline: { value, guess, standardError, rows },
    expected: {
      value: expected,
      blocks: blocks.length,
      earlierWindows: earlier?.measured.length ?? 0,
      degreesOfFreedom: drop?.degreesOfFreedom ?? null,
    },
    allowedDrop: maximumDrop * Math.abs(expected - guess),
  } as const;
}

function dropOf(
  baseline: QualityBaseline,
  { earlier }: QualityEvidence,
  measured: MeasuredMetric | undefined,
  estimated: EstimatedMetric | undefined,
  facts: MetricFacts,
): Drop | undefined {
  if (measured) {
    const comparison = { baseline, blocks: baseline.blocks, earlier: earlier?.measured ?? [] };
    return dropFromMeasurement(comparison, measured, facts);
  }
  return estimated && dropFromEstimate(estimated, facts);
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

/** Few predictions say little, and so do many of which the hold-out has had few. */
function estimatedOf(
  baseline: QualityBaseline,
  metric: MetricName,
  { predictionCounts, earlier }: QualityEvidence,
  { minimumRows, seed }: QualityPolicy,
): Pick<QualityJudgement, 'estimated' | 'effectiveRows'> {
  const { calibration } = baseline;
  if (!calibration || !predictionCounts || sumOf(predictionCounts) < minimumRows) return {};
  const rows = effectiveRows(calibration.rows, predictionCounts);
  if (rows < minimumRows) return { effectiveRows: rows };
  const sources = { baseline, metric, predictionCounts, earlier: earlier?.estimated ?? [], seed };
  const estimated = estimateQuality(sources);
  return estimated ? { estimated } : {};
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
