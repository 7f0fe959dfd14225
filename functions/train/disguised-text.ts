import {
  type DisguisedValues,
  disguisedValues,
  isTelling,
} from '@tidemark/domain/datasets/disguised-values.ts';
import { howToWrite, nouns } from '@tidemark/domain/datasets/disguises.ts';
import { listedCells, reveal, say } from '@tidemark/statistics/sentence.ts';
import type { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { identifier } from '@tidemark/statistics/tables/sql.ts';
import * as z from 'zod';
import type { ColumnFinding } from './column-finding.schema.ts';
import { leftOut, warned } from './column-findings.ts';
import type { ColumnStatistics } from './column-statistics.ts';

/** Values that a finding shows. */
const shownValues = 3;

/**
 * Adds to the statistics which texts look like numbers, times or truth values in nearly all training rows.
 * @param trainRows SQL of the training rows
 * @param isSaid whether the definition says what type a column has: then a text is meant
 */
export async function withDisguises(
  database: Database,
  trainRows: string,
  statistics: readonly ColumnStatistics[],
  isSaid: (column: string) => boolean,
): Promise<ColumnStatistics[]> {
  const names = statistics
    .map(({ column }) => column)
    .filter(({ name, type }) => type === 'string' && !isSaid(name))
    .map(({ name }) => name);
  const found = await disguisedValues(database, `(${trainRows})`, names.map(identifier));
  return Promise.all(
    statistics.map(async (each) => {
      const values = found[names.indexOf(each.column.name)];
      if (values === undefined) return each;
      const examples = await examplesOf(database, trainRows, identifier(each.column.name), values);
      return { ...each, disguised: { ...values, examples } };
    }),
  );
}

/** The most frequent values that tell. */
async function examplesOf(
  database: Database,
  trainRows: string,
  value: string,
  found: DisguisedValues,
): Promise<string[]> {
  const rows = await database.rows(
    `SELECT ${value} AS text FROM (${trainRows}) WHERE ${isTelling(value, found)} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT ${shownValues}`,
    z.object({ text: z.string() }),
  );
  return rows.map(({ text }) => text);
}

/** What is said of such a column, whatever else could be: that no text was meant is what matters about it. */
export function disguisedFinding(
  statistics: ColumnStatistics,
  trainRows: number,
  used: boolean,
): ColumnFinding | undefined {
  const { disguised, column } = statistics;
  if (disguised === undefined) return undefined;
  const { disguise, present, strangers, examples } = disguised;
  const why = `${disguise}-as-text` as const;
  const looks = say`${present - strangers} of ${present} values in training rows look like ${nouns[disguise]}`;
  const shown =
    strangers > 0
      ? reveal`the other ${strangers} are such as ${listedCells(examples)}`
      : reveal`they are spelled such as ${listedCells(examples)}`;
  const remedy = howToWrite(column.name, disguise, strangers);
  if (used) {
    const clause = say`is read as text, each value a category by itself, though ${looks}`;
    return warned(why, statistics, trainRows, true, {
      clause: say`${clause}. The evaluation says what to do.`,
      withValue: reveal`${clause}: ${shown}. ${remedy}.`,
    });
  }
  const clause = say`it is read as text, of which most values are too rare to learn from, though ${looks}`;
  const wording = {
    clause: say`${clause}. The evaluation says what to do`,
    withValue: reveal`${clause}: ${shown}. ${remedy}`,
  };
  return leftOut(why, statistics, trainRows, wording, 'warning');
}
