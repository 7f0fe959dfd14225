import type { ProblemType } from '@tidemark/statistics/metrics/metric-names.ts';
import { unreachable } from '../errors.ts';

/** What a hyperparameter's text must be. Bounds are inclusive but `above` and `below`. */
export type HyperparameterFacts =
  | { readonly kind: 'integer'; readonly least?: number; readonly most?: number }
  | {
      readonly kind: 'number';
      readonly least?: number;
      readonly most?: number;
      readonly above?: number;
      readonly below?: number;
    }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'text' };

const integer = (least: number, most?: number): HyperparameterFacts => ({
  kind: 'integer',
  least,
  ...(most !== undefined && { most }),
});
const atLeastZero: HyperparameterFacts = { kind: 'number', least: 0 };
const share: HyperparameterFacts = { kind: 'number', least: 0, most: 1 };
const positiveShare: HyperparameterFacts = { kind: 'number', above: 0, most: 1 };
const choice = (...choices: string[]): HyperparameterFacts => ({ kind: 'choice', choices });
const text: HyperparameterFacts = { kind: 'text' };

const hyperparameters: Readonly<Record<string, HyperparameterFacts>> = {
  num_round: integer(1),
  early_stopping_rounds: integer(1),
  booster: choice('gbtree', 'gblinear', 'dart'),
  verbosity: integer(0, 3),
  nthread: integer(1),
  eta: share,
  gamma: atLeastZero,
  max_depth: integer(0),
  min_child_weight: atLeastZero,
  max_delta_step: atLeastZero,
  subsample: positiveShare,
  colsample_bytree: positiveShare,
  colsample_bylevel: positiveShare,
  colsample_bynode: positiveShare,
  lambda: atLeastZero,
  alpha: atLeastZero,
  tree_method: choice('auto', 'exact', 'approx', 'hist', 'gpu_hist'),
  sketch_eps: { kind: 'number', above: 0, below: 1 },
  scale_pos_weight: { kind: 'number', above: 0 },
  updater: text,
  dsplit: choice('row', 'col'),
  refresh_leaf: integer(0, 1),
  process_type: choice('default', 'update'),
  grow_policy: choice('depthwise', 'lossguide'),
  max_leaves: integer(0),
  max_bin: integer(0),
  predictor: choice('auto', 'cpu_predictor', 'gpu_predictor'),
  monotone_constraints: text,
  interaction_constraints: text,
  sample_type: choice('uniform', 'weighted'),
  normalize_type: choice('tree', 'forest'),
  rate_drop: share,
  one_drop: integer(0, 1),
  skip_drop: share,
  lambda_bias: share,
  tweedie_variance_power: { kind: 'number', above: 1, below: 2 },
  base_score: atLeastZero,
  eval_metric: text,
  seed: integer(-(2 ** 31) + 1, 2 ** 31 - 2),
  num_parallel_tree: integer(1),
  save_model_on_termination: choice('true', 'false'),
  deterministic_histogram: choice('true', 'false'),
  sampling_method: choice('uniform', 'gradient_based'),
};

const aliases: Readonly<Record<string, string>> = {
  learning_rate: 'eta',
  min_split_loss: 'gamma',
  reg_lambda: 'lambda',
  reg_alpha: 'alpha',
};

/** Why a definition may not set a hyperparameter that the container has. */
const setByTidemark: Readonly<Record<string, string>> = {
  num_class: 'Tidemark counts the classes in the data',
  csv_weights: '`weight: <column>` in the definition sets it',
  _kfold: 'Tidemark judges on a hold-out, not by cross-validation',
  _num_cv_round: 'Tidemark judges on a hold-out, not by cross-validation',
  _tuning_objective_metric: 'the job is not part of a tuning job',
  use_dask_gpu_training: 'the prepared data is CSV, which distributed training on GPUs does not read',
};

const regressionObjectives = [
  'reg:squarederror',
  'reg:squaredlogerror',
  'reg:absoluteerror',
  'reg:pseudohubererror',
  'reg:logistic',
  'reg:gamma',
  'reg:tweedie',
  'count:poisson',
] as const;

export const xgboostNames: readonly string[] = [
  ...Object.keys(hyperparameters),
  ...Object.keys(aliases),
  'objective',
];

/** The name that another name stands for, as `eta` for `learning_rate`; any other name stands for itself. */
export function canonicalHyperparameter(name: string): string {
  return ownEntry(aliases, name) ?? name;
}

export type HyperparameterVerdict =
  | { readonly kind: 'fine' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'reserved'; readonly why: string }
  | { readonly kind: 'wrong-value'; readonly mustBe: string };

/**
 * Whether SageMaker's built-in XGBoost takes this hyperparameter with this value. Names and ranges are those that its
 * container checks before it trains (aws/sagemaker-xgboost-container, algorithm mode): found here, a slip costs a second
 * and not the start of an instance.
 */
export function judgeHyperparameter(
  problem: ProblemType,
  name: string,
  value: string,
): HyperparameterVerdict {
  if (name === 'objective') return judgeObjective(problem, value);
  const reserved = ownEntry(setByTidemark, name);
  if (reserved !== undefined) return { kind: 'reserved', why: reserved };
  const facts = ownEntry(hyperparameters, canonicalHyperparameter(name));
  if (!facts) return { kind: 'unknown' };
  return fits(facts, value.trim()) ? { kind: 'fine' } : { kind: 'wrong-value', mustBe: describe(facts) };
}

function judgeObjective(problem: ProblemType, value: string): HyperparameterVerdict {
  if (problem !== 'regression') {
    const why = `a ${problem} model must answer with probabilities to be judged, so Tidemark chooses the objective`;
    return { kind: 'reserved', why };
  }
  const fine = regressionObjectives.some((objective) => objective === value);
  return fine
    ? { kind: 'fine' }
    : { kind: 'wrong-value', mustBe: describe({ kind: 'choice', choices: regressionObjectives }) };
}

function fits(facts: HyperparameterFacts, value: string): boolean {
  switch (facts.kind) {
    case 'text':
      return value !== '';
    case 'choice':
      return facts.choices.includes(value);
    case 'integer':
      return /^[+-]?\d+$/.test(value) && isWithin(Number(value), facts);
    case 'number':
      return value !== '' && Number.isFinite(Number(value)) && isWithin(Number(value), facts);
    default:
      return unreachable(facts);
  }
}

interface Bounds {
  readonly least?: number;
  readonly most?: number;
  readonly above?: number;
  readonly below?: number;
}

function isWithin(value: number, { least, most, above, below }: Bounds): boolean {
  return (
    (least === undefined || value >= least) &&
    (most === undefined || value <= most) &&
    (above === undefined || value > above) &&
    (below === undefined || value < below)
  );
}

function describe(facts: HyperparameterFacts): string {
  switch (facts.kind) {
    case 'text':
      return 'text';
    case 'choice':
      return `one of ${facts.choices.join(', ')}`;
    default: {
      const { least, most, above, below }: Bounds = facts;
      const bounds = [
        ...(least === undefined ? [] : [`at least ${least}`]),
        ...(above === undefined ? [] : [`more than ${above}`]),
        ...(most === undefined ? [] : [`at most ${most}`]),
        ...(below === undefined ? [] : [`less than ${below}`]),
      ];
      return `${facts.kind === 'integer' ? 'a whole number' : 'a number'}, ${bounds.join(' and ')}`;
    }
  }
}

function ownEntry<T>(entries: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(entries, name) ? entries[name] : undefined;
}
