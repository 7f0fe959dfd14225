import type { Baseline } from '@tidemark/domain/windows/baseline.schema.ts';
import { WindowCounter } from '@tidemark/domain/windows/window-counter.ts';
import { calibrationOf, measureMetric } from '@tidemark/statistics/drift/judge-quality.ts';
import { measure } from '@tidemark/statistics/metrics/measure.ts';
import type { Predictions } from '@tidemark/statistics/metrics/predictions.ts';
import { encoding, type Flight, rowOf, usualFlights, usualPlan } from '../domain/windows/rows.ts';

/** Whether the flight is late, which its score tells with some error. */
export function isLate({ score, distance }: Flight): boolean {
  return score + (((distance ?? 0) * 7) % 10) / 20 > 0.75;
}

const predictions: Predictions = {
  problem: 'binary',
  labels: Float64Array.from(usualFlights, (flight) => Number(isLate(flight))),
  probabilities: Float64Array.from(usualFlights, ({ score }) => score),
};

/** The baseline of a version whose hold-out are the usual flights. */
export function usualBaseline(model: string): Baseline {
  const measured = measureMetric('auc', predictions);
  if (!measured) throw new Error('The usual flights are all late, or none is.');
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
      ...measured,
      guess: 0.5,
      calibration: calibrationOf(predictions, usualPlan.predictionEdges ?? []),
      blocks: [],
      metrics: measure(predictions),
      confidence: 0.95,
      segments: [],
    },
  };
}
