import { describe, expect, it } from 'vitest';
import { measure } from '../../metrics/measure.ts';
import type { MetricName } from '../../metrics/metric-facts.ts';
import { confusionMatrix } from '../../metrics/multiclass.ts';
import type { Predictions } from '../../metrics/predictions.ts';
import { rowsWithoutMape } from '../../metrics/regression.ts';
import { binary, multiclass, oracles, regression } from './oracles/oracles.ts';

const z = 1.959963984540054;
const cases: [string, Predictions, (typeof oracles.binary)[number] | (typeof oracles.multiclass)[number]][] =
  [
    ...oracles.binary.map((each) => [`binary, ${each.name}`, binary(each.labels, each.first), each] as const),
    ...oracles.multiclass.map((each) => [`multiclass, ${each.name}`, multiclass(each), each] as const),
    ...oracles.regression.map(
      (each) => [`regression, ${each.name}`, regression(each.labels, each.first), each] as const,
    ),
  ].map(([name, predictions, oracle]) => [name, predictions, oracle]);

describe('measure agrees with other libraries', () => {
  it.each(cases)('%s: on every value', (_, predictions, oracle) => {
    const measured = measure(predictions);

    expect(Object.keys(measured).sort()).toEqual(Object.keys(oracle.values).sort());
    for (const [metric, value] of entries(oracle.values)) {
      expect(measured[metric]?.value, metric).toBeCloseTo(value, 9);
    }
  });

  it.each(cases)('%s: on every bound that is a standard error away', (_, predictions, oracle) => {
    const measured = measure(predictions);

    for (const [metric, standardError] of entries(oracle.standardErrors)) {
      const { value, low, high } = measured[metric] ?? { value: 0, low: 0, high: 0 };
      const [minimum, maximum] = rangeOf(metric);
      // Numerical derivatives are good for about 8 digits; the closed formulas of the oracle for all.
      expect(low, metric).toBeCloseTo(Math.max(value - z * standardError, minimum), 7);
      expect(high, metric).toBeCloseTo(Math.min(value + z * standardError, maximum), 7);
    }
  });

  it.each(cases)('%s: on every Wilson interval', (_, predictions, oracle) => {
    const measured = measure(predictions);

    for (const [metric, [low, high]] of entries(oracle.intervals ?? {})) {
      expect(measured[metric]?.low, metric).toBeCloseTo(low, 9);
      expect(measured[metric]?.high, metric).toBeCloseTo(high, 9);
    }
  });

  it.each(oracles.multiclass)('multiclass, $name: on the confusion matrix', (oracle) => {
    expect(confusionMatrix(multiclass(oracle))).toEqual(oracle.confusion);
  });
});

describe('measure leaves out what is undefined', () => {
  it('has no AUC when all rows are of one class', () => {
    const measured = measure(binary([1, 1, 1], [0.2, 0.9, 0.4]));

    expect(measured.auc).toBeUndefined();
    expect(measured.accuracy?.value).toBeCloseTo(1 / 3, 12);
  });

  it('has no R2 for a constant target and no MAPE for one that is all 0', () => {
    const predictions = regression([0, 0, 0], [1, 2, 3]);

    const measured = measure(predictions);

    expect(measured.r2).toBeUndefined();
    expect(measured.mape).toBeUndefined();
    expect(measured.mae?.value).toBe(2);
    expect(rowsWithoutMape(predictions)).toBe(3);
  });

  it('knows nothing about precision when nothing is predicted positive', () => {
    const { precision } = measure(binary([1, 0, 0], [0.1, 0.2, 0.3]));

    expect(precision).toEqual({ value: 0, low: 0, high: 1 });
  });
});

function entries<T>(record: Partial<Record<MetricName, T>>): [MetricName, T][] {
  return Object.entries(record) as [MetricName, T][];
}

function rangeOf(metric: MetricName): [number, number] {
  if (metric === 'r2') return [Number.NEGATIVE_INFINITY, 1];
  const unbounded = ['logLoss', 'rmse', 'mae', 'mape'].includes(metric);
  return [0, unbounded ? Number.POSITIVE_INFINITY : 1];
}
