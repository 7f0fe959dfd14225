import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import type { ProblemType } from '@tidemark/statistics/metrics/metric-names.ts';

/** The rows that XGBoost watches decide when it stops; each metric is a proper score of its objective. */
const byProblem: Readonly<Record<ProblemType, Readonly<Record<string, string>>>> = {
  binary: { objective: 'binary:logistic', eval_metric: 'logloss' },
  multiclass: { objective: 'multi:softprob', eval_metric: 'mlogloss' },
  regression: { objective: 'reg:squarederror', eval_metric: 'rmse' },
};

/** For every problem. Without a seed of its own XGBoost uses 0; it is written out because it is part of what is reproduced. */
const forAll = { num_round: '100', early_stopping_rounds: '10', seed: '0' } as const;

/**
 * Hyperparameters of a training job. Those of the built-in XGBoost have defaults, and the definition's take precedence. An image of
 * the user's gets exactly what the definition says.
 */
export function hyperparameters(
  { problem, training, weight }: Pick<Definition, 'problem' | 'training' | 'weight'>,
  classes: number,
): Record<string, string> {
  if (training.image !== undefined) return { ...training.hyperparameters };
  return {
    ...forAll,
    ...byProblem[problem],
    ...(problem === 'multiclass' && { num_class: String(classes) }),
    // The second column of both files is then the row's weight (aws/sagemaker-xgboost-container, algorithm mode).
    ...(weight !== undefined && { csv_weights: '1' }),
    ...training.hyperparameters,
  };
}
