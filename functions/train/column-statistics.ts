import type { DisguisedValues } from '@tidemark/domain/datasets/disguised-values.ts';
import { unreachable } from '@tidemark/domain/errors.ts';
import type { ProblemType } from '@tidemark/statistics/metrics/metric-names.ts';
import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import { identifier } from '@tidemark/statistics/tables/sql.ts';
import * as z from 'zod';

/** A category of a text column, over the training rows that have it. */
export const categorySchema = z.object({
  value: z.string(),
  rows: z.number(),
  meanLabel: z.number(),
  lowestLabel: z.number(),
  highestLabel: z.number(),
});
export type Category = z.infer<typeof categorySchema>;

/** A text that looks like something else, and the most frequent values that tell so: see `isTelling`. */
export interface DisguisedText extends DisguisedValues {
  readonly examples: readonly string[];
}

/** What is known of a column over the training rows. */
export interface ColumnStatistics {
  readonly column: Column;
  /** Rows with a value. */
  readonly present: number;
  /** Smallest and largest value: booleans as 0 and 1, times in milliseconds since 1970; `null` for text and without values. */
  readonly lowest: number | null;
  readonly highest: number | null;
  /** For text and whole numbers, about how many different values there are (HyperLogLog, within a few percent); otherwise 0. */
  readonly distinct: number;
  /** For numbers, whether they count rows rather than describe them; see `countsRows`. */
  readonly countsRows: boolean;
  /** For text that is left out or mostly unknown, whether most of it is of several words; see `isFreeText`. */
  readonly isFreeText: boolean;
  /** For text, what nearly all of its values look like; `undefined` if they are texts, or the definition says so. */
  readonly disguised?: DisguisedText | undefined;
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
    distinct: column.type === 'timestamp' ? 0 : (row[`more${index}`] ?? 0),
    hasTimeOfDay: column.type === 'timestamp' && (row[`more${index}`] ?? 0) > 0,
    countsRows: false,
    isFreeText: false,
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
 * How a number, boolean or time goes with the label: for classes its range in each, one row per class; for regression the correlation,
 * in one row.
 */
export function associationQuery(
  trainRows: string,
  columns: readonly Column[],
  problem: ProblemType,
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

/** SQL for a number if its square is one too; DuckDB fails when it is not. */
function squarable(value: string): string {
  return `CASE WHEN abs(${value}) < 1e100 THEN ${value} END`;
}

/** SQL for a number, boolean or time as a DOUBLE; a time in milliseconds since 1970. */
export function asNumber({ name, type }: Column): string {
  const value = identifier(name);
  return type === 'timestamp' ? `(epoch_us(${value}) / 1000)::DOUBLE` : `CAST(${value} AS DOUBLE)`;
}

/**
 * How having a value goes with the label. For classes the rows of each and those of them with a value, one row per class; for
 * regression the range of the label among rows with a value and among those without, in one row.
 */
export function presenceQuery(
  trainRows: string,
  columns: readonly Column[],
  problem: ProblemType,
  label: string,
): string {
  if (problem === 'regression') {
    const fields = columns.flatMap(({ name }, index) =>
      (['NOT NULL', 'NULL'] as const).flatMap((is) => {
        const side = is === 'NULL' ? 'without' : 'with';
        const rows = `FILTER (WHERE ${identifier(name)} IS ${is})`;
        return [
          `min(${label}) ${rows} AS ${side}_lowest${index}`,
          `max(${label}) ${rows} AS ${side}_highest${index}`,
        ];
      }),
    );
    return `SELECT ${fields.join(', ')} FROM (${trainRows})`;
  }
  const fields = columns.map(({ name }, index) => `count(${identifier(name)})::DOUBLE AS present${index}`);
  return `SELECT ${label} AS label, count(*)::DOUBLE AS every, ${fields.join(', ')} FROM (${trainRows}) GROUP BY 1 ORDER BY 1`;
}

/** The label's value below which each of some shares of the rows lie. */
export function labelQuantilesQuery(trainRows: string, label: string, shares: readonly number[]): string {
  return `SELECT unnest(quantile_disc(${label}, [${shares.join(', ')}]))::DOUBLE AS quantile FROM (${trainRows})`;
}

function summaryOf(column: Column): { lowest: string; highest: string; more: string } {
  const value = identifier(column.name);
  switch (column.type) {
    case 'integer':
    case 'number':
      return {
        lowest: `min(${asNumber(column)})`,
        highest: `max(${asNumber(column)})`,
        // Fractions describe, whatever they are of: only whole numbers are counted.
        more: `CASE WHEN bool_and(trunc(${value}) = ${value}) THEN ${differentSql(value)} ELSE 0 END`,
      };
    case 'boolean':
      return { lowest: `min(${asNumber(column)})`, highest: `max(${asNumber(column)})`, more: '0' };
    case 'timestamp':
      return {
        lowest: `min(${asNumber(column)})`,
        highest: `max(${asNumber(column)})`,
        more: `max(epoch_us(${value}) % 86400000000)`,
      };
    case 'string':
      return { lowest: 'NULL', highest: 'NULL', more: differentSql(value) };
    default:
      return unreachable(column.type);
  }
}

/** About how many values differ; never more than there are. */
function differentSql(value: string): string {
  return `least(approx_count_distinct(${value}), count(${value}))`;
}
