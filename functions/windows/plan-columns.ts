import type { MonitoredColumn } from '../capture/monitored.schema.ts';
import { predictionColumn } from '../capture/monitored-form.ts';
import type { BinningPlan, ColumnPlan } from '../profile/binning-plan.schema.ts';
import { planBins } from '../profile/plan-bins.ts';
import type { Profile } from '../profile/profile.schema.ts';
import { type ProfiledColumn, Profiler } from '../profile/profiler.ts';

/** A monitored column as profiles know types. */
export function profiledColumn({ name, type }: MonitoredColumn): ProfiledColumn {
  return { name, type: type === 'number' ? 'number' : 'string' };
}

/**
 * The bins that monitored columns are counted in. Those of features are made from training rows, and classes are known. A number
 * that is predicted is binned by the hold-out's own predictions, as no others are held: its quantiles split later predictions
 * as unevenly as a second sample would, so the tests stand.
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
 * Edges, also for a model with few different answers: which of them a container means must not depend on how many digits it
 * prints, so they lie between the answers.
 */
function planPredictions(values: Float64Array): readonly ColumnPlan[] {
  const profiler = new Profiler([{ name: predictionColumn, type: 'number' }]);
  for (const value of values) {
    profiler.addNumber(0, value);
    profiler.endRow();
  }
  const [plan] = planBins(profiler.finish()).columns;
  if (plan?.kind !== 'values') return plan ? [plan] : [];
  return [{ kind: 'edges', name: predictionColumn, edges: edgesBetween(new Set(values)) }];
}

/** Around a sole answer: as far as a deployment's proof lets the same answer lie off. */
function edgesBetween(answers: ReadonlySet<number>): number[] {
  const sorted = [...answers].toSorted((a, b) => a - b);
  const [only = 0] = sorted;
  if (sorted.length === 1) return [only - tolerance(only), only + tolerance(only)];
  return sorted.slice(1).map((answer, index) => (answer + (sorted[index] ?? answer)) / 2);
}

function tolerance(answer: number): number {
  return 1e-6 + 1e-5 * Math.abs(answer);
}

/** Bins of the calibration at most. Each then holds a hundred of the 5,000 rows that a hold-out easily has. */
const calibrationBins = 50;

/**
 * Edges between which predictions are alike for the calibration: quantiles of the hold-out's predictions.
 * @param threshold at which a binary model decides, which is an edge so that no bin holds two decisions; `null` for none
 */
export function calibrationEdges(predictions: Float64Array, threshold: number | null): number[] {
  const sorted = predictions.toSorted();
  const quantiles = Array.from(
    { length: calibrationBins - 1 },
    (_, index) => sorted[Math.floor(((index + 1) * sorted.length) / calibrationBins)] ?? 0,
  );
  const edges = threshold === null ? quantiles : [...quantiles, threshold];
  return [...new Set(edges)].toSorted((a, b) => a - b);
}
