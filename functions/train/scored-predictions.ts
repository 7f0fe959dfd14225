import { unreachable } from '@tidemark/domain/errors.ts';
import type { ProblemType } from '@tidemark/statistics/metrics/metric-names.ts';
import type { Predictions } from '@tidemark/statistics/metrics/predictions.ts';
import { UnusableScoresError } from './holdout.ts';

/** Rounding of 32-bit floats aside, the probabilities of all classes are 1 together. */
const sumTolerance = 1e-3;

/** Numbers per row that a model of the problem answers with. */
export function scoresPerRow(problem: ProblemType, classes: number): number {
  return problem === 'multiclass' ? classes : 1;
}

/**
 * Puts scores beside the truth.
 * @throws UnusableScoresError when a classifier's scores are not probabilities
 */
export function predictionsOf(
  problem: ProblemType,
  labels: Float64Array,
  scores: Float64Array,
  classes: number,
): Predictions {
  switch (problem) {
    case 'regression':
      return { problem, labels, values: scores };
    case 'binary':
      requireProbabilities(scores);
      return { problem, labels, probabilities: scores };
    case 'multiclass':
      requireProbabilities(scores);
      requireSums(scores, classes);
      return { problem, labels, classes, probabilities: scores };
    default:
      return unreachable(problem);
  }
}

/**
 * The scores of a model with classes of its own, in the order of others: matched by name; a class that it does not know gets no
 * probability.
 */
export function reorderClasses(
  scores: Float64Array,
  its: readonly string[],
  ours: readonly string[],
): Float64Array {
  const rows = scores.length / its.length;
  const places = ours.map((name) => its.indexOf(name));
  return Float64Array.from({ length: rows * ours.length }, (_, index) => {
    const place = places[index % ours.length] ?? -1;
    const row = Math.floor(index / ours.length);
    return place < 0 ? 0 : (scores[row * its.length + place] ?? 0);
  });
}

function requireProbabilities(scores: Float64Array): void {
  const wrong = scores.find((score) => score < 0 || score > 1);
  if (wrong === undefined) return;
  throw new UnusableScoresError(
    `The model answered ${wrong}, which is not a probability. A classifier must answer with numbers from 0 to 1 ` +
      '(XGBoost: objective binary:logistic or multi:softprob).',
  );
}

function requireSums(scores: Float64Array, classes: number): void {
  for (let start = 0; start < scores.length; start += classes) {
    const sum = scores.subarray(start, start + classes).reduce((total, score) => total + score, 0);
    if (Math.abs(sum - 1) > sumTolerance) {
      throw new UnusableScoresError(
        `The probabilities that the model gave the ${classes} classes of a row add up to ${sum} instead of 1.`,
      );
    }
  }
}
