import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import { identifier, literal, sqlTypes } from '@tidemark/statistics/tables/sql.ts';
import { rowHashColumn, splitColumn } from './row-hash.ts';

/**
 * SQL that reads downloaded parts as one relation: the dataset's columns in the dataset's types, then `_split` and `_row`.
 * A part keeps the types of its own file, which may be narrower (integers in a column that later held numbers), so plain
 * `read_parquet` over several parts would squeeze all of them into the first one's.
 */
export function readParts(paths: readonly string[], columns: readonly Column[]): string {
  const typed = columns.map(
    ({ name, type }) => `CAST(${identifier(name)} AS ${sqlTypes[type]}) AS ${identifier(name)}`,
  );
  const files = `[${paths.map(literal).join(', ')}]`;
  return `SELECT ${[...typed, splitColumn, rowHashColumn].join(', ')} FROM read_parquet(${files}, union_by_name = true)`;
}
