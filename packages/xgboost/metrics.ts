import { UserError } from './errors.ts';
import type { Objective } from './objectives.ts';
import { radixSort } from './radix-sort.ts';

/** What a metric looks at: predictions as metrics take them (`classes` per row), and labels. */
export interface Evaluated {
  readonly predictions: Float32Array;
  readonly labels: Float32Array;
  /** Predictions per row: 1, or the number of classes. */
  readonly classes: number;
}

/** A metric by its name in `eval_metric` and in the log. */
export interface EvalMetric {
  readonly name: string;
  /** Whether more is better; decides early stopping. */
  readonly maximize: boolean;
  readonly compute: (evaluated: Evaluated) => number;
}

/** XGBoost's guard against the logarithm of zero. */
const EPSILON = 1e-16;

type Family = 'value' | 'binary' | 'multiclass' | 'classification';

interface Definition {
  readonly family: Family;
  readonly maximize: boolean;
  readonly compute: (evaluated: Evaluated) => number;
}

const minimize = (family: Family, compute: Definition['compute']): Definition => ({
  family,
  maximize: false,
  compute,
});
const maximize = (family: Family, compute: Definition['compute']): Definition => ({
  family,
  maximize: true,
  compute,
});

const DEFINITIONS: Readonly<Record<string, Definition>> = {
  rmse: minimize('value', (data) => Math.sqrt(average(data, (y, p) => (y - p) ** 2))),
  mse: minimize('value', (data) => average(data, (y, p) => (y - p) ** 2)),
  mae: minimize('value', (data) => average(data, (y, p) => Math.abs(y - p))),
  mape: minimize('value', (data) => average(data, (y, p) => Math.abs((y - p) / y))),
  rmsle: minimize('value', (data) =>
    Math.sqrt(average(data, (y, p) => (Math.log1p(p) - Math.log1p(y)) ** 2)),
  ),
  r2: maximize('value', determination),
  'poisson-nloglik': minimize('value', (data) => average(data, poissonLoss)),
  'gamma-nloglik': minimize('value', (data) => average(data, (y, p) => y / p + Math.log(p))),
  logloss: minimize('binary', (data) => average(data, logLoss)),
  auc: maximize('binary', areaUnderCurve),
  merror: minimize('multiclass', (data) => 1 - accuracy(data)),
  mlogloss: minimize('multiclass', multiclassLogLoss),
  accuracy: maximize('classification', accuracy),
  f1: maximize('classification', macroF1),
  precision: maximize('binary', (data) => ratioOf(confusionOf(data), 1, 'precision')),
  recall: maximize('binary', (data) => ratioOf(confusionOf(data), 1, 'recall')),
};

/** Metrics this stand-in computes. */
const METRIC_NAMES: readonly string[] = [
  ...Object.keys(DEFINITIONS),
  'error',
  'error@t',
  'tweedie-nloglik@power',
];

/** A metric for an objective. Throws a `UserError` when it does not exist or does not fit. */
export function metricOf(name: string, objective: Objective): EvalMetric {
  const definition =
    errorRate(name) ?? tweedie(name) ?? (Object.hasOwn(DEFINITIONS, name) ? DEFINITIONS[name] : undefined);
  if (!definition) {
    throw new UserError(
      `eval_metric '${name}' is not supported by the local stand-in; use one of ${METRIC_NAMES.join(', ')}.`,
    );
  }
  if (!fits(definition.family, objective)) {
    throw new UserError(`eval_metric '${name}' does not apply to the objective ${objective.name}.`);
  }
  return { name, maximize: definition.maximize, compute: definition.compute };
}

function fits(family: Family, { name, multiclass }: Objective): boolean {
  if (family === 'multiclass') return multiclass;
  if (family === 'binary') return name === 'binary:logistic' || name === 'reg:logistic';
  if (family === 'classification') return multiclass || name === 'binary:logistic';
  return !multiclass;
}

/** `error`, or `error@t` with a threshold other than one half. */
function errorRate(name: string): Definition | undefined {
  const threshold = name === 'error' ? 0.5 : Number(/^error@(.+)$/.exec(name)?.[1] ?? Number.NaN);
  if (Number.isNaN(threshold)) return undefined;
  return minimize('binary', (data) => average(data, (y, p) => (p > threshold ? 1 - y : y)));
}

/** Tweedie's negative log-likelihood for a variance power. */
function tweedie(name: string): Definition | undefined {
  const power = Number(/^tweedie-nloglik@(.+)$/.exec(name)?.[1] ?? Number.NaN);
  if (!(power > 1 && power < 2)) return undefined;
  return minimize('value', (data) =>
    average(data, (y, p) => p ** (2 - power) / (2 - power) - (y * p ** (1 - power)) / (1 - power)),
  );
}

function average(
  { predictions, labels }: Evaluated,
  loss: (label: number, prediction: number) => number,
): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row += 1) sum += loss(labels[row] ?? 0, predictions[row] ?? 0);
  return sum / labels.length;
}

