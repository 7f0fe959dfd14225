import type { ProblemType } from '@tidemark/statistics/metrics/metric-names.ts';
import type { Predictions } from '@tidemark/statistics/metrics/predictions.ts';
import { wordsOf } from './words.ts';

/** A text and its row's label. */
export interface LabelledText {
  readonly text: string;
  readonly label: number;
}

/** Words share this many places by their hash: some hundred thousand different words still tell most of what they tell. */
const places = 2 ** 15;

/**
 * What a simple model of the words alone predicts: naive Bayes of the words that a text has (multinomial, Laplace smoothing), which needs no
 * tuning and, for a number, a line through the mean of what each word goes with. Far from the best that can be made of text, so what it
 * reaches is surely in the text.
 * @param classes 0 for regression
 */
export function predictByWords(
  problem: ProblemType,
  classes: number,
  training: readonly LabelledText[],
  judged: readonly LabelledText[],
): Predictions {
  const labels = Float64Array.from(judged, ({ label }) => label);
  if (problem === 'regression') {
    return { problem, labels, values: numbersByWords(training, judged) };
  }
  const probabilities = classesByWords(classes, training, judged);
  return problem === 'multiclass'
    ? { problem, labels, classes, probabilities }
    : { problem, labels, probabilities: probabilities.filter((_, index) => index % 2 === 1) };
}

function classesByWords(
  classes: number,
  training: readonly LabelledText[],
  judged: readonly LabelledText[],
): Float64Array {
  const counts = Array.from({ length: classes }, () => new Float64Array(places));
  const words = new Float64Array(classes);
  const rows = new Float64Array(classes);
  for (const { text, label } of training) {
    rows[label] = (rows[label] ?? 0) + 1;
    for (const place of placesOf(text)) {
      add(counts[label], place);
      words[label] = (words[label] ?? 0) + 1;
    }
  }
  const probabilities = new Float64Array(judged.length * classes);
  for (const [row, { text }] of judged.entries()) {
    const found = placesOf(text);
    const scores = counts.map((count, label) =>
      found.reduce(
        (sum, place) => sum + Math.log(((count[place] ?? 0) + 1) / ((words[label] ?? 0) + places)),
        Math.log(((rows[label] ?? 0) + 1) / (training.length + classes)),
      ),
    );
    probabilities.set(softmax(scores), row * classes);
  }
  return probabilities;
}

function softmax(scores: readonly number[]): number[] {
  const highest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - highest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** Rows that the mean of all counts for in a word's mean. */
const priorRows = 5;

/** Words get their means from one half of the rows and the line is laid through the other: a mean knows its own rows too well. */
function numbersByWords(training: readonly LabelledText[], judged: readonly LabelledText[]): Float64Array {
  const half = Math.ceil(training.length / 2);
  const mean = meanOf(training.map(({ label }) => label));
  const sums = new Float64Array(places);
  const rows = new Float64Array(places);
  for (const { text, label } of training.slice(0, half)) {
    for (const place of placesOf(text)) {
      add(sums, place, label - mean);
      add(rows, place);
    }
  }
  const scoreOf = ({ text }: LabelledText) =>
    meanOf(placesOf(text).map((place) => (sums[place] ?? 0) / ((rows[place] ?? 0) + priorRows)));
  const { slope, intercept } = lineThrough(
    training.slice(half).map((row) => ({ x: scoreOf(row), y: row.label })),
    mean,
  );
  return Float64Array.from(judged, (row) => intercept + slope * scoreOf(row));
}

function lineThrough(points: readonly { readonly x: number; readonly y: number }[], mean: number) {
  const [meanX, meanY] = [meanOf(points.map(({ x }) => x)), meanOf(points.map(({ y }) => y))];
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  if (spread === 0) return { slope: 0, intercept: points.length === 0 ? mean : meanY };
  const slope = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread;
  return { slope, intercept: meanY - slope * meanX };
}

function meanOf(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

function add(to: Float64Array | undefined, place: number, amount = 1): void {
  if (to) to[place] = (to[place] ?? 0) + amount;
}

/** FNV-1a of each word. */
function placesOf(text: string): number[] {
  return wordsOf(text).map((word) => {
    let hash = 0x811c9dc5;
    for (let index = 0; index < word.length; index += 1) {
      hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193);
    }
    return (hash >>> 0) % places;
  });
}
