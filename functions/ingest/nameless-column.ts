import { type Sentence, say } from '@tidemark/statistics/sentence.ts';
import { type Database, wholeNumber } from '@tidemark/statistics/tables/duckdb.client.ts';
import { alias } from '@tidemark/statistics/tables/sql.ts';
import * as z from 'zod';
import { type NamedColumn, withoutName } from './column-names.ts';
import { UnacceptableFileError } from './data-finding.ts';

const [value, row] = [alias('value'), alias('row')];

/**
 * What is said of columns without a name: one that just counts the rows, as R and pandas write it, is left out.
 * @param sqlOf SQL of a column's value
 * @throws UnacceptableFileError when there is one that holds anything else
 */
export async function leaveOutNameless(
  database: Database,
  relation: string,
  nameless: readonly NamedColumn[],
  sqlOf: (column: NamedColumn) => string,
): Promise<Sentence[]> {
  const [column] = nameless;
  if (column === undefined) return [];
  if (nameless.length > 1 || !(await countsRows(database, relation, sqlOf(column)))) {
    throw new UnacceptableFileError([withoutName(nameless)]);
  }
  return [say`Column ${column.place + 1}, which has no name and counts the rows, was left out.`];
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
