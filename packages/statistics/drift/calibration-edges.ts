import { answerTolerance, ascending, betweenAnswers } from './answer-edges.ts';

/** Rows that a bin of a class should have. */
const rowsPerBin = 100;
/** Bins of the calibration, the tails apart. Each then holds a hundred of the 5,000 rows that a hold-out easily has. */
const calibrationBins = { fewest: 5, most: 50 };
/**
 * The outer bins are halved down to so many rows: tails are where predictions move to, and a wide last bin hides that they are no
 * longer told apart. Simulated (4,000 rows), a window that moves by a standard deviation was misjudged by 0.04 of AUC without.
 */
const rowsInTail = 10;

/**
 * Edges between which predictions are alike for the calibration: quantiles of the hold-out's predictions, and its ends, beyond which it
 * has nothing to say.
 * @param threshold at which a binary model decides, which is an edge so that no bin holds two decisions; `null` for none
 * @param classes each of which has these edges, the numbers being certainties; 1 if there are none
 */
export function calibrationEdges(predictions: Float64Array, threshold: number | null, classes = 1): number[] {
  const sorted = predictions.toSorted();
  const answers = ascending(predictions);
  const quantiles = ranksOfEdges(sorted.length, classes).map((rank) => sorted[rank] ?? 0);
  const [lowest = 0, highest = 0] = [answers[0], answers.at(-1)];
  const ends = [lowest - answerTolerance(lowest), highest + answerTolerance(highest)];
  const edges = [...betweenAnswers(answers, quantiles), ...ends];
  return ascending(threshold === null ? edges : [...edges, threshold]);
}

/** Ranks at which a bin begins. */
function ranksOfEdges(rows: number, classes: number): number[] {
  const { fewest, most } = calibrationBins;
  const bins =
    classes === 1 ? most : Math.min(most, Math.max(fewest, Math.floor(rows / classes / rowsPerBin)));
  const inner = Array.from({ length: bins - 1 }, (_, index) => Math.floor(((index + 1) * rows) / bins));
  const tails: number[] = [];
  for (let tail = Math.floor(rows / bins / 2); tail >= rowsInTail * classes; tail = Math.floor(tail / 2)) {
    tails.push(tail, rows - tail);
  }
  return [...inner, ...tails];
}
