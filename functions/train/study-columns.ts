import { z } from 'zod';
import type { Database } from '../datasets/duckdb.client.ts';
import type { Column } from '../datasets/manifest.schema.ts';
import type { Problem } from '../definition/definition.schema.ts';
import {
  associationQuery,
  type ColumnStatistics,
  categoriesQuery,
  categorySchema,
  columnsPerQuery,
  readSummary,
  summaryQuery,
} from './column-statistics.ts';
import { isIdentifier } from './fit-encoding.ts';
import { leakageWarning } from './leakage.ts';

const numbers = z.record(z.string(), z.number().nullable());
const numbersWithLabel = numbers.and(z.object({ label: z.number() }));

/** Where the training rows are. */
export interface TrainingRows {
  /** SQL of the rows. */
  readonly sql: string;
  /** Column with the label. */
  readonly label: string;
  readonly problem: Problem;
}

/** What the training rows say of each column, and warnings about those that give the answer away. */
export async function studyColumns(
  database: Database,
  rows: TrainingRows,
  columns: readonly Column[],
): Promise<{ readonly statistics: ColumnStatistics[]; readonly warnings: string[] }> {
  const statistics: ColumnStatistics[] = [];
  const warnings: string[] = [];
  for (let first = 0; first < columns.length; first += columnsPerQuery) {
    const some = columns.slice(first, first + columnsPerQuery);
    const studied = await summarise(database, rows, some);
    statistics.push(...studied);
    warnings.push(...(await warn(database, rows, studied)));
  }
  return { statistics, warnings };
}

async function summarise(database: Database, { sql, label }: TrainingRows, columns: readonly Column[]) {
  const summary = readSummary(columns, await database.row(summaryQuery(sql, columns), numbers));
  const statistics: ColumnStatistics[] = [];
  for (const each of summary) {
    const isCategory = each.column.type === 'string' && !isIdentifier(each);
    const categories = isCategory
      ? await database.rows(categoriesQuery(sql, each.column, label), categorySchema)
      : [];
    statistics.push({ ...each, categories });
  }
  return statistics;
}

async function warn(
  database: Database,
  { sql, label, problem }: TrainingRows,
  statistics: readonly ColumnStatistics[],
): Promise<string[]> {
  const numeric = statistics.filter(({ column }) => ['integer', 'number', 'boolean'].includes(column.type));
  const found =
    numeric.length === 0
      ? []
      : await database.rows(
          associationQuery(
            sql,
            numeric.map(({ column }) => column),
            problem,
            label,
          ),
          numbersWithLabel,
        );
  return statistics.flatMap((each) => {
    const index = numeric.indexOf(each);
    const associations = found.map((row) => ({
      label: row.label,
      lowest: row[`lowest${index}`] ?? null,
      highest: row[`highest${index}`] ?? null,
    }));
    return leakageWarning(each, associations, problem) ?? [];
  });
}
