import { z } from 'zod';
import { type Database, wholeNumber } from '../datasets/duckdb.client.ts';
import type { Column } from '../datasets/manifest.schema.ts';
import { rowHashColumn } from '../datasets/row-hash.ts';
import { identifier } from '../datasets/sql.ts';
import type { Problem } from '../definition/definition.schema.ts';
import type { Sentence } from '../sentence.ts';
import {
  asNumber,
  associationQuery,
  type ColumnStatistics,
  categoriesQuery,
  categorySchema,
  columnsPerQuery,
  labelQuantilesQuery,
  presenceQuery,
  readSummary,
  summaryQuery,
} from './column-statistics.ts';
import { isIdentifier } from './fit-encoding.ts';
import { countsRows } from './identifiers.ts';
import { leakOfValues } from './leakage.ts';
import { leakByPresence, leakByRange, type MissingnessLeak } from './missingness.ts';
import { isFreeText } from './words.ts';

const numbers = z.record(z.string(), z.number().nullable());
const numbersWithLabel = numbers.and(z.object({ label: z.number() }));

/** Where the training rows are. */
export interface TrainingRows {
  /** SQL of the rows, in the order of their files. */
  readonly sql: string;
  /** Column with the label. */
  readonly label: string;
  readonly problem: Problem;
  /** Column with the time of a row; `undefined`: none. */
  readonly time: string | undefined;
  /** Files that the rows come from. */
  readonly files: number;
}

/** What the training rows say of a column. */
export interface StudiedColumn {
  readonly statistics: ColumnStatistics;
  /** How its values alone give the answer away, as a clause; `undefined`: they do not. */
  readonly leak: Sentence | undefined;
  readonly missingness: MissingnessLeak | undefined;
}

/** What the training rows say of each column, in the given order. */
export async function studyColumns(
  database: Database,
  rows: TrainingRows,
  columns: readonly Column[],
): Promise<StudiedColumn[]> {
  const quantiles = await labelQuantiles(database, rows);
  const studied: StudiedColumn[] = [];
  for (let first = 0; first < columns.length; first += columnsPerQuery) {
    const some = columns.slice(first, first + columnsPerQuery);
    const statistics = await summarise(database, rows, some);
    const leaks = await leaksOf(database, rows, statistics);
    const missingness = await missingnessOf(database, rows, statistics, quantiles);
    studied.push(
      ...statistics.map((each, index) => ({
        statistics: each,
        leak: leaks[index],
        missingness: missingness[index],
      })),
    );
  }
  return studied;
}

async function summarise(database: Database, rows: TrainingRows, columns: readonly Column[]) {
  const summary = readSummary(columns, await database.row(summaryQuery(rows.sql, columns), numbers));
  const statistics: ColumnStatistics[] = [];
  for (const each of summary) {
    statistics.push(
      each.column.type === 'string'
        ? await describeText(database, rows, each)
        : { ...each, countsRows: await countRows(database, rows, each) },
    );
  }
  return statistics;
}

/** Texts that are looked at to tell whether they are of several words. */
const sampledTexts = 1000;

async function describeText(
  database: Database,
  { sql, label }: TrainingRows,
  statistics: ColumnStatistics,
): Promise<ColumnStatistics> {
  const { column, present } = statistics;
  const categories = isIdentifier(statistics)
    ? []
    : await database.rows(categoriesQuery(sql, column, label), categorySchema);
  const known = categories.reduce((sum, { rows }) => sum + rows, 0);
  if (2 * known >= present) return { ...statistics, categories };
  const name = identifier(column.name);
  const texts = await database.rows(
    `SELECT ${name} AS sampled FROM (${sql}) WHERE ${name} IS NOT NULL LIMIT ${sampledTexts}`,
    z.object({ sampled: z.string() }),
  );
  return { ...statistics, categories, isFreeText: isFreeText(texts.map(({ sampled }) => sampled)) };
}

