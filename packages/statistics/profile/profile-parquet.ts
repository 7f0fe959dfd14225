import { dirname } from 'node:path';
import * as z from 'zod';
import type { ColumnType } from '../tables/column.schema.ts';
import { Database, UnreadableDataError } from '../tables/duckdb.client.ts';
import { canonicalType, identifier, literal, sqlTypes } from '../tables/sql.ts';
import type { BinningPlan } from './binning-plan.schema.ts';
import type { Profile } from './profile.schema.ts';
import { profileRelation } from './profile-relation.ts';
import type { ProfiledColumn } from './profiler.ts';

export interface ParquetOptions {
  /** What is profiled, whatever else the file has; all columns by default. */
  readonly columns?: readonly ProfiledColumn[];
  readonly plan?: BinningPlan;
  readonly seed?: number;
  /** Memory of the function that asks, for DuckDB. */
  readonly memoryMegabytes?: number;
}

/**
 * Profiles a Parquet file with flat columns. Columns that are asked for and that the file does not have are missing in every row.
 * @throws UnreadableDataError when the file is broken, nested, or has a column in another type than was asked for
 */
export async function profileParquet(
  path: string,
  { memoryMegabytes = 1769, columns, ...options }: ParquetOptions = {},
): Promise<Profile> {
  const profile = async (database: Database) => {
    const file = `read_parquet(${literal(path)})`;
    const typed = await parquetColumns(database, path);
    const wanted = columns ?? typed;
    for (const column of wanted) refuseOther(column, typed);
    const absent = wanted.filter(({ name }) => !typed.some((column) => column.name === name));
    const nulls = absent.map(
      ({ name, type }) => `, NULL::${sqlTypes[type ?? 'string']} AS ${identifier(name)}`,
    );
    return profileRelation(database, `(SELECT *${nulls.join('')} FROM ${file})`, wanted, options);
  };
  return Database.with(memoryMegabytes, profile, [dirname(path)]);
}

/** The columns of a Parquet file in canonical types. @throws UnreadableDataError */
export async function parquetColumns(database: Database, path: string): Promise<ProfiledColumn[]> {
  const found = await database.rows(
    `SELECT column_name AS name, column_type AS type FROM (DESCRIBE FROM read_parquet(${literal(path)}))`,
    z.object({ name: z.string(), type: z.string() }),
  );
  return found.map(({ name, type }) => ({ name, type: typeOf(name, type) }));
}

function typeOf(name: string, type: string): ColumnType {
  const canonical = canonicalType(type);
  if (canonical) return canonical;
  throw new UnreadableDataError(`The column ${name} is of the type ${type}, which is not one value.`);
}

function refuseOther({ name, type }: ProfiledColumn, typed: readonly ProfiledColumn[]): void {
  const held = typed.find((column) => column.name === name)?.type ?? null;
  const isNumeric = (each: ColumnType) => each === 'integer' || each === 'number';
  if (held === null || type === null || held === type || (isNumeric(held) && isNumeric(type))) return;
  throw new UnreadableDataError(`The column ${name} holds values of the type ${held}, and not ${type}.`);
}
