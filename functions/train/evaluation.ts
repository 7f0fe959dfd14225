import { unreachable } from '@tidemark/domain/errors.ts';
import { confusion } from '@tidemark/statistics/metrics/binary.ts';
import { compare } from '@tidemark/statistics/metrics/comparison.ts';
import { guess } from '@tidemark/statistics/metrics/guess.ts';
import { metricFigure } from '@tidemark/statistics/metrics/improvement-sentence.ts';
import { reportedConfidence } from '@tidemark/statistics/metrics/interval.ts';
import { measure } from '@tidemark/statistics/metrics/measure.ts';
import { type MetricEstimates, mainMetric } from '@tidemark/statistics/metrics/metric.ts';
import { decisionThreshold, isMetricOf, metricFactsOf } from '@tidemark/statistics/metrics/metric-facts.ts';
import { confusionMatrix } from '@tidemark/statistics/metrics/multiclass.ts';
import type { Predictions } from '@tidemark/statistics/metrics/predictions.ts';
import { rowsWithoutMape } from '@tidemark/statistics/metrics/regression.ts';
import { counted } from '@tidemark/statistics/sentence.ts';
import { applyGates, type ChampionComparison, guessConfidence } from './apply-gates.ts';
import { warningsFirst } from './column-findings.ts';
import type { Evaluation } from './evaluation.schema.ts';
import type { Holdout } from './holdout.ts';
import type { Preparation } from './preparation.schema.ts';
import { measureSegments } from './segments.ts';

/** What a model and, if it can be compared, the live version said about the hold-out. */
export interface ScoredHoldout {
  readonly challenger: Predictions;
  readonly champion: Predictions | null;
  readonly segments: Holdout['segments'];
}

/** Measures and judges a model. Pure: the same scores always give the same evaluation. */
export function evaluateHoldout(preparation: Preparation, scored: ScoredHoldout): Evaluation {
  const { definition } = preparation;
  const { problem, gates } = definition;
  const { challenger } = scored;
  const rows = challenger.labels.length;
  const metrics = measure(challenger);
  const guessed = guess(challenger, preparation.trainingLabels);
  const champion = compareWithChampion(preparation, scored);
  return {
    schemaVersion: 1,
    model: preparation.model,
    runId: preparation.runId,
    datasetId: preparation.dataset.datasetId,
    problem,
    headline: headline(metrics, problem, rows),
    rows,
    confidence: reportedConfidence,
    decisionThreshold: problem === 'binary' ? decisionThreshold : null,
    metrics: { ...metrics },
    methods: Object.fromEntries(
      Object.keys(metrics).flatMap((name) => {
        const facts = metricFactsOf(problem, name);
        return facts ? [[name, facts.method]] : [];
      }),
    ),
    guess: { what: guessSentence(problem), metrics: valuesOf(measure(guessed)) },
    confusion: confusionOf(challenger, preparation.classes),
    segments: measureSegments(challenger, scored.segments),
    comparison: champion.recorded,
    gates: applyGates({
      problem,
      gates,
      metrics,
      rows,
      overGuess: compare(mainMetric[problem], challenger, guessed, guessConfidence),
      champion: champion.decided,
      unreadTexts: preparation.unreadTexts,
    }),
    notes: [...preparation.notes, ...columnNotes(preparation), ...mapeNotes(challenger)],
    warnings: preparation.findings.filter(({ level }) => level === 'warning').map(({ sentence }) => sentence),
    columns: warningsFirst(preparation.findings),
    unreadTexts: preparation.unreadTexts,
    positive: positiveOf(preparation),
  };
}

function columnNotes({ findings }: Preparation): string[] {
  return findings.filter(({ level }) => level === 'note').map(({ sentence }) => sentence);
}

function positiveOf({ definition: { problem, target }, classes }: Preparation): Evaluation['positive'] {
  const label = classes[1];
  if (problem !== 'binary' || label === undefined) return null;
  const isSaid = 'positive' in target || 'above' in target;
  return { label, decidedBy: isSaid ? 'definition' : 'order' };
}

function compareWithChampion(
  { champion, definition: { problem, gates } }: Preparation,
  scored: ScoredHoldout,
): { decided: ChampionComparison; recorded: Evaluation['comparison'] } {
  if (champion.kind !== 'comparable' || scored.champion === null) {
    const decided: ChampionComparison = champion.kind === 'incomparable' ? champion : { kind: 'none' };
    return { decided, recorded: null };
  }
  const { version } = champion;
  const { confidence } = gates.champion;
  const metric = gates.champion.metric ?? mainMetric[problem];
  const improvement = isMetricOf(problem, metric)
    ? compare(metric, scored.challenger, scored.champion, confidence)
    : undefined;
  return {
    decided: { kind: 'compared', version, metric, improvement },
    recorded: {
      version,
      metrics: { ...measure(scored.champion) },
      metric,
      improvement: improvement ? { ...improvement, confidence } : null,
    },
  };
}

function headline(metrics: MetricEstimates, problem: Evaluation['problem'], rows: number): string {
  const metric = mainMetric[problem];
  const estimate = metrics[metric];
  if (!estimate) return `${metric} is undefined on the ${counted(rows, 'hold-out row')}.`;
  const { value, low, high } = estimate;
  return `${metric} ${metricFigure(value)} (${metricFigure(low)} to ${metricFigure(high)}) on ${counted(rows, 'hold-out row')}.`;
}

function guessSentence(problem: Evaluation['problem']): string {
  return problem === 'regression'
    ? 'The mean of the training rows, for every row.'
    : 'The shares of the classes among the training rows, for every row.';
}

function valuesOf(metrics: MetricEstimates): Record<string, number> {
  return Object.fromEntries(Object.entries(metrics).map(([name, { value }]) => [name, value]));
}

function confusionOf(predictions: Predictions, classes: readonly string[]): Evaluation['confusion'] {
  switch (predictions.problem) {
    case 'regression':
      return null;
    case 'multiclass':
      return { classes: [...classes, '(another)'], rows: confusionMatrix(predictions) };
    case 'binary': {
      const { trueNegatives, falsePositives, falseNegatives, truePositives } = confusion(predictions);
      return {
        classes: [...classes],
        rows: [
          [trueNegatives, falsePositives],
          [falseNegatives, truePositives],
        ],
      };
    }
    default:
      return unreachable(predictions);
  }
}

function mapeNotes(predictions: Predictions): string[] {
  if (predictions.problem !== 'regression') return [];
  const without = rowsWithoutMape(predictions);
  return without === 0 ? [] : [`${without} hold-out rows whose truth is 0 are left out of mape.`];
}
