import { rowHashColumn } from '@tidemark/domain/datasets/row-hash.ts';
import type { ProblemType } from '@tidemark/statistics/metrics/metric-names.ts';
import type { Sentence } from '@tidemark/statistics/sentence.ts';
import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import type { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { identifier } from '@tidemark/statistics/tables/sql.ts';
import * as z from 'zod';
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
import { countsRows, type WholeNumbers } from './identifiers.ts';
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
  readonly problem: ProblemType;
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
  const described: ColumnStatistics[] = [];
  for (const each of summary) {
    const hasCategories = each.column.type === 'string' && !isIdentifier(each);
    const categories = hasCategories
      ? await database.rows(categoriesQuery(rows.sql, each.column, rows.label), categorySchema)
      : [];
    described.push({ ...each, categories });
  }
  const freeText = await freeTextAmong(database, rows, described.filter(isMostlyUnknown));
  const counting = await countingAmong(database, rows, described.filter(mayCountRows));
  return described.map((each) => ({
    ...each,
    isFreeText: freeText.has(each.column.name),
    countsRows: counting.has(each.column.name),
  }));
}

/** Rows that are looked at to tell whether texts are of several words, and how far each text is. */
const [sampledTexts, sampledCharacters] = [2000, 400];

/** Whether most rows with a text have one that is not a category. */
function isMostlyUnknown({ column, present, categories }: ColumnStatistics): boolean {
  const known = categories.reduce((sum, { rows }) => sum + rows, 0);
  return column.type === 'string' && 2 * known < present;
}

/** Names of those columns that hold free text. */
async function freeTextAmong(
  database: Database,
  { sql }: TrainingRows,
  statistics: readonly ColumnStatistics[],
): Promise<ReadonlySet<string>> {
  const names = statistics.map(({ column }) => column.name);
  if (names.length === 0) return new Set();
  const texts = names.map((): string[] => []);
  const fields = names.map((name) => `left(${identifier(name)}, ${sampledCharacters})`);
  const query = `SELECT ${fields.join(', ')} FROM (SELECT * FROM (${sql}) LIMIT ${sampledTexts})`;
  for await (const columns of database.columns(query)) {
    for (const [index, column] of columns.entries()) {
      for (const text of column) if (typeof text === 'string') texts[index]?.push(text);
    }
  }
  return new Set(names.filter((_, index) => isFreeText(texts[index] ?? [])));
}

/** Rows that are looked at to tell whether numbers count rows; of a hundred columns they take 16 MB. */
const sampledRows = 20_000;
/** The share of different values, as counted, from which numbers may be an identifier: the count is off by up to 40 %, and what is looked at here is counted exactly. */
const mayBeAll = 0.5;

function mayCountRows({ column, present, distinct }: ColumnStatistics): boolean {
  const isNumber = column.type === 'integer' || column.type === 'number';
  return isNumber && present > 0 && distinct >= mayBeAll * present;
}

/** Names of those columns whose numbers count rows. */
async function countingAmong(
  database: Database,
  { sql, time, files }: TrainingRows,
  statistics: readonly ColumnStatistics[],
): Promise<ReadonlySet<string>> {
  const columns = statistics.map(({ column }) => column);
  if (columns.length === 0) return new Set();
  const sample = `SELECT * FROM (${sql}) LIMIT ${sampledRows}`;
  const fields = [exactly(identifier(rowHashColumn)), ...columns.map(exactNumber)].join(', ');
  const found = new Set<string>();
  const orders =
    time === undefined
      ? [{ by: '', files }]
      : [
          { by: '', files },
          { by: ` ORDER BY ${identifier(time)}`, files: 1 },
        ];
  for (const order of orders) {
    const [rows = [], ...values] = await numbersIn(database, `SELECT ${fields} FROM (${sample})${order.by}`);
    for (const [index, { name }] of columns.entries()) {
      if (countsRows(wholeNumbers(rows, values[index] ?? [], order.files))) found.add(name);
    }
  }
  return found;
}

/** Whole numbers beyond those that a double holds are wrapped, which keeps their order and that they differ. */
function exactNumber(column: Column): string {
  return column.type === 'integer' ? exactly(identifier(column.name)) : asNumber(column);
}

function exactly(value: string): string {
  return `(${value} % ${2 ** 53})::DOUBLE`;
}

function wholeNumbers(rows: readonly number[], values: readonly number[], files: number): WholeNumbers {
  const present = values.map((_, row) => row).filter((row) => !Number.isNaN(values[row]));
  const kept = Float64Array.from(present, (row) => values[row] ?? 0);
  return {
    values: kept,
    distinctValues: new Set(kept).size,
    distinctRows: new Set(present.map((row) => rows[row])).size,
    files,
  };
}

/** Each column's numbers; NaN where there is none. */
async function numbersIn(database: Database, query: string): Promise<number[][]> {
  const found: number[][] = [];
  for await (const columns of database.columns(query)) {
    for (const [index, column] of columns.entries()) {
      found[index] ??= [];
      for (const value of column) found[index].push(value === null ? Number.NaN : Number(value));
    }
  }
  return found;
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
