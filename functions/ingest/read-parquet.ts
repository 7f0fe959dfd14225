import { z } from 'zod';
import { type Database, UnreadableDataError, wholeNumber } from '../datasets/duckdb.client.ts';
import { canonicalType, identifier, literal } from '../datasets/sql.ts';
import { cell, listed, reveal, say } from '../sentence.ts';
import { columnNames } from './column-names.ts';
import { unacceptable } from './problem.ts';
import type { SourceColumn } from './source-column.ts';
import type { SourceFile } from './source-file.ts';

const columnSchema = z.object({ name: z.string(), type: z.string() });
type ParquetColumn = z.infer<typeof columnSchema>;

/**
 * Reads a Parquet file with flat columns.
 * @param textTimes columns that should be times: where they hold text, times are looked for in it
 * @throws UnacceptableFileError
 */
export async function readParquet(
  database: Database,
  path: string,
  textTimes: readonly string[],
): Promise<SourceFile> {
  try {
    const relation = `read_parquet(${literal(path)})`;
    const found = await database.rows(
      `SELECT column_name AS name, column_type AS type FROM (DESCRIBE FROM ${relation})`,
      columnSchema,
    );
    const { rows } = await database.row(
      `SELECT count(*) AS rows FROM ${relation}`,
      z.object({ rows: wholeNumber }),
    );
    return { format: 'parquet', relation, columns: sourceColumns(found, textTimes), rows };
  } catch (error) {
    if (error instanceof UnreadableDataError) throw brokenParquet(error);
    throw error;
  }
}

/** A page that cannot be unpacked is only found when it is read, so whoever reads the relation needs this too. */
export function brokenParquet({ message }: UnreadableDataError) {
  const [reason = ''] = message.split('\n', 1);
  return unacceptable(
    'broken-parquet',
    say`The Parquet file is broken.`,
    say`Part of it cannot be read, so nothing of it can be trusted.`,
    say`Write or upload the file again.`,
    { shown: reveal`The reader says ${cell(reason.replace(/ '[^']*\/[^']*'/g, ''))}.` },
  );
}

function sourceColumns(found: readonly ParquetColumn[], textTimes: readonly string[]): SourceColumn[] {
  const names = columnNames(found.map(({ name }) => name));
  const nested = found.filter(({ type }) => canonicalType(type) === undefined);
  if (nested.length > 0) throw unsupported(nested);
  return found.map(({ name, type }, index) => {
    const holds = canonicalType(type) ?? 'string';
    const isTextTime = holds === 'string' && textTimes.includes(names[index] ?? name);
    return { name: names[index] ?? name, value: sqlValue(name, type), holds: isTextTime ? 'text' : holds };
  });
}

function unsupported(columns: readonly ParquetColumn[]) {
  return unacceptable(
    'parquet-type',
    say`${listed(columns.map(({ name }) => name))} ${columns.length === 1 ? 'has' : 'have'} a type that is not one value: ${listed(columns.map(({ type }) => type))}.`,
    say`A column holds one number, text, time or truth value per row.`,
    say`Write each inner value as a column of its own, or leave the column out.`,
  );
}

/** SQL for the value; NaN is a missing one, as pandas writes it. */
function sqlValue(name: string, type: string): string {
  const value = identifier(name);
  if (type === 'FLOAT' || type === 'DOUBLE') return `CASE WHEN NOT isnan(${value}) THEN ${value} END`;
  if (type === 'TIMESTAMP WITH TIME ZONE') return `(${value} AT TIME ZONE 'UTC')`;
  if (/^(DATE|TIMESTAMP.*)$/.test(type)) return `CAST(${value} AS TIMESTAMP)`;
  return canonicalType(type) === 'string' && type !== 'VARCHAR' ? `CAST(${value} AS VARCHAR)` : value;
}
