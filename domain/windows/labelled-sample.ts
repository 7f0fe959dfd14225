import { createHash } from 'node:crypto';
import type { ProblemType } from '@tidemark/statistics/metrics/metric-names.ts';
import type { Predictions } from '@tidemark/statistics/metrics/predictions.ts';
import { unreachable } from '../errors.ts';
import type { LabelledPrediction, LabelledSample } from './window-facts.schema.ts';

/**
 * Numbers of predictions that are kept in all: some 4 MB of JSON. So many labels tell an AUC to within 0.003, and are more
 * than a window has as a rule.
 */
const keptNumbers = 50_000;

/** Most labelled predictions that are kept, of a model that answers with so many numbers a row. */
export function keptPredictions(width: number): number {
  return Math.max(1, Math.floor(keptNumbers / width));
}

/** 52 bits of the SHA-256 of an inference id: a whole number that a double holds. */
export function hashOfId(inferenceId: string): number {
  return Number.parseInt(createHash('sha256').update(inferenceId).digest('hex').slice(0, 13), 16);
}

/** Collects a sample. Memory does not grow with what is added. */
export class LabelledSampler {
  #seen = 0;
  #kept: LabelledPrediction[] = [];

  add(labelled: LabelledPrediction): void {
    this.#seen += 1;
    this.#kept.push(labelled);
    if (this.#kept.length >= 2 * keptPredictions(labelled.prediction.length))
      this.#kept = smallest(this.#kept);
  }

  sample(): LabelledSample {
    return { seen: this.#seen, kept: smallest(this.#kept) };
  }
}

/** The sample of all rows that the given samples are of. */
export function mergeLabelledSamples(samples: readonly LabelledSample[]): LabelledSample {
  return {
    seen: samples.reduce((total, { seen }) => total + seen, 0),
    kept: smallest(samples.flatMap(({ kept }) => kept)),
  };
}

/** Labelled predictions in the form that metrics are measured on. */
export function labelledPredictions(problem: ProblemType, rows: readonly LabelledPrediction[]): Predictions {
  const labels = Float64Array.from(rows, ({ label }) => label);
  const numbers = Float64Array.from(rows.flatMap(({ prediction }) => prediction));
  switch (problem) {
    case 'binary':
      return { problem, labels, probabilities: numbers };
    case 'multiclass':
      return { problem, labels, classes: rows[0]?.prediction.length ?? 0, probabilities: numbers };
    case 'regression':
      return { problem, labels, values: numbers };
    default:
      return unreachable(problem);
  }
}

/** The predictions with the smallest hashes, in their order. */
function smallest(predictions: readonly LabelledPrediction[]): LabelledPrediction[] {
  const width = predictions[0]?.prediction.length ?? 1;
  return predictions.toSorted(byHash).slice(0, keptPredictions(width));
}

/** Of equal hashes, which one label has but for a chance of one in a million for a hundred thousand labels, anything that is the same everywhere. */
function byHash(a: LabelledPrediction, b: LabelledPrediction): number {
  return a.hash - b.hash || a.label - b.label || (a.windowId < b.windowId ? -1 : 1);
}
