import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import { yamlName } from '@tidemark/domain/definition/yaml-name.ts';
import { unreachable } from '@tidemark/domain/errors.ts';
import type { GateVerdict } from '@tidemark/domain/registry/records.schema.ts';
import type { Improvement } from '@tidemark/statistics/metrics/comparison.ts';
import { improvementSentence, metricFigure } from '@tidemark/statistics/metrics/improvement-sentence.ts';
import { type MetricEstimates, mainMetric } from '@tidemark/statistics/metrics/metric.ts';
import { isMetricOf } from '@tidemark/statistics/metrics/metric-facts.ts';
import type { ProblemType } from '@tidemark/statistics/metrics/metric-names.ts';
import { counted } from '@tidemark/statistics/sentence.ts';
import type { UnreadText } from './unread-text.schema.ts';

/**
 * One-sided confidence that a model beats a guess: the bound is then the lower end of the two-sided interval at 0.95, the one
 * that is reported.
 */
export const guessConfidence = 0.975;

const needsBetter = 'It passes if the whole interval is better.';

/** What the champion gate decides on. */
export type ChampionComparison =
  | { readonly kind: 'none' }
  | { readonly kind: 'incomparable'; readonly version: number; readonly reason: string }
  | {
      readonly kind: 'compared';
      readonly version: number;
      readonly metric: string;
      /** `undefined` if the metric has no paired test on these rows. */
      readonly improvement: Improvement | undefined;
    };

/** What the gates decide on. */
export interface GateFacts {
  readonly problem: ProblemType;
  readonly gates: Definition['gates'];
  readonly metrics: MetricEstimates;
  readonly rows: number;
  /** Over a guess, by the problem's main metric. */
  readonly overGuess: Improvement | undefined;
  readonly champion: ChampionComparison;
  readonly unreadTexts: readonly UnreadText[];
}

/** Every gate's verdict; a version is approved if all pass. */
export function applyGates(facts: GateFacts): GateVerdict[] {
  const absolute = Object.entries(facts.gates.absolute).map(([metric, limit]) =>
    limitVerdict(metric, limit, facts),
  );
  return [guessVerdict(facts), ...absolute, ...championVerdict(facts), ...textVerdict(facts)];
}

/**
 * Beating a guess alone does not do where words that the model does not read tell significantly more than all that it reads. A limit of the
 * owner's, or a live version that it holds its own against, says how good is good enough.
 */
function textVerdict({ gates, champion, metrics, unreadTexts }: GateFacts): GateVerdict[] {
  const othersDecide = Object.keys(gates.absolute).length > 0 || champion.kind === 'compared';
  const [best, ...others] = unreadTexts.toSorted((a, b) => b.low - a.low);
  if (best === undefined || othersDecide) return [];
  const model = Object.entries(metrics).find(([name]) => name === best.metric)?.[1];
  if (model === undefined) return [];
  const passed = best.low <= model.high;
  const reached = `The words of \`${best.column}\` alone reach ${best.metric} ${metricFigure(best.value)} (${metricFigure(best.low)} to ${metricFigure(best.high)}) on ${best.rows} validation rows`;
  const than = `the model, which does not read them, reaches ${metricFigure(model.value)} (${metricFigure(model.low)} to ${metricFigure(model.high)})`;
  const texts = [best, ...others].filter(({ low }) => low > model.high).map(({ column }) => column);
  return [
    verdict(
      'text-not-read',
      passed,
      passed
        ? `${reached}; ${than}: the words do not tell significantly more.`
        : `${reached}; ${than}: what tells the most is left out, and beating a guess does not show that the rest is enough. ` +
            `If it is, say so in the definition: \`features.exclude: [${texts.slice(0, 5).map(yamlName).join(', ')}]\`, or a limit in \`gates.absolute\`.`,
    ),
  ];
}

function guessVerdict({ problem, rows, overGuess }: GateFacts): GateVerdict {
  const gate = 'beats-a-guess';
  const metric = mainMetric[problem];
  if (!overGuess) {
    return verdict(
      gate,
      false,
      `${metric} is undefined on the ${counted(rows, 'hold-out row')}, so nothing shows that the model beats a guess.`,
    );
  }
  const on = `the ${counted(rows, 'hold-out row')}`;
  const compared = { problem, metric, on, other: 'a guess that knows only the training labels' };
  return verdict(
    gate,
    overGuess.atLeast > 0,
    `${improvementSentence(overGuess, guessConfidence, compared)} ${needsBetter}`,
  );
}

type Limit = Definition['gates']['absolute'][string];

function limitVerdict(metric: string, limit: Limit, { problem, metrics, rows }: GateFacts): GateVerdict {
  const estimate = isMetricOf(problem, metric) ? metrics[metric] : undefined;
  const [bound, asked] = 'atLeast' in limit ? ['at least', limit.atLeast] : ['at most', limit.atMost];
  if (!estimate) {
    return verdict(
      metric,
      false,
      `${metric} is undefined on the ${counted(rows, 'hold-out row')}; it must be ${bound} ${metricFigure(asked)}.`,
    );
  }
  const { value, low, high } = estimate;
  const passed = 'atLeast' in limit ? value >= limit.atLeast : value <= limit.atMost;
  return verdict(
    metric,
    passed,
    `${metric} is ${metricFigure(value)} (${metricFigure(low)} to ${metricFigure(high)}); it must be ${bound} ${metricFigure(asked)}.`,
  );
}

function championVerdict({ problem, gates, champion, rows }: GateFacts): GateVerdict[] {
  switch (champion.kind) {
    case 'none':
      return [];
    case 'incomparable':
      return [verdict('champion', true, `Not compared with the live version: ${champion.reason}`)];
    case 'compared':
      return [comparedVerdict({ ...champion, problem }, gates.champion, rows)];
    default:
      return unreachable(champion);
  }
}

function comparedVerdict(
  {
    version,
    metric,
    improvement,
    problem,
  }: Extract<ChampionComparison, { kind: 'compared' }> & Pick<GateFacts, 'problem'>,
  { rule, margin, confidence }: Definition['gates']['champion'],
  rows: number,
): GateVerdict {
  const gate = 'champion';
  if (!improvement) {
    return verdict(
      gate,
      false,
      `${metric} cannot be compared in pairs on the ${counted(rows, 'hold-out row')}. Name another metric in gates.champion.metric.`,
    );
  }
  const { atLeast } = improvement;
  const passed = rule === 'better' ? atLeast > 0 : atLeast >= -margin;
  const needed =
    rule === 'better'
      ? needsBetter
      : `It passes if nothing in the interval is more than ${metricFigure(margin)} worse.`;
  const on = `the same ${counted(rows, 'hold-out row')}`;
  const compared = { problem, metric, on, other: `version ${version}` };
  return verdict(gate, passed, `${improvementSentence(improvement, confidence, compared)} ${needed}`);
}

function verdict(gate: string, passed: boolean, message: string): GateVerdict {
  return { gate, passed, message };
}
