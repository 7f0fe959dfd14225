import type { Smoke } from '@tidemark/domain/datasets/smoke.schema.ts';
import { readLines } from './read-lines.ts';

/** Plenty to tell two models apart, and 20 invocations take a second. */
const spreadRows = 15;
/** Rows with missing values travel another way through a container: an empty field is easily read as 0. */
const rowsWithMissing = 5;

/**
 * Chooses the rows that an endpoint must answer as it did here: evenly spread over the predictions, lowest and highest included,
 * and some with missing values if there are any.
 * @param scores one number per row by which rows are spread
 * @returns row numbers, ascending
 */
export function chooseSmokeRows(scores: Float64Array, hasMissing: Uint8Array): number[] {
  const order = [...scores.keys()].sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b);
  const missing = order.filter((row) => hasMissing[row] === 1);
  const chosen = new Set([...spread(order, spreadRows), ...spread(missing, rowsWithMissing)]);
  return [...chosen].sort((a, b) => a - b);
}

/** Marks the rows of a file of features that have an empty field. */
export async function markMissing(featuresPath: string, rows: number): Promise<Uint8Array> {
  const hasMissing = new Uint8Array(rows);
  for await (const { row, line } of lines(featuresPath)) {
    if (/(^|,)(,|$)/.test(line)) hasMissing[row] = 1;
  }
  return hasMissing;
}

/** The chosen rows with their features and predictions. */
export async function readSmokeRows(
  featuresPath: string,
  chosen: readonly number[],
  scores: Float64Array,
  width: number,
): Promise<Smoke['rows']> {
  const wanted = new Set(chosen);
  const rows: Smoke['rows'] = [];
  for await (const { row, line } of lines(featuresPath)) {
    if (!wanted.has(row)) continue;
    rows.push({ features: line, prediction: [...scores.subarray(row * width, (row + 1) * width)] });
  }
  return rows;
}

/** Elements at even distances, the first and the last included. */
function spread(values: readonly number[], count: number): number[] {
  const steps = Math.min(count, values.length);
  return Array.from({ length: steps }, (_, step) => {
    const place = steps === 1 ? 0 : Math.round((step * (values.length - 1)) / (steps - 1));
    return values[place] ?? 0;
  });
}

async function* lines(path: string): AsyncGenerator<{ row: number; line: string }> {
  let row = 0;
  for await (const line of readLines(path)) {
    yield { row, line };
    row += 1;
  }
}
