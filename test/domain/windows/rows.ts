import type { Encoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import type { WindowPlan } from '@tidemark/domain/windows/baseline.schema.ts';
import type { MonitoredRow } from '@tidemark/domain/windows/monitored.schema.ts';
import { fromRecord, monitoredColumns } from '@tidemark/domain/windows/monitored-form.ts';
import { planColumns, profiledColumn } from '@tidemark/domain/windows/plan-columns.ts';
import { calibrationEdges } from '@tidemark/statistics/drift/calibration-edges.ts';
import { Profiler } from '@tidemark/statistics/profile/profiler.ts';
import fc from 'fast-check';

/** Flights, and whether they are late. */
export const encoding: Encoding = {
  schemaVersion: 1,
  model: 'flight-delay',
  problem: 'binary',
  target: { column: 'delay', above: 15, classes: ['at most 15', 'above 15'] },
  features: [
    { kind: 'number', column: 'distance' },
    {
      kind: 'category',
      column: 'origin',
      values: { JFK: 0.3, SFO: 0.2, LAX: 0.1 },
      other: 0.25,
      method: 'target-mean',
    },
  ],
  encodedColumns: ['distance', 'origin'],
};

/** A flight as it is predicted. */
export interface Flight {
  readonly distance: number | null;
  readonly origin: string | null;
  readonly carrier: string | null;
  readonly score: number;
}

/** A captured prediction of the flight. */
export function rowOf(flight: Flight, id: number | string): MonitoredRow {
  const { distance, origin, carrier, score } = flight;
  const record = { distance, origin, carrier };
  return {
    inferenceId: `flight-${id}`,
    time: '2026-03-01T12:00:00.000Z',
    version: 1,
    values: [...fromRecord(encoding, record), score],
    prediction: [score],
    record,
  };
}

/** What windows of flights are counted by: bins made from these training flights and predictions. */
export function planOf(training: readonly Flight[], scores: Float64Array): WindowPlan {
  const columns = monitoredColumns(encoding);
  const profiler = new Profiler(columns.slice(0, -1).map(profiledColumn));
  for (const flight of training) profiler.addRow(fromRecord(encoding, { ...flight }));
  return {
    runId: 'run-1',
    problem: 'binary',
    columns,
    bins: planColumns(profiler.finish(), { values: scores }),
    timeParts: [],
    predictionEdges: calibrationEdges(scores, 0.5),
    segments: [
      { column: 'origin', source: 'monitored', values: ['JFK', 'SFO', 'LAX'] },
      { column: 'carrier', source: 'record', values: ['WN', 'AA'] },
    ],
    unused: [],
  };
}

/** Any flights: ties, missing values and categories that training has not seen among them. */
export const flights = (maxLength: number) =>
  fc.array(
    fc.record({
      distance: fc.option(fc.integer({ min: 0, max: 30 })),
      origin: fc.option(fc.constantFrom('JFK', 'SFO', 'LAX', 'OAK', 'ATL')),
      carrier: fc.option(fc.constantFrom('WN', 'AA', 'UA')),
      score: fc.integer({ min: 0, max: 20 }).map((twentieth) => twentieth / 20),
    }),
    { maxLength },
  );

/** Flights that training and hold-out are like: the same numbers each time. */
export const usualFlights: readonly Flight[] = Array.from({ length: 600 }, (_, index) => ({
  distance: 100 + ((index * 37) % 900),
  origin: ['JFK', 'SFO', 'LAX'][index % 3] ?? null,
  carrier: ['WN', 'AA'][index % 2] ?? null,
  score: ((index * 17) % 100) / 100,
}));

export const usualPlan = planOf(
  usualFlights,
  Float64Array.from(usualFlights, ({ score }) => score),
);
