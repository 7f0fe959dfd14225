import { beforeAll, describe, expect, test } from 'vitest';
import { XGBoost } from '../booster.ts';
import type { Forest } from '../forest.ts';
import { planTraining } from '../hyperparameters.ts';
import type { Matrix } from '../matrix.ts';
import { MatrixCsvReader } from '../matrix-csv-reader.ts';
import { type ModelFile, parseModelFile } from '../model-file.ts';
import { predict } from '../predictor.ts';
import { trainModel } from '../training.ts';
import { flightsCsv } from './flights.ts';

type Target = 'late' | 'delay' | 'severity';

const OBJECTIVES: Record<Target, Record<string, string>> = {
  late: { objective: 'binary:logistic' },
  delay: { objective: 'reg:squarederror' },
  severity: { objective: 'multi:softprob', num_class: '3' },
};

let xgboost: XGBoost;
const data: Record<string, Matrix> = {};

beforeAll(async () => {
  xgboost = await XGBoost.load();
  for (const target of ['late', 'delay', 'severity'] as const) {
    data[target] = matrixOf(await flightsCsv(12_000, target));
    data[`${target}-validation`] = matrixOf(await flightsCsv(3_000, target, 1));
  }
});

function matrixOf(csv: string): Matrix {
  const reader = new MatrixCsvReader({ source: 'test', labelled: true });
  reader.push(Buffer.from(csv));
  reader.endSource();
  return reader.matrix();
}

interface Trained {
  readonly file: Uint8Array;
  readonly model: ModelFile;
  readonly log: readonly string[];
}

function trained(target: Target, hyperparameters: Record<string, string>, validate = true): Trained {
  const plan = planTraining({ num_round: '10', ...OBJECTIVES[target], ...hyperparameters });
  const train = data[target];
  if (!train) throw new Error(`no data for ${target}`);
  const log: string[] = [];
  const validation = validate ? data[`${target}-validation`] : undefined;
  const file = trainModel(xgboost, plan, { train, validation }, (line) => log.push(line));
  return { file, model: parseModelFile(file), log };
}

function scores(log: readonly string[], column: string): number[] {
  const pattern = new RegExp(`#011${column}:(\\S+?)(#011|$)`);
  return log.flatMap((line) => {
    const value = pattern.exec(line)?.[1];
    return value === undefined ? [] : [Number(value)];
  });
}

function depthOf(forest: Forest, node: number): number {
  const left = forest.left[node] ?? -1;
  if (left === -1) return 0;
  return 1 + Math.max(depthOf(forest, left), depthOf(forest, forest.right[node] ?? 0));
}

