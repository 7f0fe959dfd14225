import { edgesUpTo } from './edges-up-to.ts';

/** What predictions are told apart by, for the calibration. */
export interface PredictionBins {
  /** Ascending: of the number that is predicted, or of the certainty of classes. */
  readonly edges: readonly number[];
  /** Numbers of a prediction: one, or one per class. */
  readonly width: number;
}

/** How many bins there are. */
export function predictionBinCount({ edges, width }: PredictionBins): number {
  return (edges.length + 1) * width;
}

/**
 * The bin of a prediction. Bins of a number are below the first edge, from each edge (included) to the next, and from the last edge on. Of
 * classes, each that the model says has such bins of its certainty; of equally probable ones the first is what it says.
 */
export function predictionBin({ edges, width }: PredictionBins, prediction: ArrayLike<number>): number {
  if (width === 1) return edgesUpTo(edges, prediction[0] ?? 0);
  const said = saidClass(prediction);
  return said * (edges.length + 1) + edgesUpTo(edges, predictionCertainty(prediction));
}

function saidClass(prediction: ArrayLike<number>): number {
  let said = 0;
  for (let each = 1; each < prediction.length; each += 1) {
    if ((prediction[each] ?? 0) > (prediction[said] ?? 0)) said = each;
  }
  return said;
}

/**
 * How sure a model of several classes is: 0 for all alike, 1 for a single one. It is 1 less the entropy of its probabilities over the largest that so
 * many classes can have. The highest probability alone would not tell one rival from many, between which the log loss differs.
 */
export function predictionCertainty(probabilities: ArrayLike<number>): number {
  let entropy = 0;
  for (let each = 0; each < probabilities.length; each += 1) {
    const p = probabilities[each] ?? 0;
    if (p > 0) entropy -= p * Math.log(p);
  }
  return 1 - entropy / Math.log(probabilities.length);
}
