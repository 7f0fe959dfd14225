import { calibrationEdges } from '../drift/calibration-edges.ts';
import { drawNormal, type Uniform } from '../drift/draws.ts';
import { calibrationOf, judgeQuality, measureMetric } from '../drift/judge-quality.ts';
import { predictionCertainty } from '../drift/prediction-bin.ts';
import type { HoldoutBlock, MeasuredMetric, QualityBaseline } from '../drift/quality.schema.ts';
import { seedOf } from '../drift/seed.ts';
import type { ProblemType } from '../metrics/metric-names.ts';
import type { Predictions } from '../metrics/predictions.ts';
import { seededUniform } from '../metrics/random.ts';
import { drawPredictions, judgedMetric, type RowsOf } from './quality-populations.ts';

/** Windows whose quality is judged, each against a hold-out of its own. */
export interface QualitySimulation {
  readonly name: string;
  readonly problem: ProblemType;
  readonly holdoutRows: number;
  /** Days that the hold-out has, each of which differs from the others as the window does; 0 for rows that do not. */
  readonly days: number;
  /** Whether the hold-out knows which rows are of which day. */
  readonly isTimed: boolean;
  /** Labelled windows before this one. */
  readonly earlier: number;
  readonly windowRows: number;
  readonly windows: number;
  /** Of the window. */
  readonly rowsOf: RowsOf;
  readonly alpha: number;
  /** Whether the window has labels, or is estimated. */
  readonly isLabelled: boolean;
}

/** How many windows had what. */
export interface QualityOutcome {
  readonly windows: number;
  /** The test is significant, however small the loss. */
  readonly significant: number;
  readonly degraded: number;
  /** Of windows without labels: those that are estimated, and those whose interval holds what labels would have shown. */
  readonly estimated: number;
  readonly covered: number;
  /** Means over those: how far the truth has moved from the hold-out's, how far the estimate is off, and its standard error. */
  readonly moved: number;
  readonly error: number;
  readonly standardError: number;
}

const usual: RowsOf = { lost: 0, spread: 1, centre: 0 };
/** Days lose a fifth of what is better than a guess on average, give or take half of that. */
const lostOfDays = { mean: 0.2, deviation: 0.1 };

export function simulateQuality(simulation: QualitySimulation): QualityOutcome {
  const seed = seedOf(simulation.name);
  const uniform = seededUniform(seed);
  const sum = { significant: 0, degraded: 0, estimated: 0, covered: 0, moved: 0, error: 0, standardError: 0 };
  for (let window = 0; window < simulation.windows; window += 1) {
    const baseline = drawBaseline(simulation, uniform);
    const rows = drawDay(simulation, simulation.windowRows, simulation.rowsOf, uniform);
    if (simulation.isLabelled) addMeasured(sum, simulation, baseline, rows, uniform);
    else addEstimated(sum, simulation, baseline, rows, seed + window);
  }
  const { estimated } = sum;
  const mean = (total: number) => (estimated === 0 ? 0 : total / estimated);
  return {
    ...sum,
    windows: simulation.windows,
    moved: mean(sum.moved),
    error: mean(sum.error),
    standardError: mean(sum.standardError),
  };
}

type Sums = { -readonly [K in keyof Omit<QualityOutcome, 'windows'>]: number };

const policy = { maximumDrop: 0.1, minimumLabels: 50, minimumRows: 200 };

function addMeasured(
  sum: Sums,
  simulation: QualitySimulation,
  baseline: QualityBaseline,
  labelled: Predictions,
  uniform: Uniform,
): void {
  const earlier = Array.from({ length: simulation.earlier }, () =>
    measured(drawDay(simulation, simulation.windowRows, usual, uniform)),
  );
  const evidence = { labelled, earlier: { measured: earlier, estimated: [] } };
  const judged = judgeQuality(baseline, evidence, { ...policy, alpha: simulation.alpha, seed: 1 });
  sum.significant += (judged.drop ?? 0) > 0 && (judged.p ?? 1) <= simulation.alpha ? 1 : 0;
  sum.degraded += judged.verdict === 'degraded' ? 1 : 0;
}

