import type { BinningPlan, ColumnPlan } from '../../packages/statistics/profile/binning-plan.schema.ts';
import { planBins } from '../../packages/statistics/profile/plan-bins.ts';
import type { Profile } from '../../packages/statistics/profile/profile.schema.ts';
import { type ProfiledColumn, Profiler } from '../../packages/statistics/profile/profiler.ts';
import type { WindowPlan } from './baseline.schema.ts';
import { edgesUpTo } from './bin-of.ts';
import type { MonitoredColumn } from './monitored.schema.ts';
import { predictionColumn } from './monitored-form.ts';

/** A monitored column as profiles know types. */
export function profiledColumn({ name, type }: MonitoredColumn): ProfiledColumn {
  return { name, type: type === 'number' ? 'number' : 'string' };
}

/**
 * The bins that monitored columns are counted in. Those of features are made from training rows, and classes are known. A number
 * that is predicted is binned by the hold-out's own predictions, as no others are held.
 * @param training profile of the features of training rows
 * @param predictions of the hold-out; classes, in multiclass problems
 */
export function planColumns(
  training: Profile,
  predictions: { readonly values: Float64Array } | { readonly classes: readonly string[] },
): BinningPlan {
  const ofFeatures = planBins(training).columns;
  const ofPrediction =
    'classes' in predictions ? [planClasses(predictions.classes)] : planPredictions(predictions.values);
  return { schemaVersion: 1, columns: [...ofFeatures, ...ofPrediction] };
}

function planClasses(classes: readonly string[]): ColumnPlan {
  return { kind: 'values', name: predictionColumn, values: [...classes], rare: '' };
}

/**
 * Quantiles of the very rows that are counted hold exactly as many of them each, which no second sample does. Simulated, a test at
 * 0.001 fires in 0.004 of the windows without change at 15 rows a bin, and in 0.001 at 100.
 */
const rowsPerBin = 100;
const bins = { fewest: 3, most: 20 };

function planPredictions(values: Float64Array): readonly ColumnPlan[] {
  const profiler = new Profiler([{ name: predictionColumn, type: 'number' }]);
  for (const value of values) {
    profiler.addNumber(0, value);
    profiler.endRow();
  }
  const maximumBins = Math.min(bins.most, Math.max(bins.fewest, Math.floor(values.length / rowsPerBin)));
  const [plan] = planBins(profiler.finish(), { maximumBins }).columns;
  if (plan === undefined) return [];
  const answers = ascending(values);
  const edges = plan.kind === 'edges' ? plan.edges : answers.slice(1);
  return [{ kind: 'edges', name: predictionColumn, edges: betweenAnswers(answers, edges) }];
}

/** Each once. */
function ascending(values: Iterable<number>): number[] {
  return [...new Set(values)].toSorted((a, b) => a - b);
}

/**
 * Moves edges from answers to the middles between them and the next lower ones: in which bin an answer lies must not depend on how many
 * digits a container prints. A sole answer has an edge on either side.
 */
function betweenAnswers(answers: readonly number[], edges: readonly number[]): number[] {
  const [only = 0] = answers;
  if (answers.length === 1) return [only - tolerance(only), only + tolerance(only)];
  const moved = edges.flatMap((edge) => {
    const above = answers[lowerCount(answers, edge)];
    const below = answers[lowerCount(answers, edge) - 1];
    return above === undefined || below === undefined ? [] : [(above + below) / 2];
  });
  return ascending(moved);
}

/** How many of the ascending answers are below the edge. */
function lowerCount(answers: readonly number[], edge: number): number {
  const upTo = edgesUpTo(answers, edge);
  return answers[upTo - 1] === edge ? upTo - 1 : upTo;
}

/** How far a deployment's proof lets the same answer lie off. */
function tolerance(answer: number): number {
  return 1e-6 + 1e-5 * Math.abs(answer);
}

/** Numbers of a prediction: one per class that the plan has. */
export function predictionWidth({ problem, bins }: Pick<WindowPlan, 'problem' | 'bins'>): number {
  if (problem !== 'multiclass') return 1;
  const planned = bins.columns.find(({ name }) => name === predictionColumn);
  return planned?.kind === 'values' ? planned.values.length : 1;
}

/** Bins of the calibration, the tails apart. Each then holds a hundred of the 5,000 rows that a hold-out easily has. */
const calibrationBins = { fewest: 5, most: 50 };
/**
 * The outer bins are halved down to so many rows: tails are where predictions move to, and a wide last bin hides that they are no
 * longer told apart. Simulated (4,000 rows), a window that moves by a standard deviation was misjudged by 0.04 of AUC without.
 */
const rowsInTail = 10;

/**
 * Edges between which predictions are alike for the calibration: quantiles of the hold-out's predictions, and its ends, beyond which it
 * has nothing to say.
 * @param threshold at which a binary model decides, which is an edge so that no bin holds two decisions; `null` for none
 * @param classes each of which has these edges, the numbers being certainties; 1 if there are none
 */
export function calibrationEdges(predictions: Float64Array, threshold: number | null, classes = 1): number[] {
  const sorted = predictions.toSorted();
  const answers = ascending(predictions);
  const quantiles = ranksOfEdges(sorted.length, classes).map((rank) => sorted[rank] ?? 0);
  const [lowest = 0, highest = 0] = [answers[0], answers.at(-1)];
  const ends = [lowest - tolerance(lowest), highest + tolerance(highest)];
  const edges = [...betweenAnswers(answers, quantiles), ...ends];
  return ascending(threshold === null ? edges : [...edges, threshold]);
}

/** Ranks at which a bin begins. */
function ranksOfEdges(rows: number, classes: number): number[] {
  const { fewest, most } = calibrationBins;
  const bins =
    classes === 1 ? most : Math.min(most, Math.max(fewest, Math.floor(rows / classes / rowsPerBin)));
  const inner = Array.from({ length: bins - 1 }, (_, index) => Math.floor(((index + 1) * rows) / bins));
  const tails: number[] = [];
  for (let tail = Math.floor(rows / bins / 2); tail >= rowsInTail * classes; tail = Math.floor(tail / 2)) {
    tails.push(tail, rows - tail);
  }
  return [...inner, ...tails];
}
