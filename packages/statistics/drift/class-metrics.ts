import type { MetricName } from '../metrics/metric.ts';

/** Predictions of a multiclass model, counted or expected. */
export interface ClassCounts {
  /** By class: rows of which the model says it, those of them that are it, and rows that are it; last, a class that the model does not know. */
  readonly predicted: readonly number[];
  readonly right: readonly number[];
  readonly occurring: readonly number[];
  /** Sum over the rows of -ln of the probability given to the true class. */
  readonly loss: number;
}

/** A metric of predictions, as the measured one is defined; `undefined` without rows, and for a metric that counts do not determine. */
export function metricOfClasses(metric: MetricName, counts: ClassCounts): number | undefined {
  const { predicted, right, occurring, loss } = counts;
  const rows = sum(predicted);
  if (rows === 0) return undefined;
  switch (metric) {
    case 'logLoss':
      return loss / rows;
    case 'accuracy':
      return sum(right) / rows;
    case 'macroPrecision':
      return macroAverage(counts, (each) => predicted[each] ?? 0);
    case 'macroRecall':
      return macroAverage(counts, (each) => occurring[each] ?? 0);
    case 'macroF1':
      return macroAverage(counts, (each) => ((predicted[each] ?? 0) + (occurring[each] ?? 0)) / 2);
    default:
      return undefined;
  }
}

/** Over the classes that occur or are predicted; 0 for one without denominator. */
function macroAverage(
  { predicted, right, occurring }: ClassCounts,
  denominatorOf: (each: number) => number,
): number {
  const present = Array.from(occurring.keys()).filter(
    (each) => (occurring[each] ?? 0) + (predicted[each] ?? 0) > 0,
  );
  const ratios = present.map((each) =>
    denominatorOf(each) > 0 ? (right[each] ?? 0) / denominatorOf(each) : 0,
  );
  return sum(ratios) / present.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
