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

/** The canonical type of values that DuckDB holds as `type`; `undefined` when they are not one value each. */
export function canonicalType(type: string): ColumnType | undefined {
  if (/^U?(TINY|SMALL|BIG)?INT(EGER)?$/.test(type)) return 'integer';
  if (/^(FLOAT|DOUBLE|DECIMAL\(.*\)|U?HUGEINT)$/.test(type)) return 'number';
  if (type === 'BOOLEAN') return 'boolean';
  if (/^(DATE|TIMESTAMP.*)$/.test(type)) return 'timestamp';
  if (/^(VARCHAR|UUID|TIME|ENUM\(.*\)|JSON)$/.test(type)) return 'string';
  return undefined;
}
