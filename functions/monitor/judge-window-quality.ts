import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import type { Baseline } from '@tidemark/domain/windows/baseline.schema.ts';
import { labelledPredictions } from '@tidemark/domain/windows/labelled-sample.ts';
import type { LabelledPrediction, WindowFacts } from '@tidemark/domain/windows/window-facts.schema.ts';
import { alphaPerWindow } from '@tidemark/statistics/drift/alpha.ts';
import { judgeQuality, measureMetric, reconcile } from '@tidemark/statistics/drift/judge-quality.ts';
import type {
  EstimatedMetric,
  QualityBaseline,
  QualityJudgement,
} from '@tidemark/statistics/drift/quality.schema.ts';
import { seedOf } from '@tidemark/statistics/drift/seed.ts';
import { measure } from '@tidemark/statistics/metrics/measure.ts';
import type { MetricEstimates } from '@tidemark/statistics/metrics/metric.ts';
import { isMetricOf } from '@tidemark/statistics/metrics/metric-facts.ts';
import { alarmBudget } from './alarm-budget.ts';
import type { PastWindow, SettledEstimate, WindowReport } from './report.schema.ts';

/** Everything that a report says of quality. */
export type ReportedQuality = Pick<
  WindowReport,
  'quality' | 'metrics' | 'segmentQuality' | 'settledEstimates'
>;

/** A window as far as its quality is concerned. */
export interface QualityToJudge {
  readonly definition: Definition;
  readonly windowId: string;
  readonly version: number;
  readonly baseline: Baseline;
  readonly window: WindowFacts;
  readonly history: readonly PastWindow[];
}

/** Fewer labels give intervals so wide that the numbers between them mislead; as evaluations have it. */
const minimumSegmentLabels = 100;

/** Judges quality by the labels that arrived, or by the scores where there are too few, and looks back at earlier estimates. */
export function judgeWindowQuality(input: QualityToJudge): ReportedQuality {
  const { baseline, window } = input;
  const { kept } = window.labelled;
  const quality = withoutReconciliation(judge(input));
  return {
    quality,
    metrics:
      quality.measured === undefined
        ? null
        : {
            window: { ...measure(labelledPredictions(baseline.plan.problem, kept)) },
            baseline: baseline.quality.metrics,
          },
    segmentQuality: segmentQuality(baseline, kept),
    settledEstimates: settledEstimates(input, quality),
  };
}

function judge({
  definition,
  windowId,
  version,
  baseline,
  window,
  history,
}: QualityToJudge): QualityJudgement {
  const { monitoring } = definition;
  const { kept } = window.labelled;
  return judgeQuality(
    qualityBaseline(baseline),
    {
      ...(kept.length > 0 && { labelled: labelledPredictions(baseline.plan.problem, kept) }),
      ...(window.predictionCounts && { predictionCounts: window.predictionCounts }),
      earlier: earlierWindows(history, version, baseline.quality.metric),
    },
    {
      alpha: alphaPerWindow(alarmBudget(monitoring)).quality,
      maximumDrop: monitoring.quality.maximumDrop,
      minimumLabels: monitoring.quality.minimumLabels,
      minimumRows: monitoring.minimumRows,
      seed: seedOf(windowId),
    },
  );
}

/** What earlier windows of the version say of how much windows differ. One that had degraded is not an unchanged window. */
function earlierWindows(history: readonly PastWindow[], version: number, metric: string) {
  const unchanged = history.filter(
    (past) => past.version === version && past.metric === metric && past.quality !== 'degraded',
  );
  return {
    measured: unchanged.flatMap(({ measured }) => (measured ? [measured] : [])),
    estimated: unchanged.flatMap(({ estimated }) => (estimated ? [estimated] : [])),
  };
}

function qualityBaseline({ quality }: Baseline): QualityBaseline {
  const { metric, value, standardError, rows, guess, calibration, blocks } = quality;
  return { metric, value, standardError, rows, guess, blocks, ...(calibration && { calibration }) };
}

/** Labels that arrive in a window are of earlier predictions as a rule: its own estimate is not comparable with them. */
function withoutReconciliation({ reconciliation: _, ...judgement }: QualityJudgement): QualityJudgement {
  return judgement;
}

function segmentQuality(
  { plan, quality }: Baseline,
  kept: readonly LabelledPrediction[],
): WindowReport['segmentQuality'] {
  return plan.segments.flatMap(({ column, values }, index) =>
    values.flatMap((value) => {
      const rows = kept.filter(({ segments }) => segments[index] === value);
      if (rows.length < minimumSegmentLabels) return [];
      const window = estimateOf(quality.metric, measure(labelledPredictions(plan.problem, rows)));
      if (!window) return [];
      const ofColumn = quality.segments.find((segment) => segment.column === column);
      const before = ofColumn?.values.find((segment) => segment.value === value);
      const baseline = before?.metrics?.[quality.metric] ?? null;
      return [{ column, value, labels: rows.length, window, baseline }];
    }),
  );
}

function estimateOf(metric: string, metrics: MetricEstimates) {
  return new Map(Object.entries(metrics)).get(metric);
}

/** Compares each window's estimate with the labels of its predictions that arrived now, where they are enough. */
function settledEstimates(
  { definition, windowId, version, baseline, window, history }: QualityToJudge,
  { metric, estimated }: QualityJudgement,
): SettledEstimate[] {
  const { problem } = baseline.plan;
  if (!isMetricOf(problem, metric)) return [];
  const estimates = new Map<string, EstimatedMetric>();
  for (const past of history) {
    if (past.version === version && past.estimated) estimates.set(past.windowId, past.estimated);
  }
  if (estimated) estimates.set(windowId, estimated);
  return [...estimates].flatMap(([madeIn, estimate]) => {
    const rows = window.labelled.kept.filter((labelled) => labelled.windowId === madeIn);
    if (rows.length < definition.monitoring.quality.minimumLabels) return [];
    const measured = measureMetric(metric, labelledPredictions(problem, rows));
    if (!measured || estimate.metric !== metric) return [];
    return [{ ...reconcile(estimate, measured), windowId: madeIn, labels: rows.length }];
  });
}
