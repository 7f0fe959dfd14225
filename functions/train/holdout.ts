import { parsePrediction } from '@tidemark/domain/datasets/prediction.ts';
import { labelColumn } from '@tidemark/domain/datasets/row-hash.ts';
import { InvalidInputError } from '@tidemark/domain/errors.ts';
import type { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { identifier, literal } from '@tidemark/statistics/tables/sql.ts';
import { readLines } from './read-lines.ts';

/** A batch transform's answer does not fit the rows that it was given. */
export class UnusableScoresError extends InvalidInputError {
  override readonly name = 'UnusableScoresError';
}

/** The truth about the hold-out. */
export interface Holdout {
  readonly labels: Float64Array;
  /** For each segment column the row numbers of each of its values, as text; `null` for rows without one. */
  readonly segments: ReadonlyMap<string, ReadonlyMap<string | null, readonly number[]>>;
}

/** Reads labels and segments from the file of raw hold-out rows, in its order. */
export async function readHoldout(
  database: Database,
  path: string,
  segments: readonly string[],
): Promise<Holdout> {
  const labels: number[] = [];
  const rowsOf = segments.map(() => new Map<string | null, number[]>());
  const values = segments.map((column) => `CAST(${identifier(column)} AS VARCHAR)`);
  const query = `SELECT ${[labelColumn, ...values].join(', ')} FROM read_parquet(${literal(path)})`;
  for await (const [some = [], ...columns] of database.columns(query)) {
    for (const [index, column] of columns.entries()) {
      for (const [row, value] of column.entries()) {
        append(rowsOf[index], typeof value === 'string' ? value : null, labels.length + row);
      }
    }
    for (const label of some) labels.push(Number(label));
  }
  return {
    labels: Float64Array.from(labels),
    segments: new Map(segments.map((column, index) => [column, rowsOf[index] ?? new Map()])),
  };
}

/**
 * Reads when each row of the hold-out happened, in milliseconds since 1970, in the file's order; NaN for a row that does not say.
 * @param column with timestamps
 */
export async function readTimes(database: Database, path: string, column: string): Promise<Float64Array> {
  const times: number[] = [];
  const query = `SELECT epoch_ms(TRY_CAST(${identifier(column)} AS TIMESTAMP))::DOUBLE FROM read_parquet(${literal(path)})`;
  for await (const [some = []] of database.columns(query)) {
    for (const time of some) times.push(typeof time === 'number' ? time : Number.NaN);
  }
  return Float64Array.from(times);
}

/**
 * Reads a batch transform's output: a line per row, `width` numbers each. Blank lines between the records of two payloads are
 * not answers.
 * @throws UnusableScoresError when rows or numbers are too few or too many
 */
export async function readScores(path: string, rows: number, width: number): Promise<Float64Array> {
  const scores = new Float64Array(rows * width);
  let row = 0;
  for await (const line of readLines(path)) {
    if (line.trim() === '') continue;
    const prediction = parsePrediction(line);
    if (prediction.length !== width) throw wrongWidth(prediction.length, width);
    if (row < rows) scores.set(prediction, row * width);
    row += 1;
  }
  if (row !== rows) {
    throw new UnusableScoresError(
      `The batch transform answered ${row} lines for ${rows} hold-out rows. The container must answer each line of text/csv with one line.`,
    );
  }
  return scores;
}

function append(rows: Map<string | null, number[]> | undefined, value: string | null, row: number): void {
  const known = rows?.get(value);
  if (known) known.push(row);
  else rows?.set(value, [row]);
}

function wrongWidth(found: number, expected: number): UnusableScoresError {
  const remedy =
    expected > 1
      ? 'The container must answer with a probability for each class (XGBoost: objective multi:softprob).'
      : 'The container must answer with one number per row.';
  return new UnusableScoresError(
    `The model answered ${found} numbers for a row; ${expected} are expected. ${remedy}`,
  );
}
