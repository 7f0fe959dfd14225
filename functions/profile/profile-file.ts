import { z } from 'zod';
import { Database, UnreadableDataError } from '../datasets/duckdb.client.ts';
import type { ColumnType } from '../datasets/manifest.schema.ts';
import { canonicalType, identifier, literal, sqlTypes } from '../datasets/sql.ts';
import type { Profile } from './profile.schema.ts';
import { type CsvOptions, profileCsv } from './profile-csv.ts';
import { profileJsonLines } from './profile-json-lines.ts';
import { profileRelation } from './profile-relation.ts';
import type { ProfiledColumn } from './profiler.ts';

export type ProfiledFormat = 'csv' | 'json-lines' | 'parquet';

export interface ProfileFileOptions extends CsvOptions {
  /** Memory of the function that asks, for DuckDB, which reads Parquet. */
  readonly memoryMegabytes?: number;
}

/**
 * Profiles a file on disk in one pass, in memory that does not grow with it. A guess of types from the first rows that proves wrong costs another pass.
 * @throws UnreadableCsvError, UnreadableJsonLinesError, UnreadableDataError
 */
export async function profileFile(
  path: string,
  format: ProfiledFormat,
  options: ProfileFileOptions = {},
): Promise<Profile> {
  switch (format) {
    case 'csv':
      return profileCsv(path, options);
    case 'json-lines':
      return profileJsonLines(path, options);
    case 'parquet':
      return profileParquet(path, options);
  }
}

/** Columns that are asked for and that the file does not have are missing in every row. */
async function profileParquet(
  path: string,
  { memoryMegabytes = 1769, columns, ...options }: ProfileFileOptions,
): Promise<Profile> {
  return Database.with(memoryMegabytes, async (database) => {
    const file = `read_parquet(${literal(path)})`;
    const found = await database.rows(
      `SELECT column_name AS name, column_type AS type FROM (DESCRIBE FROM ${file})`,
      z.object({ name: z.string(), type: z.string() }),
    );
    const typed = found.map(({ name, type }) => ({ name, type: typeOf(name, type) }));
    const wanted = columns ?? typed;
    for (const column of wanted) refuseOther(column, typed);
    const absent = wanted.filter(({ name }) => !typed.some((column) => column.name === name));
    const nulls = absent.map(
      ({ name, type }) => `, NULL::${sqlTypes[type ?? 'string']} AS ${identifier(name)}`,
    );
    return profileRelation(database, `(SELECT *${nulls.join('')} FROM ${file})`, wanted, options);
  });
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