/** Rows that are looked at to tell whether numbers count rows. */
const sampledRows = 100_000;
/** The share of different values from which numbers may be an identifier; the count is within a few percent. */
const nearlyAll = 0.85;

async function countRows(
  database: Database,
  { sql, time, files }: TrainingRows,
  { column, present, distinct }: ColumnStatistics,
): Promise<boolean> {
  if (present === 0 || distinct < nearlyAll * present) return false;
  const name = identifier(column.name);
  const sample = `SELECT * FROM (${sql}) WHERE ${name} IS NOT NULL LIMIT ${sampledRows}`;
  const counts = await database.row(
    `SELECT count(DISTINCT ${name}) AS "distinctValues", count(DISTINCT ${rowHashColumn}) AS "distinctRows" FROM (${sample})`,
    z.object({ distinctValues: wholeNumber, distinctRows: wholeNumber }),
  );
  const orders = time === undefined || time === column.name ? [''] : ['', ` ORDER BY ${identifier(time)}`];
  for (const order of orders) {
    const values = await numbersIn(database, `SELECT ${asNumber(column)} FROM (${sample})${order}`);
    if (countsRows({ values, ...counts, files: order === '' ? files : 1 })) return true;
  }
  return false;
}

async function numbersIn(database: Database, query: string): Promise<Float64Array> {
  const found: number[] = [];
  for await (const [some = []] of database.columns(query)) {
    for (const value of some) found.push(Number(value));
  }
  return Float64Array.from(found);
}

async function leaksOf(
  database: Database,
  { sql, label, problem }: TrainingRows,
  statistics: readonly ColumnStatistics[],
): Promise<(Sentence | undefined)[]> {
  const numeric = statistics.filter(({ column }) => column.type !== 'string');
  const columns = numeric.map(({ column }) => column);
  const found =
    columns.length === 0
      ? []
      : await database.rows(associationQuery(sql, columns, problem, label), numbersWithLabel);
  return statistics.map((each) => {
    const index = numeric.indexOf(each);
    const associations = found.map((row) => ({
      label: row.label,
      lowest: row[`lowest${index}`] ?? null,
      highest: row[`highest${index}`] ?? null,
    }));
    return leakOfValues(each, associations, problem);
  });
}

/** Shares of the rows at which the target is looked at. */
const shares = Array.from({ length: 200 }, (_, index) => (index + 0.5) / 200);

/** The target's quantiles at these shares, ascending; none for classes. */
async function labelQuantiles(database: Database, { sql, label, problem }: TrainingRows): Promise<number[]> {
  if (problem !== 'regression') return [];
  const found = await database.rows(
    labelQuantilesQuery(sql, label, shares),
    z.object({ quantile: z.number() }),
  );
  return found.map(({ quantile }) => quantile);
}

async function missingnessOf(
  database: Database,
  { sql, label, problem }: TrainingRows,
  statistics: readonly ColumnStatistics[],
  quantiles: readonly number[],
): Promise<(MissingnessLeak | undefined)[]> {
  const query = presenceQuery(
    sql,
    statistics.map(({ column }) => column),
    problem,
    label,
  );
  if (problem !== 'regression') {
    const classes = await database.rows(query, numbersWithLabel);
    return statistics.map((_, index) =>
      leakByPresence(
        classes.map((row) => ({
          label: row.label,
          rows: row.every ?? 0,
          present: row[`present${index}`] ?? 0,
        })),
      ),
    );
  }
  const row = await database.row(query, numbers);
  const { every = 0 } = await database.row(`SELECT count(*)::DOUBLE AS every FROM (${sql})`, numbers);
  return statistics.map(({ present }, index) => {
    const side = (name: 'with' | 'without', rows: number) => ({
      rows,
      lowest: row[`${name}_lowest${index}`] ?? null,
      highest: row[`${name}_highest${index}`] ?? null,
    });
    return leakByRange(
      { with: side('with', present), without: side('without', (every ?? 0) - present) },
      quantiles,
    );
  });
}
