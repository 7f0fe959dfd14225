import { beforeAll, describe, expect, it } from 'vitest';
import { XGBoost } from '../booster.ts';
import { planTraining } from '../hyperparameters.ts';
import type { Matrix } from '../matrix.ts';
import { MatrixCsvReader } from '../matrix-csv-reader.ts';
import { parseModelFile } from '../model-file.ts';
import { predict } from '../predictor.ts';
import { trainModel } from '../training.ts';
import { weigh } from '../weights.ts';

let xgboost: XGBoost;
beforeAll(async () => {
  xgboost = await XGBoost.load();
});

interface Row {
  readonly label: number;
  readonly x: number;
  readonly z: number;
}

const rows: Row[] = Array.from({ length: 600 }, (_, row) => ({
  label: Number((row * 7919) % 101 > 40 + (row % 7) * 5),
  x: (row * 7919) % 101,
  z: (row * 31) % 17,
}));

function matrixOf(lines: readonly string[]): Matrix {
  const reader = new MatrixCsvReader({ source: 'test', labelled: true });
  reader.push(Buffer.from(lines.join('\n')));
  reader.endSource();
  return reader.matrix();
}

const plain = (some: readonly Row[]) => matrixOf(some.map(({ label, x, z }) => `${label},${x},${z}`));
const weighted = (weight: (row: number) => number) =>
  matrixOf(rows.map(({ label, x, z }, row) => `${label},${weight(row)},${x},${z}`));

/** Probabilities of the rows by a model that was trained on the matrix. */
function learnt(train: Matrix, more: Record<string, string> = {}): number[] {
  const asked = planTraining({ num_round: '8', objective: 'binary:logistic', max_depth: '3', ...more });
  const { plan, data } = weigh(asked, { train, validation: undefined });
  const model = parseModelFile(trainModel(xgboost, plan, data, () => undefined));
  const answers = predict(model, plain(rows));
  return [...answers.values];
}

const csv_weights = '1';

function expectAlike(one: readonly number[], other: readonly number[], digits: number): void {
  expect(one).toHaveLength(other.length);
  for (const [index, value] of one.entries()) expect(value).toBeCloseTo(other[index] ?? 0, digits);
}

describe('weights', () => {
  it('of 1 change nothing', () => {
    expectAlike(
      learnt(
        weighted(() => 1),
        { csv_weights },
      ),
      learnt(plain(rows)),
      9,
    );
  });

  it('that are whole count as so many rows, and 0 as none', () => {
    const weight = (row: number) => row % 4;
    const copies = rows.flatMap((row, index) => Array.from({ length: weight(index) }, () => row));

    expectAlike(learnt(weighted(weight), { csv_weights }), learnt(plain(copies)), 9);
  });

  it('of one half hold the model back as twice the regularisation does', () => {
    const halved = learnt(
      weighted(() => 0.5),
      { csv_weights },
    );

    expectAlike(halved, learnt(plain(rows), { lambda: '2', min_child_weight: '2' }), 4);
  });

  it('move the answers towards the rows that count more', () => {
    const mean = (numbers: readonly number[]) =>
      numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
    const towardsYes = learnt(
      weighted((row) => (rows[row]?.label === 1 ? 9.5 : 0.5)),
      { csv_weights },
    );

    expect(mean(towardsYes)).toBeGreaterThan(mean(learnt(plain(rows))) + 0.1);
  });

  it.each([
    {
      title: 'negative',
      weight: (row: number) => (row === 3 ? -1 : 1),
      told: "Row 4 of the channel 'train' has the weight",
    },
    { title: '0 everywhere', weight: () => 0, told: "The channel 'train' has no row with a weight above 0" },
  ])('may not be $title', ({ weight, told }) => {
    expect(() => learnt(weighted(weight), { csv_weights })).toThrow(told);
  });
});
