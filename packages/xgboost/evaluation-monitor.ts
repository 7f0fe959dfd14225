import type { EvalMetric } from './metrics.ts';

/** A metric of a data set after a round. */
export interface Score {
  readonly dataset: 'train' | 'validation';
  readonly metric: EvalMetric;
  readonly value: number;
}

/**
 * A round's line as SageMaker's XGBoost logs it. `#011` is the tab as CloudWatch shows it, and what the metric
 * definitions of the built-in image match.
 */
export function evaluationLine(round: number, scores: readonly Score[]): string {
  const columns = scores.map(
    ({ dataset, metric, value }) => `#011${dataset}-${metric.name}:${formatScore(value)}`,
  );
  return `[${round}]${columns.join('')}`;
}

function formatScore(value: number): string {
  return Number.isNaN(value) ? 'nan' : value.toFixed(5);
}

/** Stops a training whose last metric on the validation data has not improved for a number of rounds. */
export class EarlyStopping {
  readonly #rounds: number;
  #best = Number.NaN;
  #bestRound = 0;

  constructor(rounds: number) {
    this.#rounds = rounds;
  }

  /** The round with the best score so far, counted from 0. */
  get bestRound(): number {
    return this.#bestRound;
  }

  /** Whether to stop after this round. */
  observe(round: number, scores: readonly Score[]): boolean {
    const score = scores.findLast(({ dataset }) => dataset === 'validation');
    if (!score) return false;
    const { value, metric } = score;
    const better = Number.isNaN(this.#best) || (metric.maximize ? value > this.#best : value < this.#best);
    if (better) {
      this.#best = value;
      this.#bestRound = round;
    }
    return round - this.#bestRound >= this.#rounds;
  }
}
