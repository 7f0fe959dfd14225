import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metricOf } from '../metrics.ts';
import { objectiveOf } from '../objectives.ts';

function score(metric: string, objective: string, predictions: number[], labels: number[]): number {
  const classes = predictions.length / labels.length;
  const evaluated = {
    predictions: Float32Array.from(predictions),
    labels: Float32Array.from(labels),
    classes,
  };
  return metricOf(metric, objectiveOf(objective)).compute(evaluated);
}

const BINARY = [
  [0.1, 0.4, 0.35, 0.8],
  [0, 0, 1, 1],
] as const;
const REGRESSION = [
  [2.5, 0, 2, 8],
  [3, -0.5, 2, 7],
] as const;

describe('metrics', () => {
  // Expected values by hand, or from scikit-learn's documentation where it uses the same data.
  test.each([
    ['auc', 'binary:logistic', BINARY, 0.75],
    [
      'logloss',
      'binary:logistic',
      BINARY,
      (-Math.log(0.9) - Math.log(0.6) - Math.log(0.35) - Math.log(0.8)) / 4,
    ],
    ['error', 'binary:logistic', BINARY, 0.25],
    ['error@0.3', 'binary:logistic', BINARY, 0.25],
    ['error@0.9', 'binary:logistic', BINARY, 0.5],
    ['accuracy', 'binary:logistic', BINARY, 0.75],
    ['precision', 'binary:logistic', BINARY, 1],
    ['recall', 'binary:logistic', BINARY, 0.5],
    ['f1', 'binary:logistic', BINARY, (0.8 + 2 / 3) / 2],
    ['rmse', 'reg:squarederror', REGRESSION, Math.sqrt(0.375)],
    ['mse', 'reg:squarederror', REGRESSION, 0.375],
    ['mae', 'reg:squarederror', REGRESSION, 0.5],
    ['r2', 'reg:squarederror', REGRESSION, 0.9486081370449679],
    [
      'mape',
      'reg:squarederror',
      [
        [2.5, 8],
        [3, 7],
      ] as const,
      (0.5 / 3 + 1 / 7) / 2,
    ],
    [
      'rmsle',
      'reg:squarederror',
      [
        [0, 2],
        [1, 2],
      ] as const,
      Math.log(2) / Math.SQRT2,
    ],
    [
      'poisson-nloglik',
      'count:poisson',
      [
        [2, 3],
        [1, 4],
      ] as const,
      (Math.log(1) + 2 - Math.log(2) + Math.log(24) + 3 - 4 * Math.log(3)) / 2,
    ],
    [
      'merror',
      'multi:softprob',
      [
        [0.7, 0.2, 0.1, 0.1, 0.3, 0.6],
        [0, 1],
      ] as const,
      0.5,
    ],
    [
      'mlogloss',
      'multi:softmax',
      [
        [0.7, 0.2, 0.1, 0.1, 0.3, 0.6],
        [0, 1],
      ] as const,
      -(Math.log(0.7) + Math.log(0.3)) / 2,
    ],
    [
      'accuracy',
      'multi:softprob',
      [
        [0.7, 0.2, 0.1, 0.1, 0.3, 0.6],
        [0, 1],
      ] as const,
      0.5,
    ],
  ])('%s of %s', (metric, objective, [predictions, labels], expected) => {
    expect(score(metric, objective, [...predictions], [...labels])).toBeCloseTo(expected, 5);
  });

  test('auc is the share of correctly ordered pairs, ties counting half', () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.boolean()), {
      minLength: 2,
      maxLength: 60,
    });
    fc.assert(
      fc.property(rows, (data) => {
        const predictions = data.map(([step]) => Math.fround(step / 20));
        const labels = data.map(([, positive]) => Number(positive));
        let right = 0;
        let pairs = 0;
        data.forEach(([a, positive]) => {
          data.forEach(([b, other]) => {
            if (!positive || other) return;
            pairs += 1;
            right += a > b ? 1 : a === b ? 0.5 : 0;
          });
        });
        const auc = score('auc', 'binary:logistic', predictions, labels);
        if (pairs === 0) expect(auc).toBeNaN();
        else expect(auc).toBeCloseTo(right / pairs, 10);
      }),
    );
  });

  test.each([
    ['auc', 'reg:squarederror'],
    ['auc', 'multi:softprob'],
    ['logloss', 'multi:softprob'],
    ['merror', 'binary:logistic'],
    ['accuracy', 'reg:squarederror'],
    ['rmse', 'multi:softprob'],
  ])('%s is refused for %s', (metric, objective) => {
    expect(() => metricOf(metric, objectiveOf(objective))).toThrow(
      `'${metric}' does not apply to the objective ${objective}`,
    );
  });

  test('an unknown metric is rejected with the list of those that exist', () => {
    expect(() => metricOf('ndcg', objectiveOf('binary:logistic'))).toThrow(/'ndcg' is not supported.*rmse/);
  });
});
