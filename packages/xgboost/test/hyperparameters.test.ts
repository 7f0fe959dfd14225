import { describe, expect, test } from 'vitest';
import { planTraining } from '../hyperparameters.ts';

describe('planTraining', () => {
  test('needs the number of rounds and defaults the rest as SageMaker does', () => {
    const plan = planTraining({ num_round: '10' });

    expect(plan).toMatchObject({
      rounds: 10,
      classes: 1,
      explicitMetrics: false,
      earlyStoppingRounds: undefined,
    });
    expect(plan.objective.name).toBe('reg:squarederror');
    expect(plan.metrics.map(({ name }) => name)).toEqual(['rmse']);
    expect(plan.boosterParameters).toEqual({ objective: 'reg:linear', tree_method: 'hist' });
  });

  test('passes to XGBoost what it honours, aliases by their own name', () => {
    const plan = planTraining({
      num_round: '5',
      objective: 'multi:softprob',
      num_class: '3',
      learning_rate: '0.1',
      reg_alpha: '1',
      max_depth: '4',
      tree_method: 'exact',
      seed: '7',
      eval_metric: 'merror,mlogloss',
      verbosity: '1',
    });

    expect(plan.classes).toBe(3);
    expect(plan.metrics.map(({ name }) => name)).toEqual(['merror', 'mlogloss']);
    expect(plan.boosterParameters).toEqual({
      objective: 'multi:softprob',
      num_class: '3',
      eta: '0.1',
      alpha: '1',
      max_depth: '4',
      tree_method: 'exact',
      seed: '7',
    });
  });

  test.each([
    [{ objective: 'reg:tweedie' }, 'tweedie-nloglik@1.5'],
    [{ objective: 'reg:tweedie', tweedie_variance_power: '1.2' }, 'tweedie-nloglik@1.2'],
    [{ objective: 'binary:logistic' }, 'logloss'],
  ])('%j is evaluated by %s when no metric is asked for', (hyperparameters, metric) => {
    const { metrics } = planTraining({ num_round: '1', ...hyperparameters });

    expect(metrics.map(({ name }) => name)).toEqual([metric]);
  });

  test.each<[string, Record<string, string>, string]>([
    ['no number of rounds', {}, 'num_round is required'],
    ['no round', { num_round: '0' }, 'num_round is 0, outside [1, +inf)'],
    ['half a round', { num_round: '1.5' }, "num_round is '1.5', which is not a whole number"],
    ['an unknown name', { num_round: '1', depth: '3' }, "'depth' is not a hyperparameter"],
    ['a learning rate above one', { num_round: '1', eta: '1.01' }, 'eta is 1.01, outside [0, 1]'],
    ['an empty sample', { num_round: '1', subsample: '0' }, 'subsample is 0, outside (0, 1]'],
    ['a number that is none', { num_round: '1', gamma: 'much' }, "gamma is 'much', which is not a number"],
    ['not a number', { num_round: '1', gamma: 'nan' }, "gamma is 'nan', which is not a number"],
    ['a negative depth', { num_round: '1', max_depth: '-1' }, 'max_depth is -1, outside [0, +inf)'],
    ['boundless trees', { num_round: '1', max_depth: '0' }, 'max_depth 0 means no limit'],
    ['an unknown objective', { num_round: '1', objective: 'binary' }, "objective 'binary' is not supported"],
    [
      'classes left out',
      { num_round: '1', objective: 'multi:softprob' },
      'needs the hyperparameter num_class',
    ],
    ['classes where there are none', { num_round: '1', num_class: '3' }, 'num_class does not apply'],
    [
      'a GPU',
      { num_round: '1', tree_method: 'gpu_hist' },
      "tree_method is 'gpu_hist'; the local stand-in takes auto",
    ],
    [
      'another booster',
      { num_round: '1', booster: 'gblinear' },
      "booster is 'gblinear'; the local stand-in takes gbtree",
    ],
    [
      'what only SageMaker does',
      { num_round: '1', _kfold: '5' },
      'does not support the hyperparameter _kfold',
    ],
    ['a seed beyond 32 bits', { num_round: '1', seed: '2147483647' }, 'seed is 2147483647, outside'],
    ['a metric of another problem', { num_round: '1', eval_metric: 'auc' }, "'auc' does not apply"],
  ])('refuses %s', (_, hyperparameters, message) => {
    expect(() => planTraining(hyperparameters)).toThrow(message);
  });
});
