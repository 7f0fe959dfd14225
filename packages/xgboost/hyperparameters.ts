import { UserError } from './errors.ts';
import { type EvalMetric, metricOf } from './metrics.ts';
import { DEFAULT_OBJECTIVE, type Objective, objectiveOf } from './objectives.ts';

/** What a training job asks for, checked. */
export interface TrainingPlan {
  readonly rounds: number;
  readonly objective: Objective;
  /** Margins per row: 1, or `num_class`. */
  readonly classes: number;
  /** Trees grown per round and class. */
  readonly parallelTrees: number;
  readonly scalePositives: number;
  readonly baseScore: number | undefined;
  readonly metrics: readonly EvalMetric[];
  readonly earlyStoppingRounds: number | undefined;
  /** Whether `eval_metric` was given: without it SageMaker silently skips early stopping. */
  readonly explicitMetrics: boolean;
  /** Whether the second column of each file is the row's weight. */
  readonly weighted: boolean;
  /** Passed to XGBoost as they are. */
  readonly boosterParameters: Readonly<Record<string, string>>;
}

interface Bound {
  readonly value: number;
  readonly exclusive?: boolean;
}

interface Rule {
  readonly type: 'integer' | 'number' | readonly string[] | 'text';
  readonly min?: Bound;
  readonly max?: Bound;
  /**
   * `booster`: XGBoost 0.7 honours it. `plan`: the training loop honours it. `ignored`: accepted without effect on
   * the model. `unsupported`: SageMaker takes it, this stand-in refuses rather than train something else.
   */
  readonly use: 'booster' | 'plan' | 'ignored' | 'unsupported';
}

const from = (value: number): Bound => ({ value });
const above = (value: number): Bound => ({ value, exclusive: true });
const integer = (min: number, use: Rule['use']): Rule => ({ type: 'integer', min: from(min), use });
const number = (min: Bound, use: Rule['use'] = 'booster'): Rule => ({ type: 'number', min, use });
const share = (min: Bound): Rule => ({ type: 'number', min, max: from(1), use: 'booster' });
const oneOf = (type: readonly string[], use: Rule['use']): Rule => ({ type, use });
const unsupported: Rule = { type: 'text', use: 'unsupported' };

/** Names and ranges of SageMaker's XGBoost container. */
const RULES: Readonly<Record<string, Rule>> = {
  num_round: integer(1, 'plan'),
  objective: { type: 'text', use: 'plan' },
  num_class: integer(2, 'plan'),
  eval_metric: { type: 'text', use: 'plan' },
  early_stopping_rounds: integer(1, 'plan'),
  base_score: number(from(0), 'plan'),
  num_parallel_tree: integer(1, 'plan'),
  scale_pos_weight: number(above(0), 'plan'),
  eta: share(from(0)),
  gamma: number(from(0)),
  max_depth: integer(0, 'booster'),
  min_child_weight: number(from(0)),
  max_delta_step: number(from(0)),
  subsample: share(above(0)),
  colsample_bytree: share(above(0)),
  colsample_bylevel: share(above(0)),
  lambda: number(from(0)),
  alpha: number(from(0)),
  tree_method: oneOf(['auto', 'exact', 'approx', 'hist'], 'booster'),
  grow_policy: oneOf(['depthwise', 'lossguide'], 'booster'),
  max_leaves: integer(0, 'booster'),
  max_bin: integer(2, 'booster'),
  sketch_eps: { type: 'number', min: above(0), max: above(1), use: 'booster' },
  tweedie_variance_power: { type: 'number', min: above(1), max: above(2), use: 'booster' },
  seed: { type: 'integer', min: from(-(2 ** 31) + 1), max: from(2 ** 31 - 2), use: 'booster' },
  booster: oneOf(['gbtree'], 'ignored'),
  process_type: oneOf(['default'], 'ignored'),
  csv_weights: oneOf(['0', '1'], 'plan'),
  save_model_on_termination: oneOf(['false'], 'ignored'),
  use_dask_gpu_training: oneOf(['false'], 'ignored'),
  sampling_method: oneOf(['uniform'], 'ignored'),
  predictor: oneOf(['auto', 'cpu_predictor'], 'ignored'),
  deterministic_histogram: oneOf(['true', 'false'], 'ignored'),
  verbosity: { type: 'integer', min: from(0), max: from(3), use: 'ignored' },
  nthread: integer(1, 'ignored'),
  colsample_bynode: unsupported,
  updater: unsupported,
  dsplit: unsupported,
  refresh_leaf: unsupported,
  monotone_constraints: unsupported,
  interaction_constraints: unsupported,
  sample_type: unsupported,
  normalize_type: unsupported,
  rate_drop: unsupported,
  one_drop: unsupported,
  skip_drop: unsupported,
  lambda_bias: unsupported,
  prob_buffer_row: unsupported,
  aft_loss_distribution: unsupported,
  aft_loss_distribution_scale: unsupported,
  _kfold: unsupported,
  _num_cv_round: unsupported,
  _tuning_objective_metric: unsupported,
};

const ALIASES: Readonly<Record<string, string>> = {
  learning_rate: 'eta',
  min_split_loss: 'gamma',
  reg_lambda: 'lambda',
  reg_alpha: 'alpha',
};

