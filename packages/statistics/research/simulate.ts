import type { Uniform } from '../drift/draws.ts';
import type { ComparedColumn, DriftJudgement } from '../drift/drift.schema.ts';
import { judgeDrift } from '../drift/judge-drift.ts';
import { seedOf } from '../drift/seed.ts';
import { seededUniform } from '../metrics/random.ts';
import { evidentlyCallsDrift } from './evidently.ts';
import type { Population } from './populations.ts';
import { comparedColumn, drawSample, planSampleBins, type Sample } from './samples.ts';

/** A column of simulated windows: what it was, and what it is now. */
export interface SimulatedColumn {
  readonly before: Population;
  readonly now: Population;
}

export interface Simulation {
  readonly columns: readonly SimulatedColumn[];
  /** Rows that bins are made from, rows of the reference, and of each window. */
  readonly trainingRows: number;
  readonly referenceRows: number;
  readonly windowRows: number;
  readonly windows: number;
  readonly alpha: number;
  readonly minimumDistance: number;
  readonly withEvidently: boolean;
  readonly name: string;
}

/** How many windows had what. */
export interface SimulationOutcome {
  readonly windows: number;
  /** Any test of any column is significant, however small the change. */
  readonly significant: number;
  /** The monitor's verdict is drift. */
  readonly drift: number;
  /** Evidently's rule calls the first column drift, any column, at least half of the columns. */
  readonly evidentlyFirst: number;
  readonly evidentlyAny: number;
  readonly evidentlyHalf: number;
}

/** Draws windows, each with its own training rows and reference, and judges them. */
export function simulate(simulation: Simulation): SimulationOutcome {
  const outcome = { significant: 0, drift: 0, evidentlyFirst: 0, evidentlyAny: 0, evidentlyHalf: 0 };
  const seed = seedOf(simulation.name);
  const uniform = seededUniform(seed);
  for (let window = 0; window < simulation.windows; window += 1) {
    const drawn = simulation.columns.map((column, index) => drawColumn(column, index, simulation, uniform));
    const judged = judgeDrift(
      drawn.map(({ compared }) => compared),
      {
        alpha: simulation.alpha,
        minimumDistance: simulation.minimumDistance,
        minimumRows: 1,
        seed: (seed + window) >>> 0,
      },
    );
    outcome.drift += judged.verdict === 'drift' ? 1 : 0;
    outcome.significant += hasSignificant(judged) ? 1 : 0;
    if (simulation.withEvidently) addEvidently(outcome, simulation, drawn);
  }
  return { windows: simulation.windows, ...outcome };
}

interface DrawnColumn {
  readonly compared: ComparedColumn;
  readonly reference: Sample;
  readonly current: Sample;
}

function drawColumn(
  { before, now }: SimulatedColumn,
  index: number,
  simulation: Simulation,
  uniform: Uniform,
): DrawnColumn {
  const reference = drawSample(before, simulation.referenceRows, uniform);
  const current = drawSample(now, simulation.windowRows, uniform);
  const training = before.binnedByReference
    ? reference
    : drawSample(before, simulation.trainingRows, uniform);
  const bins = planSampleBins(before, training);
  return {
    compared: comparedColumn(`column ${index}`, before, bins, reference, current),
    reference,
    current,
  };
}

function hasSignificant({ columns }: DriftJudgement): boolean {
  return columns.some(({ tests }) => tests.some(({ significant }) => significant));
}

function addEvidently(
  outcome: { evidentlyFirst: number; evidentlyAny: number; evidentlyHalf: number },
  { columns }: Simulation,
  drawn: readonly DrawnColumn[],
): void {
  const called = drawn.map(({ reference, current }, index) => {
    const population = columns[index]?.before;
    return population !== undefined && evidentlyCallsDrift(population, reference, current);
  });
  const count = called.filter(Boolean).length;
  outcome.evidentlyFirst += called[0] ? 1 : 0;
  outcome.evidentlyAny += count > 0 ? 1 : 0;
  outcome.evidentlyHalf += count >= columns.length / 2 ? 1 : 0;
}