function addEstimated(
  sum: Sums,
  { alpha }: QualitySimulation,
  baseline: QualityBaseline,
  rows: Predictions,
  seed: number,
): void {
  const predictionCounts = calibrationOf(rows, baseline.calibration?.edges ?? []).rows;
  const judged = judgeQuality(baseline, { predictionCounts }, { ...policy, alpha, seed: seed >>> 0 });
  const { estimated } = judged;
  if (!estimated) return;
  const truth = measured(rows).value;
  sum.estimated += 1;
  sum.covered += truth >= estimated.low && truth <= estimated.high ? 1 : 0;
  sum.moved += truth - estimated.expected;
  sum.error += estimated.value - truth;
  sum.standardError += estimated.standardError;
  sum.significant += (judged.drop ?? 0) > 0 && (judged.p ?? 1) <= alpha ? 1 : 0;
  sum.degraded += judged.verdict === 'degraded' ? 1 : 0;
}

function drawBaseline(simulation: QualitySimulation, uniform: Uniform): QualityBaseline {
  const { holdoutRows, isTimed, isLabelled, problem } = simulation;
  const days = Math.max(1, simulation.days);
  const drawn = Array.from({ length: days }, () => drawDay(simulation, holdoutRows / days, usual, uniform));
  const all = together(drawn);
  const calibration = isLabelled ? undefined : calibrationOf(all, edgesOf(all));
  const blocks = isTimed ? drawn.map((day) => blockOf(day, calibration?.edges ?? null)) : [];
  return {
    ...measured(all),
    guess: judgedMetric[problem].guess,
    blocks,
    ...(calibration && { calibration }),
  };
}

/** Rows of a day, with its own loss where days differ. */
function drawDay(
  { problem, days }: QualitySimulation,
  rows: number,
  rowsOf: RowsOf,
  uniform: Uniform,
): Predictions {
  const { mean, deviation } = lostOfDays;
  const ofDay = days === 0 ? 0 : Math.min(1, Math.max(0, mean + deviation * drawNormal(uniform)));
  return drawPredictions(problem, rows, { ...rowsOf, lost: ofDay + rowsOf.lost * (1 - ofDay) }, uniform);
}

function blockOf(day: Predictions, edges: readonly number[] | null): HoldoutBlock {
  const { value, standardError, rows } = measured(day);
  return { value, standardError, rows, predictionCounts: edges && calibrationOf(day, edges).rows };
}

/** @throws Error when the rows do not allow the metric, which simulated ones always do */
function measured(predictions: Predictions): MeasuredMetric {
  const found = measureMetric(judgedMetric[predictions.problem].metric, predictions);
  if (!found) throw new Error(`${predictions.labels.length} rows do not have a metric.`);
  return found;
}

function together(parts: readonly Predictions[]): Predictions {
  const [first] = parts;
  if (!first) throw new Error('A hold-out has a day at least.');
  const labels = joined(parts.map((part) => part.labels));
  const numbers = joined(parts.map((part) => ('values' in part ? part.values : part.probabilities)));
  return 'values' in first
    ? { ...first, labels, values: numbers }
    : { ...first, labels, probabilities: numbers };
}

function joined(arrays: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const array of arrays) {
    all.set(array, filled);
    filled += array.length;
  }
  return all;
}

function edgesOf(predictions: Predictions): number[] {
  switch (predictions.problem) {
    case 'binary':
      return calibrationEdges(predictions.probabilities, 0.5);
    case 'multiclass': {
      const { classes, probabilities } = predictions;
      const certainties = predictions.labels.map((_, row) =>
        predictionCertainty(probabilities.subarray(row * classes, (row + 1) * classes)),
      );
      return calibrationEdges(certainties, null, classes);
    }
    case 'regression':
      return calibrationEdges(predictions.values, null);
  }
}
