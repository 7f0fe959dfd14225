import { z } from 'zod';
import type { Column } from '../datasets/manifest.schema.ts';
import { identifier } from '../datasets/sql.ts';
import type { Problem } from '../definition/definition.schema.ts';

/** A category of a text column, over the training rows that have it. */
export const categorySchema = z.object({
  value: z.string(),
  rows: z.number(),
  meanLabel: z.number(),
  lowestLabel: z.number(),
  highestLabel: z.number(),
});
export type Category = z.infer<typeof categorySchema>;

/** What is known of a column over the training rows. */
export interface ColumnStatistics {
  readonly column: Column;
  /** Rows with a value. */
  readonly present: number;
  /** Smallest and largest value: booleans as 0 and 1, times in milliseconds since 1970; `null` for text and without values. */
  readonly lowest: number | null;
  readonly highest: number | null;
  /** For text, about how many different values there are (HyperLogLog, within a few percent). */
  readonly distinct: number;
  /** For times, whether there are times of day other than midnight. */
  readonly hasTimeOfDay: boolean;
  /** For text that repeats, its categories, most frequent first. */
  readonly categories: readonly Category[];
}

/** Columns per query: enough that a file is read rarely, few enough that a query plan stays small. */
export const columnsPerQuery = 100;

/** Fewer rows say too little about a category: its mean would be mostly theirs, and a model would learn them by heart. */
export const minimumCategoryRows = 10;
/** More categories make `encoding.json` large and say little each; the rest are taken together. */
export const maximumCategories = 1000;

/** Four numbers about each of some columns, in one row. */
export function summaryQuery(trainRows: string, columns: readonly Column[]): string {
  const fields = columns.flatMap((column, index) => {
    const { lowest, highest, more } = summaryOf(column);
    return [
      `count(${identifier(column.name)})::DOUBLE AS present${index}`,
      `(${lowest})::DOUBLE AS lowest${index}`,
      `(${highest})::DOUBLE AS highest${index}`,
      `(${more})::DOUBLE AS more${index}`,
    ];
  });
  return `SELECT ${fields.join(', ')} FROM (${trainRows})`;
}

/** Reads the row that `summaryQuery` gives; categories are asked for separately. */
export function readSummary(
  columns: readonly Column[],
  row: Readonly<Record<string, number | null>>,
): ColumnStatistics[] {
  return columns.map((column, index) => ({
    column,
    present: row[`present${index}`] ?? 0,
    lowest: row[`lowest${index}`] ?? null,
    highest: row[`highest${index}`] ?? null,
    distinct: column.type === 'string' ? (row[`more${index}`] ?? 0) : 0,
    hasTimeOfDay: column.type === 'timestamp' && (row[`more${index}`] ?? 0) > 0,
    categories: [],
  }));
}

/** Categories of a text column with enough rows, most frequent first; `label` is the label's column. */
export function categoriesQuery(trainRows: string, { name }: Column, label: string): string {
  const value = identifier(name);
  return (
    `SELECT ${value} AS value, count(*)::DOUBLE AS rows, avg(${label}) AS "meanLabel", ` +
    `min(${label}) AS "lowestLabel", max(${label}) AS "highestLabel" FROM (${trainRows}) ` +
    // By position: a column of the data may be called `value` or `rows` too.
    `WHERE ${value} IS NOT NULL GROUP BY 1 HAVING count(*) >= ${minimumCategoryRows} ` +
    `ORDER BY 2 DESC, 1 LIMIT ${maximumCategories}`
  );
}

/**
 * How a number or boolean goes with the label: for classes its range in each, one row per class; for regression the correlation, in
 * one row.
 */
export function associationQuery(
  trainRows: string,
  columns: readonly Column[],
  problem: Problem,
  label: string,
): string {
  if (problem === 'regression') {
    const fields = columns.map((column, index) => {
      const r = `corr(${squarable(asNumber(column))}, ${squarable(label)})`;
      // A column that does not vary has no correlation.
      return `CASE WHEN isfinite(${r}) THEN ${r} END AS lowest${index}`;
    });
    return `SELECT 0::DOUBLE AS label, ${fields.join(', ')} FROM (${trainRows})`;
  }
  const fields = columns.map(
    (column, index) =>
      `min(${asNumber(column)}) AS lowest${index}, max(${asNumber(column)}) AS highest${index}`,
  );
  return `SELECT ${label} AS label, ${fields.join(', ')} FROM (${trainRows}) GROUP BY 1 ORDER BY 1`;
}

/** SQL for a number if its square is one too; DuckDB refuses to go on when it is not. */
function squarable(value: string): string {
  return `CASE WHEN abs(${value}) < 1e100 THEN ${value} END`;
}

/** SQL for a number or boolean as a DOUBLE. */
function asNumber({ name }: Column): string {
  return `CAST(${identifier(name)} AS DOUBLE)`;
}

function summaryOf(column: Column): { lowest: string; highest: string; more: string } {
  const value = identifier(column.name);
  switch (column.type) {
    case 'integer':
    case 'number':
    case 'boolean':
      return { lowest: `min(${asNumber(column)})`, highest: `max(${asNumber(column)})`, more: '0' };
    case 'timestamp':
      return {
        lowest: `epoch_us(min(${value})) / 1000`,
        highest: `epoch_us(max(${value})) / 1000`,
        more: `max(epoch_us(${value}) % 86400000000)`,
      };
    case 'string':
      return { lowest: 'NULL', highest: 'NULL', more: `approx_count_distinct(${value})` };
  }
}
