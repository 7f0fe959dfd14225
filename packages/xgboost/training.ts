import type { XGBoost } from './booster.ts';
import { UserError } from './errors.ts';
import { EarlyStopping, evaluationLine, type Score } from './evaluation-monitor.ts';
import type { TrainingPlan } from './hyperparameters.ts';
import type { Matrix } from './matrix.ts';
import { parseModelFile, truncateModelFile } from './model-file.ts';
import { estimateBaseScore, type Transform } from './objectives.ts';
import { RunningMargins } from './predictor.ts';

/** The channels as they were read. */
export interface TrainingData {
  readonly train: Matrix;
  readonly validation: Matrix | undefined;
}

type Log = (line: string) => void;

/**
 * Trains as a plan says and gives the model file. Rounds are grown in batches, each a quarter of what exists, and
 * evaluated one by one afterwards from the grown trees: saving the model after every round would copy it as often.
 */
export function trainModel(xgboost: XGBoost, plan: TrainingPlan, data: TrainingData, log: Log): Uint8Array {
  checkData(plan, data);
  const booster = xgboost.create(data.train, boosterParameters(plan, data.train));
  const stopping = earlyStoppingOf(plan, data, log);
  const evaluation = new Evaluation(plan, data);
  let done = 0;
  let file: Uint8Array = new Uint8Array();
  while (done < plan.rounds) {
    const batch = Math.min(Math.max(1, Math.floor(done / 4)), plan.rounds - done);
    booster.train(batch);
    file = booster.save();
    const enough = evaluation.run(file, done, done + batch, log, stopping);
    done += batch;
    if (enough) break;
  }
  return stopping ? keepBest(file, plan, stopping.bestRound, log) : file;
}

function boosterParameters(plan: TrainingPlan, train: Matrix): Record<string, string> {
  const baseScore = plan.baseScore ?? estimateBaseScore(plan.objective, train.labels, plan.scalePositives);
  return { ...plan.boosterParameters, ...(baseScore !== undefined && { base_score: String(baseScore) }) };
}

/** XGBoost aborts on these, with less to say. */
function checkData(
  { objective, classes, baseScore }: TrainingPlan,
  { train, validation }: TrainingData,
): void {
  for (const [name, matrix] of Object.entries({ train, validation })) {
    matrix?.labels.forEach((label, row) => {
      const fault = objective.labelFault(label, classes);
      if (fault) throw new UserError(`Row ${row + 1} of the channel '${name}' has label ${label}: ${fault}.`);
    });
  }
  if (validation && validation.columns !== train.columns) {
    throw new UserError(
      `The channel 'validation' has ${validation.columns} features, but 'train' has ${train.columns}.`,
    );
  }
  const logistic = objective.boosterName.endsWith(':logistic');
  if (logistic && baseScore !== undefined && (baseScore <= 0 || baseScore >= 1)) {
    throw new UserError(`base_score is ${baseScore}, but must be within (0, 1) for logistic loss.`);
  }
}

/** SageMaker's container stops early only on an explicit metric of a validation channel; else it trains on. */
function earlyStoppingOf(plan: TrainingPlan, data: TrainingData, log: Log): EarlyStopping | undefined {
  if (plan.earlyStoppingRounds === undefined) return undefined;
  if (data.validation && plan.explicitMetrics) return new EarlyStopping(plan.earlyStoppingRounds);
  log('early_stopping_rounds has no effect: it needs a validation channel and eval_metric, as in SageMaker.');
  return undefined;
}

/** With early stopping SageMaker keeps the rounds up to the best one, stopped or not. */
function keepBest(file: Uint8Array, plan: TrainingPlan, bestRound: number, log: Log): Uint8Array {
  log(`Keeping rounds 0 to ${bestRound}, the best.`);
  return truncateModelFile(file, (bestRound + 1) * treesPerRound(plan));
}

function treesPerRound({ classes, parallelTrees }: TrainingPlan): number {
  return classes * parallelTrees;
}

/** Scores each round of a growing model on the training and the validation data. */
class Evaluation {
  readonly #plan: TrainingPlan;
  readonly #data: TrainingData;
  #running: { readonly dataset: Score['dataset']; readonly margins: RunningMargins }[] = [];

  constructor(plan: TrainingPlan, data: TrainingData) {
    this.#plan = plan;
    this.#data = data;
  }

  /** Logs rounds `[from, to)`; whether early stopping says enough. */
  run(file: Uint8Array, from: number, to: number, log: Log, stopping: EarlyStopping | undefined): boolean {
    const model = parseModelFile(file);
    if (from === 0) this.#start(model.baseMargin);
    for (let round = from; round < to; round += 1) {
      for (const { margins } of this.#running)
        margins.advance(model, (round + 1) * treesPerRound(this.#plan));
      const scores = this.#scores();
      log(evaluationLine(round, scores));
      if (stopping?.observe(round, scores)) return true;
    }
    return false;
  }

  #start(baseMargin: number): void {
    const { train, validation } = this.#data;
    const margins = (matrix: Matrix): RunningMargins =>
      new RunningMargins(matrix, this.#plan.classes, baseMargin);
    this.#running = [{ dataset: 'train', margins: margins(train) }];
    if (validation) this.#running.push({ dataset: 'validation', margins: margins(validation) });
  }

  #scores(): Score[] {
    const { metrics, classes, objective } = this.#plan;
    return this.#running.flatMap(({ dataset, margins }) => {
      const predictions = transformed(margins.margins, classes, objective.evaluated);
      const evaluated = { predictions, labels: margins.matrix.labels, classes };
      return metrics.map((metric) => ({ dataset, metric, value: metric.compute(evaluated) }));
    });
  }
}

function transformed(margins: Float32Array, classes: number, transform: Transform): Float32Array {
  const predictions = margins.slice();
  for (let at = 0; at < predictions.length; at += classes) transform(predictions, at, classes);
  return predictions;
}