function logLoss(label: number, probability: number): number {
  const positive = Math.max(probability, EPSILON);
  const negative = Math.max(1 - probability, EPSILON);
  return -label * Math.log(positive) - (1 - label) * Math.log(negative);
}

function poissonLoss(label: number, prediction: number): number {
  const rate = Math.max(prediction, EPSILON);
  return logGamma(label + 1) + rate - Math.log(rate) * label;
}

/** Stirling's series after shifting the argument above 7, where its error is below 1e-10. */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  while (z < 7) {
    shift += Math.log(z);
    z += 1;
  }
  const series = 1 / (12 * z) - 1 / (360 * z ** 3) + 1 / (1260 * z ** 5);
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

function determination(data: Evaluated): number {
  const { labels } = data;
  let sum = 0;
  for (const label of labels) sum += label;
  const mean = sum / labels.length;
  return 1 - average(data, (y, p) => (y - p) ** 2) / average(data, (y) => (y - mean) ** 2);
}

/**
 * Mann-Whitney's statistic: the share of (negative, positive) pairs in the right order, ties counting half. NaN when a
 * class is absent, as XGBoost reports. Probabilities are not negative, so their bits order as they do; the label rides
 * in the lowest bit.
 */
function areaUnderCurve({ predictions, labels }: Evaluated): number {
  const bits = new Uint32Array(predictions.buffer, predictions.byteOffset, predictions.length);
  const ranked = radixSort(bits.map((score, row) => (score << 1) | ((labels[row] ?? 0) > 0.5 ? 1 : 0)));
  let negatives = 0;
  let positives = 0;
  let pairs = 0;
  for (let at = 0; at < ranked.length; ) {
    const score = (ranked[at] ?? 0) >>> 1;
    let [tiedNegatives, tiedPositives] = [0, 0];
    for (; at < ranked.length && (ranked[at] ?? 0) >>> 1 === score; at += 1) {
      if ((ranked[at] ?? 0) & 1) tiedPositives += 1;
      else tiedNegatives += 1;
    }
    pairs += tiedPositives * (negatives + tiedNegatives / 2);
    negatives += tiedNegatives;
    positives += tiedPositives;
  }
  return pairs / (negatives * positives);
}

function multiclassLogLoss({ predictions, labels, classes }: Evaluated): number {
  let sum = 0;
  labels.forEach((label, row) => {
    sum -= Math.log(Math.max(predictions[row * classes + label] ?? 0, EPSILON));
  });
  return sum / labels.length;
}

function predictedClass({ predictions, classes }: Evaluated, row: number): number {
  if (classes === 1) return (predictions[row] ?? 0) > 0.5 ? 1 : 0;
  let best = 0;
  for (let k = 1; k < classes; k += 1) {
    if ((predictions[row * classes + k] ?? 0) > (predictions[row * classes + best] ?? 0)) best = k;
  }
  return best;
}

/** A binary label may be a probability; it counts as the class it is nearer to. */
function trueClass({ labels, classes }: Evaluated, row: number): number {
  const label = labels[row] ?? 0;
  if (classes > 1) return label;
  return label > 0.5 ? 1 : 0;
}

function accuracy(data: Evaluated): number {
  let right = 0;
  for (let row = 0; row < data.labels.length; row += 1) {
    if (predictedClass(data, row) === trueClass(data, row)) right += 1;
  }
  return right / data.labels.length;
}

interface Confusion {
  readonly hits: readonly number[];
  readonly predicted: readonly number[];
  readonly actual: readonly number[];
}

function confusionOf(data: Evaluated): Confusion {
  const size = Math.max(data.classes, 2);
  const [hits, predicted, actual] = [counters(size), counters(size), counters(size)];
  for (let row = 0; row < data.labels.length; row += 1) {
    const guess = predictedClass(data, row);
    const truth = trueClass(data, row);
    predicted[guess] = (predicted[guess] ?? 0) + 1;
    actual[truth] = (actual[truth] ?? 0) + 1;
    if (guess === truth) hits[truth] = (hits[truth] ?? 0) + 1;
  }
  return { hits, predicted, actual };
}

function counters(size: number): number[] {
  return new Array<number>(size).fill(0);
}

/** Zero when there is nothing to divide by, as scikit-learn, which SageMaker uses here, reports. */
function ratioOf(confusion: Confusion, k: number, ratio: 'precision' | 'recall' | 'f1'): number {
  const hits = confusion.hits[k] ?? 0;
  const predicted = confusion.predicted[k] ?? 0;
  const actual = confusion.actual[k] ?? 0;
  if (hits === 0) return 0;
  if (ratio === 'f1') return (2 * hits) / (predicted + actual);
  return hits / (ratio === 'precision' ? predicted : actual);
}

/** Over the classes that occur among labels or predictions, as scikit-learn averages. */
function macroF1(data: Evaluated): number {
  const confusion = confusionOf(data);
  const present = confusion.actual.flatMap((count, k) =>
    count + (confusion.predicted[k] ?? 0) > 0 ? [k] : [],
  );
  return present.reduce((sum, k) => sum + ratioOf(confusion, k, 'f1'), 0) / present.length;
}
