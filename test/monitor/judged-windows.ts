import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import type { Baseline } from '@tidemark/domain/windows/baseline.schema.ts';
import { WindowCounter } from '@tidemark/domain/windows/window-counter.ts';
import type { WindowFacts } from '@tidemark/domain/windows/window-facts.schema.ts';
import type { WindowToJudge } from '../../functions/monitor/judge-window.ts';
import { encoding, type Flight, rowOf, usualFlights, usualPlan } from '../domain/windows/rows.ts';

/** Facts of as many usual flights, each changed. */
export function factsOf(
  rows: number,
  change: (flight: Flight, id: number) => Flight = (flight) => flight,
): WindowFacts {
  const counter = new WindowCounter(usualPlan, encoding);
  for (let id = 0; id < rows; id += 1) counter.add(rowOf(change(usualFlight(id), id), id));
  return counter.facts();
}

/** The usual flights in another order each time they are gone through. */
export function usualFlight(id: number): Flight {
  const flight = usualFlights[(id * 7) % usualFlights.length];
  if (!flight) throw new Error('There are no usual flights.');
  return flight;
}

/** What usual flights are worth to a model that is right as often as its scores say. */
export function baselineOf(more: Partial<Baseline> = {}): Baseline {
  const edges = usualPlan.predictionEdges ?? [];
  const holdout = factsOf(2400);
  const rows = holdout.predictionCounts ?? [];
  const middles = rows.map((_, bin) => ((edges[bin - 1] ?? 0) + (edges[bin] ?? 1)) / 2);
  return {
    schemaVersion: 1,
    model: 'flight-delay',
    datasetId: 'ds-0123456789abcdef',
    plan: usualPlan,
    plannedRows: usualFlights.length,
    classes: [...encoding.target.classes],
    decisionThreshold: 0.5,
    holdout,
    quality: {
      metric: 'auc',
      value: 0.83,
      standardError: 0.008,
      rows: holdout.rows,
      guess: 0.5,
      calibration: {
        problem: 'binary',
        edges: [...edges],
        rows,
        positives: rows.map((count, bin) => Math.round(count * (middles[bin] ?? 0))),
        scores: rows.map((count, bin) => count * (middles[bin] ?? 0)),
      },
      blocks: [],
      metrics: { auc: { value: 0.83, low: 0.81, high: 0.85 } },
      confidence: 0.95,
      segments: [],
    },
    ...more,
  };
}

const usualBaseline = baselineOf();

const object = (key: string) => ({ bucket: 'artifacts', key, versionId: 'v1', sha256: '0'.repeat(64) });

/** A window of usual flights, unless it is said otherwise. */
export function windowToJudge(more: Partial<WindowToJudge> = {}): WindowToJudge {
  return {
    definition: definitionSchema.parse({
      name: 'flight-delay',
      problem: 'binary',
      target: { column: 'delay', above: 15 },
      segments: ['origin', 'carrier'],
    }),
    windowId: '20260301T140000Z',
    end: new Date('2026-03-01T14:00:00Z'),
    version: 1,
    baseline: usualBaseline,
    window: factsOf(1000),
    late: { taken: 0, left: 0 },
    labels: { refused: [], unknown: [], replaced: [] },
    reference: [],
    previousReport: null,
    evidence: {
      baseline: object('runs/flight-delay/0123456789/baseline.json'),
      window: { bucket: 'artifacts', key: 'window.json', versionId: 'v1' },
      profile: object('profile.json'),
      references: [],
      definitionHash: 'd1',
      codeVersion: 'c1',
    },
    ...more,
  };
}
