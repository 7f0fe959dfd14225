import { readFileSync } from 'node:fs';
import type { MetricName } from '../../../metrics/metric-facts.ts';
import type { Predictions } from '../../../metrics/predictions.ts';

type ByMetric<T> = Partial<Record<MetricName, T>>;

interface Case {
  name: string;
  labels: number[];
  first: number[];
  second: number[];
  values: ByMetric<number>;
  standardErrors: ByMetric<number>;
  intervals?: ByMetric<[number, number]>;
  differences: ByMetric<[number, number]>;
}
type MulticlassCase = Pick<Case, 'name' | 'labels' | 'values' | 'standardErrors' | 'intervals'> & {
  classes: number;
  probabilities: number[];
  confusion: number[][];
};

const file = new URL('oracles.json', import.meta.url);

/** What other people's libraries say; `make_oracles.py` made it. */
export const oracles: {
  quantiles: [number, number][];
  binary: Case[];
  multiclass: MulticlassCase[];
  regression: Case[];
} = JSON.parse(readFileSync(file, 'utf8'));

export const binary = (labels: number[], probabilities: number[]): Predictions & { problem: 'binary' } => ({
  problem: 'binary',
  labels: Float64Array.from(labels),
  probabilities: Float64Array.from(probabilities),
});
export const multiclass = ({ labels, classes, probabilities }: MulticlassCase) =>
  ({
    problem: 'multiclass',
    labels: Float64Array.from(labels),
    classes,
    probabilities: Float64Array.from(probabilities),
  }) as const;
export const regression = (labels: number[], values: number[]): Predictions & { problem: 'regression' } => ({
  problem: 'regression',
  labels: Float64Array.from(labels),
  values: Float64Array.from(values),
});
