import { counted, type Sentence, say } from '@tidemark/statistics/sentence.ts';
import { type Database, wholeNumber } from '@tidemark/statistics/tables/duckdb.client.ts';
import { alias } from '@tidemark/statistics/tables/sql.ts';
import * as z from 'zod';
import { type NamedColumn, withoutName } from './column-names.ts';
import { UnacceptableFileError } from './data-finding.ts';

const [value, row] = [alias('value'), alias('row')];

/** Columns that are looked at in one statement, whose size would grow with them. */
const atOnce = 100;

/**
 * What is said of columns without a name that are left out: those without a value, as a separator at the end of each line makes them, and
 * one that just counts the rows, as R and pandas write it.
 * @param sqlOf SQL of a column's value
 * @throws UnacceptableFileError when there is one that holds anything else
 */
export async function leaveOutNameless(
  database: Database,
  relation: string,
  nameless: readonly NamedColumn[],
  sqlOf: (column: NamedColumn) => string,
): Promise<Sentence[]> {
  const filled: NamedColumn[] = [];
  for (let from = 0; from < nameless.length; from += atOnce)
    filled.push(...(await withValues(database, relation, nameless.slice(from, from + atOnce), sqlOf)));
  const [column, ...others] = filled;
  if (column !== undefined && (others.length > 0 || !(await countsRows(database, relation, sqlOf(column))))) {
    throw new UnacceptableFileError([withoutName(filled)]);
  }
  const empty = nameless.filter((each) => !filled.includes(each));
  return [
    ...(empty.length > 0 ? [emptySentence(empty)] : []),
    ...(column
      ? [say`Column ${column.place + 1}, which has no name and counts the rows, was left out.`]
      : []),
  ];
}

function emptySentence(empty: readonly NamedColumn[]): Sentence {
  const [first] = empty;
  return first && empty.length === 1
    ? say`Column ${first.place + 1}, which has neither a name nor a value, was left out.`
    : say`${counted(empty.length, 'column')} that have neither a name nor a value were left out.`;
}

/** Those of which some row has more than blanks. */
async function withValues(
  database: Database,
  relation: string,
  columns: readonly NamedColumn[],
  sqlOf: (column: NamedColumn) => string,
): Promise<NamedColumn[]> {
  const found = await database.row(
    `SELECT ${columns.map((column, index) => `count(*) FILTER (WHERE trim(CAST(${sqlOf(column)} AS VARCHAR)) <> '') AS _${index}`).join(', ')} FROM ${relation}`,
    z.record(z.string(), wholeNumber),
  );
  return columns.filter((_, index) => (found[`_${index}`] ?? 0) > 0);
}

/** Whether the values are 0, 1, 2 … or 1, 2, 3 … */
async function countsRows(database: Database, relation: string, sql: string): Promise<boolean> {
  const others = (first: number) => `count(*) FILTER (WHERE ${value} IS DISTINCT FROM ${row} + ${first - 1})`;
  const found = await database.row(
    `SELECT ${others(0)} AS "fromZero", ${others(1)} AS "fromOne"
     FROM (SELECT TRY_CAST(${sql} AS BIGINT) AS ${value}, row_number() OVER () AS ${row} FROM ${relation})`,
    z.object({ fromZero: wholeNumber, fromOne: wholeNumber }),
  );
  return found.fromZero === 0 || found.fromOne === 0;
}
