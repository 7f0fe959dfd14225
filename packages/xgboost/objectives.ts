import { UserError } from './errors.ts';

/** Turns the margins of one row, `values[at, at + count)`, into what is reported, in place. */
export type Transform = (values: Float32Array, at: number, count: number) => void;

/** An objective of SageMaker's XGBoost that this stand-in trains. */
export interface Objective {
  /** As the hyperparameter names it. */
  readonly name: string;
  /** As XGBoost 0.7 names it, in its parameters and in the model file. */
  readonly boosterName: string;
  /** Evaluated when no `eval_metric` is given, as in XGBoost from 1.3. */
  readonly defaultMetric: string;
  readonly multiclass: boolean;
  /** What metrics are computed on: values, probabilities, a probability per class. */
  readonly evaluated: Transform;
  /** What inference answers. The same but for `multi:softmax`, which leaves the winning class first. */
  readonly predicted: Transform;
  /** Numbers in an answer: one, or one per class. */
  readonly outputs: (classes: number) => number;
  /** What is wrong with a label, if anything. */
  readonly labelFault: (label: number, classes: number) => string | undefined;
}

/** SageMaker's default when the hyperparameter is absent. */
export const DEFAULT_OBJECTIVE = 'reg:squarederror';

const OBJECTIVES: readonly Objective[] = [
  singleOutput('reg:squarederror', 'reg:linear', 'rmse', identity, anyLabel),
  singleOutput('reg:linear', 'reg:linear', 'rmse', identity, anyLabel),
  singleOutput('reg:logistic', 'reg:logistic', 'rmse', sigmoid, probabilityLabel),
  singleOutput('binary:logistic', 'binary:logistic', 'logloss', sigmoid, probabilityLabel),
  singleOutput('count:poisson', 'count:poisson', 'poisson-nloglik', exponential, notNegative),
  singleOutput('reg:gamma', 'reg:gamma', 'gamma-nloglik', exponential, notNegative),
  singleOutput('reg:tweedie', 'reg:tweedie', 'tweedie-nloglik', exponential, notNegative),
  multiclass('multi:softprob', softmax, (classes) => classes),
  multiclass('multi:softmax', winningClass, () => 1),
];

/** Names of the objectives this stand-in trains. */
export const OBJECTIVE_NAMES: readonly string[] = OBJECTIVES.map(({ name }) => name);

/** By the name of the hyperparameter, or of a model file. */
export function objectiveOf(name: string): Objective {
  const found = OBJECTIVES.find((objective) => objective.name === name || objective.boosterName === name);
  if (!found)
    throw new UserError(`objective '${name}' is not supported; use one of ${OBJECTIVE_NAMES.join(', ')}.`);
  return found;
}

/**
 * The starting prediction when no `base_score` is given, estimated as XGBoost from 2.0 does: one Newton step from a
 * margin of zero. XGBoost 0.7 would start from 0.5, which costs regressions on large labels many rounds.
 * `undefined` where XGBoost keeps 0.5.
 */
export function estimateBaseScore(
  objective: Objective,
  labels: Float32Array,
  scalePositives: number,
): number | undefined {
  if (objective.boosterName === 'reg:linear') return mean(labels);
  if (objective.predicted !== sigmoid) return undefined;
  let gradient = 0;
  let hessian = 0;
  for (const label of labels) {
    const weight = 1 + label * (scalePositives - 1);
    gradient += weight * (0.5 - label);
    hessian += weight * 0.25;
  }
  return 1 / (1 + Math.exp(gradient / hessian));
}

function singleOutput(
  name: string,
  boosterName: string,
  defaultMetric: string,
  transform: Transform,
  labelFault: Objective['labelFault'],
): Objective {
  return {
    name,
    boosterName,
    defaultMetric,
    multiclass: false,
    evaluated: transform,
    predicted: transform,
    outputs: () => 1,
    labelFault,
  };
}

function multiclass(name: string, predicted: Transform, outputs: Objective['outputs']): Objective {
  return {
    name,
    boosterName: name,
    defaultMetric: 'mlogloss',
    multiclass: true,
    evaluated: softmax,
    predicted,
    outputs,
    labelFault: classLabel,
  };
}

// Rounded to float32 where XGBoost computes in float32, to agree with it to the last digits.

function identity(): void {}

function sigmoid(values: Float32Array, at: number): void {
  values[at] = 1 / Math.fround(1 + Math.fround(Math.exp(-(values[at] ?? 0))));
}

function exponential(values: Float32Array, at: number): void {
  values[at] = Math.exp(values[at] ?? 0);
}

function softmax(values: Float32Array, at: number, count: number): void {
  const greatest = values[indexOfGreatest(values, at, count)] ?? 0;
  let sum = 0;
  for (let k = at; k < at + count; k += 1) {
    values[k] = Math.exp(Math.fround((values[k] ?? 0) - greatest));
    sum += values[k] ?? 0;
  }
  for (let k = at; k < at + count; k += 1) values[k] = (values[k] ?? 0) / sum;
}

function winningClass(values: Float32Array, at: number, count: number): void {
  values[at] = indexOfGreatest(values, at, count) - at;
}

function indexOfGreatest(values: Float32Array, at: number, count: number): number {
  let best = at;
  for (let k = at + 1; k < at + count; k += 1) if ((values[k] ?? 0) > (values[best] ?? 0)) best = k;
  return best;
}

function anyLabel(): undefined {}

function probabilityLabel(label: number): string | undefined {
  return label >= 0 && label <= 1 ? undefined : 'a label of logistic regression must be within [0, 1]';
}

function notNegative(label: number): string | undefined {
  return label >= 0 ? undefined : 'a label of Poisson, gamma or Tweedie regression must not be negative';
}

function classLabel(label: number, classes: number): string | undefined {
  if (Number.isInteger(label) && label >= 0 && label < classes) return undefined;
  return `a label must be a whole number in [0, num_class), and num_class is ${classes}`;
}

function mean(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
