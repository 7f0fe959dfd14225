import { ratio, sumOf } from './sums.ts';

/** Predictions of a multiclass model, counted or expected. */
export interface ClassCounts {
  /** By class: rows of which the model says it, those of them that are it, and rows that are it; last, a class that the model does not know. */
  readonly predicted: readonly number[];
  readonly right: readonly number[];
  readonly occurring: readonly number[];
  /** Sum over the rows of -ln of the probability given to the true class. */
  readonly loss: number;
}

/** How often a class's predictions and its occurrences count in the denominator of a macro average. */
export interface DenominatorWeights {
  readonly predicted: number;
  readonly occurring: number;
}

/** Over the classes that occur or are predicted; 0 for one without denominator. `undefined` without rows. */
export function expectedMacroAverage(
  { predicted, right, occurring }: ClassCounts,
  weights: DenominatorWeights,
): number | undefined {
  const present = Array.from(occurring.keys()).filter(
    (each) => (occurring[each] ?? 0) + (predicted[each] ?? 0) > 0,
  );
  const ratios = present.map((each) => {
    const denominator =
      weights.predicted * (predicted[each] ?? 0) + weights.occurring * (occurring[each] ?? 0);
    return denominator > 0 ? (right[each] ?? 0) / denominator : 0;
  });
  return ratio(sumOf(ratios), present.length);
}