describe('training', () => {
  test('learns from real flights, better than the base rate on flights it has not seen', () => {
    const { log } = trained('late', { num_round: '30', eval_metric: 'auc,logloss' });

    expect(log[0]).toMatch(/^\[0\](#011(train|validation)-(auc|logloss):\d\.\d{5}){4}$/);
    expect(log).toHaveLength(30);
    expect(scores(log, 'validation-auc').at(-1)).toBeGreaterThan(0.65);
    expect(scores(log, 'train-logloss').at(-1)).toBeLessThan(scores(log, 'train-logloss')[0] ?? 0);
  });

  test.each(['late', 'delay', 'severity'] as const)(
    'predicts %s exactly as XGBoost does, missing values and -1 included',
    (target) => {
      const { file, model } = trained(target, { num_round: '15', max_depth: '7' }, false);
      const validation = data[`${target}-validation`];
      if (!validation) throw new Error('no data');

      const predictions = predict(model, validation);

      const original = xgboost.restore(file);
      expect(validation.values.some(Number.isNaN)).toBe(true);
      for (let row = 0; row < 1000; row += 1) {
        const features = validation.values.slice(row * validation.columns, (row + 1) * validation.columns);
        const expected = original.predict(features, predictions.outputs);
        expected.forEach((value, output) => {
          const mine = predictions.values[row * predictions.outputs + output] ?? Number.NaN;
          // Within two units in the last place of a float32: libm's expf and JavaScript's exp round apart.
          expect(Math.abs(mine - value)).toBeLessThanOrEqual(Math.abs(value) * 2.4e-7);
        });
      }
    },
  );

  test('tells a -1 from a missing value', () => {
    const rows = Array.from({ length: 400 }, (_, row) => (row % 2 ? '1,-1,0' : '0,,0')).join('\n');
    const train = matrixOf(rows);
    const plan = planTraining({
      num_round: '20',
      objective: 'binary:logistic',
      eta: '1',
      min_child_weight: '0',
    });

    const model = parseModelFile(trainModel(xgboost, plan, { train, validation: undefined }, () => {}));

    const [missing, minusOne] = predict(model, train).values;
    expect(missing).toBeLessThan(0.1);
    expect(minusOne).toBeGreaterThan(0.9);
  });

  test.each([
    ['1', 1],
    ['3', 3],
    ['5', 5],
  ])('max_depth %s bounds every tree', (max_depth, depth) => {
    const { model } = trained('late', { max_depth }, false);

    const depths = [...model.forest.roots].map((root) => depthOf(model.forest, root));
    expect(Math.max(...depths)).toBe(depth);
  });

  test.each([
    ['late', { num_round: '7' }, 7],
    ['severity', { num_round: '4' }, 12],
    ['late', { num_round: '3', num_parallel_tree: '2', subsample: '0.8' }, 6],
  ] as const)('%s with %j grows %i trees', (target, hyperparameters, trees) => {
    expect(trained(target, hyperparameters, false).model.forest.roots).toHaveLength(trees);
  });

  test('the seed alone decides a sampled training', () => {
    const sampled = { subsample: '0.5', colsample_bytree: '0.6', seed: '11' };

    const first = trained('late', sampled, false).file;

    expect(trained('late', sampled, false).file).toEqual(first);
    expect(trained('late', { ...sampled, seed: '12' }, false).file).not.toEqual(first);
  });

  test('evaluating on a validation channel does not change the model', () => {
    expect(trained('late', {}, true).file).toEqual(trained('late', {}, false).file);
  });

  test.each([
    ['gamma', '1000'],
    ['lambda', '500'],
    ['alpha', '200'],
    ['min_child_weight', '1000'],
    ['eta', '0.01'],
    ['scale_pos_weight', '8'],
    ['max_delta_step', '0.01'],
    ['max_bin', '4'],
    ['base_score', '0.9'],
    ['tree_method', 'exact'],
    ['tree_method', 'approx'],
  ])('%s is honoured', (name, value) => {
    expect(trained('late', { [name]: value }, false).file).not.toEqual(trained('late', {}, false).file);
  });

  test('starts regression from the mean of the labels', () => {
    const labels = [...(data.delay?.labels ?? [])];
    const mean = labels.reduce((sum, label) => sum + label, 0) / labels.length;

    expect(trained('delay', {}, false).model.baseMargin).toBeCloseTo(mean, 3);
    expect(trained('delay', { base_score: '3' }, false).model.baseMargin).toBe(3);
  });

  test('stops early when the last metric no longer improves, and keeps the best rounds', () => {
    const overfit = {
      num_round: '200',
      eta: '1',
      max_depth: '10',
      eval_metric: 'error,logloss',
      early_stopping_rounds: '3',
    };

    const { log, model } = trained('late', overfit);

    const validation = scores(log, 'validation-logloss');
    const best = validation.indexOf(Math.min(...validation));
    expect(validation).toHaveLength(best + 1 + 3);
    expect(model.forest.roots).toHaveLength(best + 1);
    expect(log.at(-1)).toBe(`Keeping rounds 0 to ${best}, the best.`);
  });

  test('the kept rounds predict as a training of that many rounds does', () => {
    const overfit = { eta: '1', max_depth: '10', eval_metric: 'merror' };
    const stopped = trained('severity', { ...overfit, num_round: '60', early_stopping_rounds: '2' });
    const rounds = stopped.model.forest.roots.length / 3;

    expect(stopped.file).toEqual(trained('severity', { ...overfit, num_round: String(rounds) }).file);
    expect(() => xgboost.restore(stopped.file).predict(new Float32Array(7), 3)).not.toThrow();
  });

  test('early stopping without eval_metric or validation data is said to have no effect, as in SageMaker', () => {
    for (const { log } of [
      trained('late', { early_stopping_rounds: '1' }),
      trained('late', { early_stopping_rounds: '1', eval_metric: 'auc' }, false),
    ]) {
      expect(log[0]).toContain('early_stopping_rounds has no effect');
      expect(log).toHaveLength(11);
    }
  });

  test('trains hundreds of thousands of rows', async () => {
    const train = matrixOf(await flightsCsv(300_000, 'late'));
    const plan = planTraining({ num_round: '3', objective: 'binary:logistic' });

    const model = parseModelFile(trainModel(xgboost, plan, { train, validation: undefined }, () => {}));

    expect(train.rows * train.columns).toBe(2_100_000);
    expect(model.forest.roots).toHaveLength(3);
  });

  test.each<[string, string, Record<string, string>, string]>([
    [
      'a class beyond num_class',
      '0,1\n3,2',
      { objective: 'multi:softprob', num_class: '3' },
      "Row 2 of the channel 'train' has label 3",
    ],
    ['a label beyond [0, 1]', '0,1\n2,2', { objective: 'binary:logistic' }, 'must be within [0, 1]'],
    ['a negative count', '-1,1\n2,2', { objective: 'count:poisson' }, 'must not be negative'],
    [
      'a base score beyond (0, 1)',
      '0,1\n1,2',
      { objective: 'binary:logistic', base_score: '1' },
      'base_score is 1',
    ],
  ])('refuses %s', (_, csv, hyperparameters, message) => {
    const plan = planTraining({ num_round: '1', ...hyperparameters });
    const train = matrixOf(csv);

    expect(() => trainModel(xgboost, plan, { train, validation: undefined }, () => {})).toThrow(message);
  });

  test('refuses validation data of another width', () => {
    const plan = planTraining({ num_round: '1' });

    expect(() =>
      trainModel(xgboost, plan, { train: matrixOf('1,2,3'), validation: matrixOf('1,2') }, () => {}),
    ).toThrow("The channel 'validation' has 1 features, but 'train' has 2.");
  });

  test('trains counts, severities, winning classes and probability targets', () => {
    const counts = matrixOf(
      Array.from({ length: 300 }, (_, row) => `${(row % 5) + 1},${row % 5}`).join('\n'),
    );
    for (const hyperparameters of [
      { objective: 'count:poisson' },
      { objective: 'multi:softmax', num_class: '6' },
      { objective: 'reg:gamma' },
      { objective: 'reg:tweedie', tweedie_variance_power: '1.2' },
    ]) {
      const plan = planTraining({ num_round: '60', max_depth: '4', ...hyperparameters });
      const file = trainModel(xgboost, plan, { train: counts, validation: undefined }, () => {});
      const { values } = predict(parseModelFile(file), counts);
      expect([...values].map(Math.round)).toEqual([...counts.labels]);
    }
    const shares = matrixOf(
      Array.from({ length: 300 }, (_, row) => `${(row % 3) / 2},${row % 3}`).join('\n'),
    );
    const plan = planTraining({ num_round: '60', objective: 'reg:logistic' });
    const model = parseModelFile(
      trainModel(xgboost, plan, { train: shares, validation: undefined }, () => {}),
    );
    expect(predict(model, shares).values[1]).toBeCloseTo(0.5, 1);
  });
});

describe('parseModelFile', () => {
  test.each([
    ['nothing', new Uint8Array()],
    ['another format', Buffer.from('{"learner":{}}'.padEnd(200))],
  ])('refuses %s', (_, bytes) => {
    expect(() => parseModelFile(bytes)).toThrow('not an XGBoost model in the binary format');
  });

  test('refuses a model cut short', () => {
    const { file } = trained('late', {}, false);

    expect(() => parseModelFile(file.slice(0, file.length / 2))).toThrow('it ends too early');
  });
});
