import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import { type Database, wholeNumber } from '@tidemark/statistics/tables/duckdb.client.ts';
import { alias, identifier, literal } from '@tidemark/statistics/tables/sql.ts';
import * as z from 'zod';
import { MissingColumnError } from './features.ts';

/** The rows that a training uses, as SQL, and what is said about the others. */
export interface TrainingWindow {
  readonly rows: string;
  readonly notes: readonly string[];
}

const newest = alias('newest');
const oldest = alias('oldest');

const windowFacts = z.object({ cut: z.string().nullable(), left_out: wholeNumber });

/**
 * The rows that `retraining.data` asks for: all of them, or those that lie at most `windowDays` before the newest one, by the
 * definition's time column. Every side of the split is cut alike, so that a model is judged on what it learnt for; a row keeps its side.
 * @param rows SQL of all rows
 * @throws MissingColumnError when the dataset has no such column, or not of times
 */
export async function windowOf(
  database: Database,
  { retraining, time }: Pick<Definition, 'retraining' | 'time'>,
  columns: readonly Column[],
  rows: string,
): Promise<TrainingWindow> {
  if (retraining.data === 'append') return { rows, notes: [] };
  const name = timeColumn(time, columns);
  const column = identifier(name);
  const { windowDays } = retraining;
  const { cut, left_out } = await database.row(
    `WITH ${newest} AS (SELECT max(${column}) - INTERVAL ${windowDays} DAY AS ${oldest} FROM (${rows}))
     SELECT any_value(${oldest})::VARCHAR AS cut, count(*) AS left_out FROM (${rows}), ${newest} WHERE ${column} < ${oldest}`,
    windowFacts,
  );
  // Nothing is older, or nothing has a time.
  if (cut === null) return { rows, notes: [] };
  return {
    rows: `SELECT * FROM (${rows}) WHERE ${column} >= TIMESTAMP ${literal(cut)}`,
    notes: [
      `${left_out} rows from before ${cut} were left out: \`retraining.windowDays\` is ${windowDays}, counted back from the newest \`${name}\`.`,
    ],
  };
}

function timeColumn(time: string | undefined, columns: readonly Column[]): string {
  const column = columns.find(({ name }) => name === time);
  if (column?.type === 'timestamp') return column.name;
  throw new MissingColumnError(
    `\`retraining.data: window\` needs the times of rows, but the dataset has no timestamps in ${time ?? 'a time column'}. ` +
      'Correct `time` in the definition, or write `retraining: { data: append }`.',
  );
}
