import type { Improvement } from './comparison.ts';
import { metricFactsOf } from './metric-facts.ts';
import type { ProblemType } from './metric-names.ts';

/** Four significant digits: more than a hold-out can tell. */
export function metricFigure(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** What a comparison is of. */
export interface Compared {
  readonly problem: ProblemType;
  readonly metric: string;
  /** How many, and on what: `the same 1500 rows`. */
  readonly on: string;
  /** What the model is compared with. */
  readonly other: string;
}

/**
 * How much better a model is than another, and the interval whose lower end is the one-sided bound at this confidence: as intervals are
 * symmetrical, one of twice the confidence less one. Where better and worse are both in it the rows do not decide, whatever was measured.
 */
export function improvementSentence(
  { value, atLeast }: Improvement,
  confidence: number,
  { problem, metric, on, other }: Compared,
): string {
  const direction = metricFactsOf(problem, metric)?.better === 'lower' ? 'less' : 'more';
  const subject = `By ${metric} (${direction} is better), on ${on}, the model is ${difference(value)} ${other}`;
  if (atLeast >= value) return `${subject}. That is without an interval: what was measured decides.`;
  const [low, high] = [atLeast, 2 * value - atLeast];
  const interval = `the ${metricFigure(100 * (2 * confidence - 1))} % interval is ${span(low, high)}`;
  const undecided = low <= 0 && high >= 0 ? ', but these rows do not tell which of the two is better' : '';
  return `${subject}${undecided}: ${interval}.`;
}

function difference(value: number): string {
  if (value === 0) return 'as good as';
  return `${side(value)} than`;
}

/** `0.2 to 0.22 better`, `0.09 to 0.11 worse`, `0.19 worse to 0.2 better`. */
function span(low: number, high: number): string {
  if (low >= 0) return `${metricFigure(low)} to ${side(high)}`;
  if (high <= 0) return `${metricFigure(-high)} to ${side(low)}`;
  return `${side(low)} to ${side(high)}`;
}

function side(value: number): string {
  return value < 0 ? `${metricFigure(-value)} worse` : `${metricFigure(value)} better`;
}
