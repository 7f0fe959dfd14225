import { literal } from '@tidemark/statistics/tables/sql.ts';

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
  /** Which came later: of several labels of one prediction the last one counts. See `placeOf`. */
  readonly place: number;
  /** Value of the target as JSON text; empty: the label is none. */
  readonly value: string;
}

/** More lines than a file may have, and few enough that two million files keep their numbers whole. */
const linesPerFile = 2 ** 32;

/**
 * A number that is larger the later a label came.
 * @param file its number, from 0, the latest first
 * @param line its number among the file's labels, from 1
 */
export function placeOf(file: number, line: number): number {
  return line - file * linesPerFile;
}

/** SQL of the number of the file that a place is in. */
const fileOf = (place: string) => `CAST(-floor(${place} / ${linesPerFile}) AS INTEGER)`;

const read = (labels: string) => lines(labels, "{id: 'VARCHAR', place: 'BIGINT', value: 'VARCHAR'}");

/**
 * SQL that makes the table `labelled` (id, value, file): of each prediction the label that came last, but for predictions that were used
 * before.
 * @param used Parquet files with their ids; none the first time
 */
export function unusedLabels(labels: string, used: readonly string[]): string {
  const usedIds =
    used.length === 0
      ? 'SELECT NULL::VARCHAR AS id WHERE false'
      : `SELECT id FROM read_parquet(${listOf(used)})`;
  return `CREATE TEMP TABLE labelled AS
    WITH used AS (${usedIds}), last AS (
      SELECT id, arg_max(value, place) AS value, max(place) AS place FROM ${read(labels)} GROUP BY id
    )
    SELECT id, value, ${fileOf('place')} AS file FROM last ANTI JOIN used USING (id)`;
}

/**
 * SQL that makes the table `feedback` (id, time, row, value, file) of `labelled`: each prediction once, as it was captured first. And
 * `held`, of ids that are held back: none yet.
 */
export function joinPredictions(predictions: string): string {
  return `CREATE TEMP TABLE feedback AS
    WITH predicted AS (
      SELECT id, min(time) AS time, arg_min("row", time) AS "row"
      FROM ${lines(predictions, "{id: 'VARCHAR', time: 'TIMESTAMP', row: 'VARCHAR'}")} GROUP BY id
    )
    SELECT id, time, "row", value, file FROM predicted JOIN labelled USING (id);
    CREATE TEMP TABLE held (id VARCHAR)`;
}

/** How many rows the last labels of each file make: `file`, `rows`, and `unusable`, of labels that are not a value of the target. */
export const rowsByFile = `SELECT file, count(*) FILTER (value <> '') AS rows, count(*) FILTER (value = '') AS unusable
  FROM feedback GROUP BY file ORDER BY file`;

/** SQL: how many rows were made of each file before. @param used Parquet files of `writtenIds` */
export function rowsUsedByFile(used: readonly string[]): string {
  return `SELECT key, version AS "versionId", count(*) AS rows FROM read_parquet(${listOf(used)}) GROUP BY ALL`;
}

/** SQL: how many labels of rows a later one contradicts, by their file and that of the later one. */
export function replacedLabels(labels: string): string {
  return `WITH placed AS (SELECT id, place, value FROM ${read(labels)} SEMI JOIN feedback USING (id)),
    contradicted AS (SELECT id FROM placed GROUP BY id HAVING min(value) <> max(value)),
    followed AS (
      SELECT ${fileOf('place')} AS file, value, ${fileOf('lead(place) OVER later')} AS "by", lead(value) OVER later AS instead
      FROM placed SEMI JOIN contradicted USING (id) WINDOW later AS (PARTITION BY id ORDER BY place)
    )
    SELECT file, "by", count(*) AS labels FROM followed WHERE instead <> value AND "by" <> file
    GROUP BY ALL ORDER BY labels DESC, file, "by"`;
}

/** SQL that holds back all but so many rows of a file: those with the smallest hashes of their ids stay, so that it is the same ones each time. */
export function holdBack(file: number, allowed: number): string {
  return `INSERT INTO held SELECT id FROM feedback WHERE file = ${file} AND value <> '' ORDER BY md5(id), id OFFSET ${allowed}`;
}

function lines(path: string, columns: string): string {
  return `read_json(${literal(path)}, format = 'newline_delimited', columns = ${columns})`;
}

function listOf(paths: readonly string[]): string {
  return `[${paths.map(literal).join(', ')}]`;
}

/** Rows in an order of their own, so that the same captures and labels make the same file. */
export const feedbackRows = `SELECT id, "row", value, file FROM feedback ANTI JOIN held USING (id)
  WHERE value <> '' ORDER BY time, id`;

/** SQL that keeps the ids of what was written, and which file labelled each. */
export function writtenIds(path: string): string {
  return `SELECT id, key, version FROM ${lines(path, "{id: 'VARCHAR', key: 'VARCHAR', version: 'VARCHAR'}")}`;
}
