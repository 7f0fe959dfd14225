import { say } from '@tidemark/statistics/sentence.ts';
import type { ColumnType } from '@tidemark/statistics/tables/column.schema.ts';
import { type Database, wholeNumber } from '@tidemark/statistics/tables/duckdb.client.ts';
import { alias } from '@tidemark/statistics/tables/sql.ts';
import * as z from 'zod';
import type { Example } from './data-finding.schema.ts';
import { shownExamples } from './data-finding.ts';
import { type Reading, readingsOf, type SourceColumn } from './source-column.ts';
import type { SourceFile } from './source-file.ts';

/** How a column turned out. */
export interface TypedColumn {
  readonly source: SourceColumn;
  /**
   * The narrowest reading that all values allow; `undefined` when there is none, which happens only to a column that is known.
   * A column without values has the type it is known by, or none.
   */
  readonly reading: Reading | undefined;
  readonly type: ColumnType | null;
  /** Values that are infinite. */
  readonly infinite: number;
}

/** Rows that decide which types are worth checking on all rows. It changes the work, never the result. */
const sampledRows = 1000;

/** Planning time grows with the square of their number: 300 take twice as long each as 60. */
const readingsPerQuery = 60;

const verdict = (index: number) => alias(`verdict_${index}`);
const [place, text, shown] = [alias('row'), alias('text'), alias('shown')];

/** A reading held against rows. */
interface Tally {
  readonly source: SourceColumn;
  readonly reading: Reading;
  readonly present: number;
  readonly misfits: number;
  readonly infinite: number;
}

/** Finds out each column's type from all of its values: one look at a sample, then one at everything. */
export async function typedColumns(
  database: Database,
  file: SourceFile,
  columns: readonly SourceColumn[],
  known: ReadonlyMap<string, ColumnType | null>,
): Promise<TypedColumn[]> {
  const candidates = columns.flatMap((source) =>
    readingsOf(source, known.get(source.name) ?? undefined).map((reading) => ({ source, reading })),
  );
  const sample = `(SELECT * FROM ${file.relation} LIMIT ${sampledRows})`;
  const possible = (await tally(database, sample, candidates)).filter(({ misfits }) => misfits === 0);
  const tallies = await tally(database, file.relation, possible);
  return columns.map((source) =>
    decide(
      source,
      tallies.filter((each) => each.source === source),
      known.get(source.name) ?? null,
    ),
  );
}

function decide(source: SourceColumn, tallies: readonly Tally[], known: ColumnType | null): TypedColumn {
  const fitting = tallies.filter(({ misfits }) => misfits === 0);
  const chosen = fitting.find(({ present }) => present > 0);
  if (chosen) {
    return { source, reading: chosen.reading, type: chosen.reading.type, infinite: chosen.infinite };
  }
  const reading = fitting.find(({ reading: { type } }) => type === known)?.reading;
  return { source, reading: reading ?? fitting[0]?.reading, type: reading?.type ?? null, infinite: 0 };
}

async function tally(
  database: Database,
  relation: string,
  candidates: readonly Pick<Tally, 'source' | 'reading'>[],
): Promise<Tally[]> {
  const tallies: Tally[] = [];
  for (let first = 0; first < candidates.length; first += readingsPerQuery) {
    const some = candidates.slice(first, first + readingsPerQuery);
    const counts = await database.row(
      `SELECT ${some.map((_, index) => countsOf(index)).join(', ')}
       FROM (SELECT ${some.map(({ reading }, index) => verdictOf(reading, index)).join(', ')} FROM ${relation})`,
      z.record(z.string(), wholeNumber),
    );
    for (const [index, candidate] of some.entries()) {
      const count = (what: string) => counts[`${what}_${index}`] ?? 0;
      tallies.push({
        ...candidate,
        present: count('present'),
        misfits: count('misfits'),
        infinite: count('infinite'),
      });
    }
  }
  return tallies;
}

/** What each row says of a reading, worked out once: 0 no value, 1 fits, 2 fits and is infinite, 3 does not fit. */
function verdictOf({ present, fits, infinite }: Reading, index: number): string {
  const fitting = `CASE WHEN ${infinite} THEN 2 ELSE 1 END`;
  return `(CASE WHEN NOT (${present}) THEN 0 WHEN ${fits} THEN ${fitting} ELSE 3 END)::UTINYINT AS ${verdict(index)}`;
}

function countsOf(index: number): string {
  const count = (what: string, condition: string) =>
    `count(*) FILTER (WHERE ${verdict(index)} ${condition}) AS ${what}_${index}`;
  return [count('present', '> 0'), count('infinite', '= 2'), count('misfits', '= 3')].join(', ');
}

/** The first rows for which the condition holds, with the column's value as the file spells it. */
export async function examplesOf(
  database: Database,
  file: SourceFile,
  { value, shown: spelled = `${value}::VARCHAR` }: SourceColumn,
  condition: string,
): Promise<Example[]> {
  const rows = await database.rows(
    `SELECT ${place} AS row, ${text} AS text FROM (
       SELECT row_number() OVER () AS ${place}, ${spelled} AS ${text}, (${condition}) AS ${shown} FROM ${file.relation}
     ) WHERE ${shown} LIMIT ${shownExamples}`,
    z.object({ row: wholeNumber, text: z.string().nullable() }),
  );
  return rows.map((found) => ({ where: say`row ${found.row}`, text: found.text ?? '' }));
}

/** SQL for a row whose value is not of the reading's type. */
export function misfit({ present, fits }: Reading): string {
  return `${present} AND NOT ${fits}`;
}
