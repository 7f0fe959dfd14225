import { literal } from '../datasets/sql.ts';

/** A captured prediction on the scratch disk: one line of JSON. */
export interface ScratchPrediction {
  readonly id: string;
  /** ISO 8601. */
  readonly time: string;
  /** `feedbackRow` as JSON text. */
  readonly row: string;
}

/** A label on the scratch disk: one line of JSON. */
export interface ScratchLabel {
  readonly id: string;
  /** Which came later: of several labels of one prediction the last one counts. */
  readonly place: number;
  /** The label as JSON text. */
  readonly label: string;
}

/**
 * SQL that makes the table `labelled` (id, label): of each prediction the label that came last, but for predictions that were used before.
 * @param used Parquet files with their ids; none the first time
 */
export function unusedLabels(labels: string, used: readonly string[]): string {
  const usedIds =
    used.length === 0
      ? 'SELECT NULL::VARCHAR AS id WHERE false'
      : `SELECT id FROM read_parquet([${used.map(literal).join(', ')}])`;
  return `CREATE TEMP TABLE labelled AS
    WITH used AS (${usedIds}), last AS (
      SELECT id, arg_max(label, place) AS label
      FROM ${lines(labels, "{id: 'VARCHAR', place: 'BIGINT', label: 'VARCHAR'}")} GROUP BY id
    )
    SELECT id, label FROM last ANTI JOIN used USING (id)`;
}

/** SQL that makes the table `feedback` (id, time, row, label) of `labelled`: each prediction once, as it was captured first. */
export function joinPredictions(predictions: string): string {
  return `CREATE TEMP TABLE feedback AS
    WITH predicted AS (
      SELECT id, min(time) AS time, arg_min("row", time) AS "row"
      FROM ${lines(predictions, "{id: 'VARCHAR', time: 'TIMESTAMP', row: 'VARCHAR'}")} GROUP BY id
    )
    SELECT id, time, "row", label FROM predicted JOIN labelled USING (id)`;
}

function lines(path: string, columns: string): string {
  return `read_json(${literal(path)}, format = 'newline_delimited', columns = ${columns})`;
}

/** Rows in an order of their own, so that the same captures and labels make the same file. */
export const feedbackRows = `SELECT id, "row", label FROM feedback ORDER BY time, id`;

/** SQL that keeps the ids of what was written. */
export function writtenIds(path: string): string {
  return `SELECT id FROM read_json(${literal(path)}, format = 'newline_delimited', columns = {id: 'VARCHAR'})`;
}
