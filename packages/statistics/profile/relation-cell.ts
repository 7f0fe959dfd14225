import type { ColumnType } from '../tables/column.schema.ts';

/** Whether values of the type are profiled as numbers; times are, as milliseconds since 1970. */
export function isNumeric(type: ColumnType | null): type is 'integer' | 'number' | 'timestamp' {
  return type === 'integer' || type === 'number' || type === 'timestamp';
}

/** SQL for a cell as a double or a text; NULL when it is missing. */
export function valueSql(cell: string, type: ColumnType | null): string {
  switch (type) {
    case 'integer':
    case 'number':
      return `${cell}::DOUBLE`;
    case 'timestamp':
      return `CASE WHEN isfinite(${cell}) THEN epoch_ms(${cell}::TIMESTAMP)::DOUBLE WHEN ${cell} IS NOT NULL THEN 'Infinity'::DOUBLE END`;
    case 'boolean':
      return `CASE WHEN ${cell} THEN 'true' WHEN NOT ${cell} THEN 'false' END`;
    case 'string':
      return `${cell}::VARCHAR`;
    case null:
      return `CASE WHEN ${cell} IS NOT NULL THEN '?' END`;
  }
}

/** As `valueSql`, but never NULL: a profiler takes NaN and nothing for missing. */
export function cellSql(cell: string, type: ColumnType | null): string {
  return `coalesce(${valueSql(cell, type)}, ${isNumeric(type) ? "'NaN'::DOUBLE" : "''"})`;
}
