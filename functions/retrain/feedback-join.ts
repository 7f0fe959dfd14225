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

export interface ScratchFiles {
  readonly predictions: string;
  readonly labels: string;
  /** Parquet files with the ids of predictions that were used before; none the first time. */
  readonly used: readonly string[];
}

/** SQL that makes the table `feedback` (id, time, row, label): each labelled prediction that was not used before, once. */
export function joinFeedback({ predictions, labels, used }: ScratchFiles): string {
  const lines = (path: string, columns: string) =>
    `read_json(${literal(path)}, format = 'newline_delimited', columns = ${columns})`;
  const usedIds =
    used.length === 0
      ? `SELECT NULL::VARCHAR AS id WHERE false`
      : `SELECT id FROM read_parquet([${used.map(literal).join(', ')}])`;
  return `CREATE TEMP TABLE feedback AS
    WITH predicted AS (
      SELECT id, min(time) AS time, arg_min("row", time) AS "row"
      FROM ${lines(predictions, "{id: 'VARCHAR', time: 'TIMESTAMP', row: 'VARCHAR'}")} GROUP BY id
    ), labelled AS (
      SELECT id, arg_max(label, place) AS label
      FROM ${lines(labels, "{id: 'VARCHAR', place: 'BIGINT', label: 'VARCHAR'}")} GROUP BY id
    ), used AS (${usedIds})
    SELECT predicted.id, predicted.time, predicted."row", labelled.label
    FROM predicted JOIN labelled USING (id) ANTI JOIN used USING (id)`;
}

/** Rows in an order of their own, so that the same captures and labels make the same file. */
export const feedbackRows = `SELECT id, "row", label FROM feedback ORDER BY time, id`;

/** SQL that keeps the ids of what was written. */
export function writtenIds(path: string): string {
  return `SELECT id FROM read_json(${literal(path)}, format = 'newline_delimited', columns = {id: 'VARCHAR'})`;
}
