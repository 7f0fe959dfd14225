import { constant, everySort, heavyTail, normal, type Population, ties, zipf } from './populations.ts';
import type { SimulatedColumn, Simulation } from './simulate.ts';

/** What is simulated, in the order of the report. */
export interface SimulationPart {
  readonly part: 'features' | 'sorts' | 'references' | 'configured' | 'columns' | 'power';
  /** What it is called in the table: a row, or a curve. */
  readonly row: string;
  readonly simulation: Simulation;
}

/** Windows are judged at this level where the level itself is examined: it takes few windows to see whether it holds. */
export const examinedAlpha = 0.05;
/** The default definition's: one false alarm a year, daily windows, half of it for drift. */
export const configuredAlpha = 1 / 365.25 / 2;
export const defaultDistance = 0.1;

export const windowSizes = [50, 100, 200, 500, 1000, 10_000, 100_000, 1_000_000];
const fewSizes = [50, 200, 1000, 100_000];
const powerSizes = [50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000];
const featureCounts = [1, 10, 50, 200];

/** Columns that are judged per cell of the tables: enough windows for a share of 5 % to be known to 2 %, where there are few columns. */
const columnsPerCell = 6000;
const mostWindows = 1000;
const fewestWindows = 60;
const configuredWindows = 1500;
const comparedWindows = 200;

/** @param effort 1 for all windows, less for fewer */
export function planSimulations(effort: number): SimulationPart[] {
  return [
    ...byFeatures(effort),
    ...bySort(effort),
    ...byReference(effort),
    ...asConfigured(effort),
    ...besideEvidently(effort),
    ...power(effort),
  ];
}

function unchanged(populations: readonly Population[]): SimulatedColumn[] {
  return populations.map((population) => ({ before: population, now: population }));
}

function repeated(populations: readonly Population[], count: number): Population[] {
  return Array.from({ length: count }, (_, index) => populations[index % populations.length] ?? constant);
}

function windowsFor(columns: number, effort: number): number {
  const windows = Math.min(mostWindows, Math.max(fewestWindows, Math.round(columnsPerCell / columns)));
  return Math.max(10, Math.round(windows * effort));
}

const nullBase = {
  trainingRows: 20_000,
  referenceRows: 5000,
  alpha: examinedAlpha,
  minimumDistance: defaultDistance,
  withEvidently: false,
};

function byFeatures(effort: number): SimulationPart[] {
  return featureCounts.flatMap((count) =>
    windowSizes.map((windowRows) => ({
      part: 'features' as const,
      row: count === 1 ? '1 feature' : `${count} features`,
      simulation: {
        ...nullBase,
        name: `features ${count} ${windowRows}`,
        columns: unchanged(repeated(everySort, count)),
        windowRows,
        windows: windowsFor(count, effort),
      },
    })),
  );
}

const sorts: readonly Population[] = [
  normal(),
  heavyTail,
  ties,
  { ...normal(), name: 'prediction, bins from the reference', binnedByReference: true },
  zipf(2),
  zipf(20),
  zipf(100),
  { ...normal(0, 0.05), name: 'normal, 5 % missing' },
  constant,
];

function bySort(effort: number): SimulationPart[] {
  return sorts.flatMap((sort) =>
    fewSizes.map((windowRows) => ({
      part: 'sorts' as const,
      row: sort.name,
      simulation: {
        ...nullBase,
        name: `sort ${sort.name} ${windowRows}`,
        columns: unchanged(repeated([sort], 10)),
        windowRows,
        windows: windowsFor(20, effort),
      },
    })),
  );
}

function byReference(effort: number): SimulationPart[] {
  return [200, 1000, 100_000].flatMap((referenceRows) =>
    fewSizes.map((windowRows) => ({
      part: 'references' as const,
      row: `${referenceRows.toLocaleString('en')} rows of reference`,
      simulation: {
        ...nullBase,
        name: `reference ${referenceRows} ${windowRows}`,
        columns: unchanged(repeated(everySort, 10)),
        referenceRows,
        windowRows,
        windows: windowsFor(20, effort),
      },
    })),
  );
}

function asConfigured(effort: number): SimulationPart[] {
  return windowSizes.map((windowRows) => ({
    part: 'configured' as const,
    row: '10 features',
    simulation: {
      ...nullBase,
      name: `configured ${windowRows}`,
      columns: unchanged(everySort),
      alpha: configuredAlpha,
      windowRows,
      windows: Math.max(10, Math.round(configuredWindows * effort)),
    },
  }));
}

/** One column each, so that the first is any: how often Evidently's rule calls a column drift that has not moved. */
function besideEvidently(effort: number): SimulationPart[] {
  return [5000, 1000].flatMap((referenceRows) =>
    [normal(), zipf(4), zipf(20), zipf(100)].flatMap((population) =>
      windowSizes.map((windowRows) => ({
        part: 'columns' as const,
        row: `${population.name}, ${referenceRows.toLocaleString('en')} rows of reference`,
        simulation: {
          ...nullBase,
          name: `column ${population.name} ${referenceRows} ${windowRows}`,
          columns: unchanged([population]),
          referenceRows,
          windowRows,
          alpha: configuredAlpha,
          windows: Math.max(10, Math.round(comparedWindows * effort)),
          withEvidently: true,
        },
      })),
    ),
  );
}

/** The column that moves; nine others of every sort do not. */
const moves: readonly (SimulatedColumn & { readonly name: string })[] = [
  { name: 'mean moves by 0.3 σ', before: normal(), now: normal(0.3) },
  { name: 'mean moves by 0.5 σ', before: normal(), now: normal(0.5) },
  { name: 'a category of 20 doubles', before: zipf(20), now: zipf(20, { growth: 2.2 }) },
  { name: '5 % of values are new', before: zipf(20), now: zipf(20, { unseen: 0.05 }) },
  { name: 'missing 2 % → 10 %', before: normal(0, 0.02), now: normal(0, 0.1) },
];

function power(effort: number): SimulationPart[] {
  return moves.flatMap((moved) =>
    powerSizes.map((windowRows) => ({
      part: 'power' as const,
      row: moved.name,
      simulation: {
        ...nullBase,
        name: `power ${moved.name} ${windowRows}`,
        columns: [moved, ...unchanged(everySort.slice(0, 9))],
        alpha: configuredAlpha,
        windowRows,
        windows: Math.max(10, Math.round(comparedWindows * effort)),
        withEvidently: true,
      },
    })),
  );
}
