import { meanOf, type Pointwise } from './pointwise.ts';
import type { BinaryPredictions, MulticlassPredictions } from './predictions.ts';

/** A true class that was given no chance would cost infinitely much; scikit-learn's old floor, about 34.5 nats. */
const smallestProbability = 1e-15;

/** Mean over the rows of -ln of the probability given to the true class, in nats. */
export function logLoss(predictions: BinaryPredictions | MulticlassPredictions): Pointwise {
  return meanOf(
    predictions.labels.map((_, row) => {
      const probability = probabilityOfTruth(predictions, row);
      return -Math.log(Math.min(Math.max(probability, smallestProbability), 1));
    }),
  );
}

function probabilityOfTruth(predictions: BinaryPredictions | MulticlassPredictions, row: number): number {
  const label = predictions.labels[row] ?? -1;
  if (predictions.problem === 'binary') {
    const ofPositive = predictions.probabilities[row] ?? 0;
    return label === 1 ? ofPositive : 1 - ofPositive;
  }
  return label < 0 ? 0 : (predictions.probabilities[row * predictions.classes + label] ?? 0);
}
