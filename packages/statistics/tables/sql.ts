import type { ColumnType } from './column.schema.ts';

/** A name in SQL, whatever characters it has. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** How names of ours begin in statements over a user's columns. No column of a file may have such a name. */
export const aliasPrefix = '_tidemark_';

/**
 * A name of ours (of a computed column, or of a table expression) that the same statement refers to. DuckDB looks for columns first and
 * minds no letter case: a plain `value` would be the user's column of that name. What is only given a name, and never referred to, needs none.
 */
export function alias(name: string): string {
  return identifier(`${aliasPrefix}${name}`);
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
