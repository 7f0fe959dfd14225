import type { Baseline } from '../../functions/windows/baseline.schema.ts';
import { WindowCounter } from '../../functions/windows/window-counter.ts';
import { encoding, type Flight, rowOf, usualFlights, usualPlan } from '../windows/rows.ts';

/** Whether the flight is late, so that the score tells it with some error. */
export function isLate({ score, distance }: Flight): boolean {
  return score + (((distance ?? 0) * 7) % 10) / 20 > 0.75;
}

/** The baseline of a version whose hold-out are the usual flights. */
export function usualBaseline(model: string): Baseline {
  const counter = new WindowCounter(usualPlan, encoding);
  for (const [index, flight] of usualFlights.entries()) counter.addTimeless(rowOf(flight, index));
  return {
    schemaVersion: 1,
    model,
    datasetId: 'ds-0123456789abcdef',
    plan: usualPlan,
    plannedRows: usualFlights.length,
    classes: encoding.target.classes,
    decisionThreshold: 0.5,
    holdout: counter.facts(),
    quality: {
      metric: 'auc',
      value: 0.9,
      standardError: 0.012,
      rows: usualFlights.length,
      guess: 0.5,
      calibration: calibration(usualPlan.predictionEdges ?? []),
      metrics: { auc: { value: 0.9, low: 0.876, high: 0.924 } },
      confidence: 0.95,
      segments: [],
    },
  };
}

function calibration(edges: readonly number[]) {
  const bins = () => new Array<number>(edges.length + 1).fill(0);
  const [rows, positives, scores] = [bins(), bins(), bins()];
  for (const flight of usualFlights) {
    const bin = edges.filter((edge) => edge <= flight.score).length;
    rows[bin] = (rows[bin] ?? 0) + 1;
    positives[bin] = (positives[bin] ?? 0) + Number(isLate(flight));
    scores[bin] = (scores[bin] ?? 0) + flight.score;
  }
  return { problem: 'binary' as const, edges: [...edges], rows, positives, scores };
}
