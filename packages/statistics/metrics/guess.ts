import type { Predictions } from './predictions.ts';

/** What somebody knows who has seen the labels of the training split and nothing else. */
export type TrainingLabels =
  /** Rows of each class, in the order of their numbers. */
  | { readonly kind: 'classes'; readonly rows: readonly number[] }
  | { readonly kind: 'numbers'; readonly mean: number };

/**
 * What a guess would have said of the same rows: the training split's share of each class, or its mean. A model that does
 * not beat it has learnt nothing.
 */
export function guess(predictions: Predictions, training: TrainingLabels): Predictions {
  const { labels } = predictions;
  switch (predictions.problem) {
    case 'binary':
      return {
        ...predictions,
        probabilities: new Float64Array(labels.length).fill(shares(training)[1] ?? 0),
      };
    case 'multiclass': {
      const ofClasses = shares(training);
      return {
        ...predictions,
        probabilities: predictions.probabilities.map(
          (_, index) => ofClasses[index % predictions.classes] ?? 0,
        ),
      };
    }
    case 'regression': {
      const mean = training.kind === 'numbers' ? training.mean : Number.NaN;
      return { ...predictions, values: new Float64Array(labels.length).fill(mean) };
    }
  }
}

function shares(training: TrainingLabels): number[] {
  if (training.kind !== 'classes') return [];
  const total = training.rows.reduce((sum, rows) => sum + rows, 0);
  return training.rows.map((rows) => rows / total);
}
