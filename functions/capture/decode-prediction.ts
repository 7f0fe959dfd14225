import type { Encoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import { InvariantError, unreachable } from '@tidemark/domain/errors.ts';
import { decisionThreshold } from '@tidemark/statistics/metrics/metric-facts.ts';
import type { Prediction } from './predict.schema.ts';

/** What a model answered for one record, in the terms of its data. @param numbers one, or in multiclass problems one per class */
export function decodePrediction(
  { problem, target: { classes } }: Encoding,
  inferenceId: string,
  numbers: readonly number[],
): Prediction {
  switch (problem) {
    case 'regression':
      return { inferenceId, value: at(numbers, 0) };
    case 'binary': {
      const probability = at(numbers, 0);
      return { inferenceId, label: at(classes, probability >= decisionThreshold ? 1 : 0), probability };
    }
    case 'multiclass': {
      const probability = Math.max(...numbers);
      const label = at(classes, numbers.indexOf(probability));
      const probabilities = Object.fromEntries(classes.map((name, index) => [name, at(numbers, index)]));
      return { inferenceId, label, probability, probabilities };
    }
    default:
      return unreachable(problem);
  }
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new InvariantError(`A prediction or its classes have no item ${index}.`);
  return item;
}
