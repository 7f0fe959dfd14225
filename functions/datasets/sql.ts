import type { ColumnType } from './manifest.schema.ts';

/** A name in SQL, whatever characters it has. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text in SQL, whatever characters it has. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** How DuckDB and Parquet hold each canonical type. Timestamps are UTC, in microseconds. */
export const sqlTypes = {
  integer: 'BIGINT',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  string: 'VARCHAR',
  timestamp: 'TIMESTAMP',
} as const satisfies Record<ColumnType, string>;
