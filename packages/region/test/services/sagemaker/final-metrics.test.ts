import { expect, test } from 'vitest';
import { FinalMetrics } from '../../../services/sagemaker/final-metrics.ts';
import { xgboostUri } from './sagemaker-region.ts';

function read(lines: readonly string[], algorithm: object) {
  const metrics = new FinalMetrics({ TrainingImage: xgboostUri, TrainingInputMode: 'File', ...algorithm });
  lines.forEach((line, at) => {
    metrics.read(line, at);
  });
  return metrics.metrics;
}

test("keeps the last score of each of XGBoost's metrics, by data set", () => {
  expect(
    read(
      [
        'Train matrix has 5 rows',
        '[0]#011train-logloss:0.60000#011train-error@0.3:0.1#011validation-logloss:0.70000',
        '[1]#011train-logloss:0.50000#011train-error@0.3:0.2#011validation-logloss:nan',
      ],
      {},
    ),
  ).toEqual([
    { name: 'train:logloss', value: 0.5, at: 2 },
    { name: 'train:error@0.3', value: 0.2, at: 2 },
    { name: 'validation:logloss', value: 0.7, at: 1 },
  ]);
});

test('finds what definitions say in what other images print', () => {
  const MetricDefinitions = [
    { Name: 'loss', Regex: 'loss: (\\S+)' },
    { Name: 'never', Regex: 'never (\\d)' },
  ];

  expect(
    read(['loss: 1', 'loss: 0.25 acc: 3', 'loss: high'], { TrainingImage: 'me/x', MetricDefinitions }),
  ).toEqual([{ name: 'loss', value: 0.25, at: 1 }]);
});