/** Checks hyperparameters as SageMaker's XGBoost container does. Throws a `UserError` naming the first fault. */
export function planTraining(given: Readonly<Record<string, string>>): TrainingPlan {
  const values = new Map(Object.entries(given).map(([name, value]) => [ALIASES[name] ?? name, value.trim()]));
  if (!values.has('num_round')) throw new UserError('The hyperparameter num_round is required.');
  for (const [name, value] of values) check(name, value);
  checkGrowth(values);
  const objective = objectiveOf(values.get('objective') ?? DEFAULT_OBJECTIVE);
  const metrics = values.get('eval_metric')?.split(',');
  return {
    rounds: Number(values.get('num_round')),
    objective,
    classes: classesOf(objective, values),
    parallelTrees: Number(values.get('num_parallel_tree') ?? 1),
    scalePositives: Number(values.get('scale_pos_weight') ?? 1),
    baseScore: optionalNumber(values.get('base_score')),
    metrics: (metrics ?? [defaultMetric(objective, values)]).map((name) => metricOf(name.trim(), objective)),
    earlyStoppingRounds: optionalNumber(values.get('early_stopping_rounds')),
    explicitMetrics: metrics !== undefined,
    weighted: values.get('csv_weights') === '1',
    boosterParameters: boosterParameters(values, objective),
  };
}

function check(name: string, value: string): void {
  const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
  if (!rule) throw new UserError(`'${name}' is not a hyperparameter of SageMaker's XGBoost.`);
  if (rule.use === 'unsupported') {
    throw new UserError(
      `The local stand-in for XGBoost does not support the hyperparameter ${name}; SageMaker does.`,
    );
  }
  if (Array.isArray(rule.type)) checkChoice(name, value, rule.type);
  else if (rule.type !== 'text') checkNumber(name, value, rule);
}

function checkChoice(name: string, value: string, choices: readonly string[]): void {
  if (choices.includes(value)) return;
  throw new UserError(
    `The hyperparameter ${name} is '${value}'; the local stand-in takes ${choices.join(', ')}. See packages/region/SUPPORT.md.`,
  );
}

function checkNumber(name: string, value: string, rule: Rule): void {
  const pattern = rule.type === 'integer' ? /^[+-]?\d+$/ : /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
  const kind = rule.type === 'integer' ? 'a whole number' : 'a number';
  if (!pattern.test(value))
    throw new UserError(`The hyperparameter ${name} is '${value}', which is not ${kind}.`);
  if (withinBounds(Number(value), rule)) return;
  throw new UserError(`The hyperparameter ${name} is ${value}, outside ${interval(rule)}.`);
}

function withinBounds(value: number, { min, max }: Rule): boolean {
  if (min && (value < min.value || (min.exclusive && value === min.value))) return false;
  return !(max && (value > max.value || (max.exclusive && value === max.value)));
}

function interval({ min, max }: Rule): string {
  const left = min ? `${min.exclusive ? '(' : '['}${min.value}` : '(-inf';
  const right = max ? `${max.value}${max.exclusive ? ')' : ']'}` : '+inf)';
  return `${left}, ${right}`;
}

/** Unlimited depth needs a limit on leaves; XGBoost would abort. */
function checkGrowth(values: ReadonlyMap<string, string>): void {
  if (Number(values.get('max_depth') ?? 6) > 0) return;
  const bounded = Number(values.get('max_leaves') ?? 0) > 0 && values.get('grow_policy') === 'lossguide';
  if (!bounded) {
    throw new UserError(
      'max_depth 0 means no limit, which needs grow_policy lossguide and max_leaves above 0.',
    );
  }
}

function classesOf({ name, multiclass }: Objective, values: ReadonlyMap<string, string>): number {
  const classes = values.get('num_class');
  if (multiclass && classes === undefined)
    throw new UserError(`The objective ${name} needs the hyperparameter num_class.`);
  if (!multiclass && classes !== undefined) {
    throw new UserError(
      `num_class does not apply to the objective ${name}; it is for multi:softmax and multi:softprob.`,
    );
  }
  return multiclass ? Number(classes) : 1;
}

function defaultMetric(
  { name, defaultMetric: metric }: Objective,
  values: ReadonlyMap<string, string>,
): string {
  return name === 'reg:tweedie' ? `${metric}@${values.get('tweedie_variance_power') ?? '1.5'}` : metric;
}

function optionalNumber(value: string | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

function boosterParameters(
  values: ReadonlyMap<string, string>,
  objective: Objective,
): Record<string, string> {
  const passed = [...values].filter(([name]) => RULES[name]?.use === 'booster');
  const parameters: Record<string, string> = {
    ...Object.fromEntries(passed),
    objective: objective.boosterName,
  };
  // XGBoost 0.7 would grow exact trees for `auto`; SageMaker's releases use histograms, which is also far faster.
  if ((parameters.tree_method ?? 'auto') === 'auto') parameters.tree_method = 'hist';
  for (const name of ['num_class', 'num_parallel_tree', 'scale_pos_weight']) {
    const value = values.get(name);
    if (value !== undefined) parameters[name] = value;
  }
  return parameters;
}
