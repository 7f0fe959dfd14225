import { InvariantError } from '@tidemark/domain/errors.ts';
import { cell, code, counted, listed, reveal, say } from '@tidemark/statistics/sentence.ts';
import {
  type Database,
  UnreadableDataError,
  wholeNumber,
} from '@tidemark/statistics/tables/duckdb.client.ts';
import { canonicalType, identifier, literal } from '@tidemark/statistics/tables/sql.ts';
import * as z from 'zod';
import { arrowDurations, type DurationUnit, durationNotes } from './arrow-durations.ts';
import { fileColumns, type NamedColumn } from './column-names.ts';
import { unacceptable } from './data-finding.ts';
import { withoutPaths } from './file-failure.ts';
import { maximumFileBytes } from './ingest-limits.ts';
import { leaveOutNameless } from './nameless-column.ts';
import type { SourceColumn } from './source-column.ts';
import type { SourceFile, WantedColumns } from './source-file.ts';
import { tooLarge } from './text-file.ts';

/** A column of the file's top level. */
interface ParquetColumn {
  /** As the file has it. */
  readonly name: string;
  /** As the engine calls it: it renames what has no name, or the name of another column. */
  readonly column: string;
  readonly type: string;
  /** Digits of a DECIMAL, 0 of others. */
  readonly digits: number;
}
type UsedColumn = ParquetColumn & NamedColumn;

/**
 * Reads a Parquet file with flat columns.
 * @throws UnacceptableFileError
 */
export async function readParquet(
  database: Database,
  path: string,
  wanted: WantedColumns,
): Promise<SourceFile> {
  try {
    return await read(database, path, wanted);
  } catch (error) {
    if (error instanceof UnreadableDataError) throw brokenParquet(error);
    throw error;
  }
}

async function read(database: Database, path: string, wanted: WantedColumns): Promise<SourceFile> {
  const relation = `read_parquet(${literal(path)})`;
  const found = await topLevel(database, path, relation);
  const { used, nameless, names } = fileColumns(
    found.map(({ name }) => name),
    wanted,
  );
  const columns = used.flatMap(({ name, place }) => {
    const column = found[place];
    return column === undefined ? [] : [{ ...column, name, place }];
  });
  const nested = columns.filter(({ type }) => type !== 'BLOB' && canonicalType(type) === undefined);
  if (nested.length > 0) throw unsupported(nested);
  const long = columns.filter(({ digits }) => digits > decimalDigits);
  if (long.length > 0) throw longDecimals(long);
  const { rows } = await database.row(
    `SELECT count(*) AS rows FROM ${relation}`,
    z.object({ rows: wholeNumber }),
  );
  const bytes = await unpackedBytes(database, path, relation, columns, rows);
  await refuseForeignBytes(database, relation, columns);
  await refuseForeignTimes(database, path, relation, columns);
  const engineName = ({ place }: NamedColumn) => identifier(found[place]?.column ?? '');
  const notes = rows === 0 ? [] : await leaveOutNameless(database, relation, nameless, engineName);
  const read = columns.map((column) => sourceColumn(column, wanted.times));
  const integers = columns.flatMap(({ name, type }) => (type === 'BIGINT' ? [name] : []));
  return {
    format: 'parquet',
    relation,
    columns: read,
    names,
    rows,
    rowBytes: bytes / Math.max(1, rows),
    notes: [...notes, ...durationNotes(await durationsOf(database, path), integers)],
  };
}

async function durationsOf(database: Database, path: string): Promise<ReadonlyMap<string, DurationUnit>> {
  const [schema] = await database.rows(
    `SELECT coalesce(TRY(decode(value)), '') AS schema FROM parquet_kv_metadata(${literal(path)}) WHERE key = 'ARROW:schema'::BLOB`,
    z.object({ schema: z.string() }),
  );
  return schema === undefined ? new Map() : arrowDurations(schema.schema);
}

/** The columns with the names that stand in the file: the engine gives others to those that are alike. */
async function topLevel(database: Database, path: string, relation: string): Promise<ParquetColumn[]> {
  const described = await database.rows(
    `SELECT column_name AS name, column_type AS type FROM (DESCRIBE FROM ${relation})`,
    z.object({ name: z.string(), type: z.string() }),
  );
  const nodes = await database.rows(
    `SELECT name, num_children AS children, precision AS digits FROM parquet_schema(${literal(path)})`,
    z.object({
      name: z.string().nullable(),
      children: wholeNumber.nullable(),
      digits: wholeNumber.nullable(),
    }),
  );
  const top: (typeof nodes)[number][] = [];
  // The root first, then each node before its children.
  for (let at = 1; at < nodes.length; at = afterNode(nodes, at)) top.push(...nodes.slice(at, at + 1));
  if (top.length !== described.length)
    throw new InvariantError('A Parquet file has other columns than its schema.');
  return described.map(({ name, type }, place) => ({
    name: top[place]?.name ?? '',
    column: name,
    type,
    digits: top[place]?.digits ?? 0,
  }));
}

/** The place after a node and everything below it. */
function afterNode(nodes: readonly { readonly children: number | null }[], start: number): number {
  let at = start;
  for (let open = 1; open > 0 && at < nodes.length; at += 1) open += (nodes[at]?.children ?? 0) - 1;
  return at;
}

/** How the engine says that it cannot hold a time, or cannot spell it. */
const foreignTime = /Could not convert Timestamp|out of range in timestamp/;

/** Bytes of a number or a time, once it is read. */
const numberBytes = 8;

/**
 * How large the file is once it is unpacked. Refuses what is more than a file may have, before anything is unpacked. The sizes in the file's own metadata are of pages: a value of a
 * dictionary, and one that is repeated, counts once however many rows have it. So texts are added up as well, which takes their lengths alone.
 * @throws UnacceptableFileError
 */
async function unpackedBytes(
  database: Database,
  path: string,
  relation: string,
  columns: readonly UsedColumn[],
  rows: number,
): Promise<number> {
  const pages = await pageBytes(database, path, columns);
  const texts = columns.filter(({ type }) => type === 'VARCHAR' || type === 'BLOB');
  let bytes = rows * numberBytes * (columns.length - texts.length);
  if (Math.max(pages, bytes) > maximumFileBytes) throw tooLarge();
  for (const { column, type } of texts) {
    const length = type === 'BLOB' ? 'octet_length' : 'strlen';
    const found = await database.row(
      `SELECT coalesce(sum(${length}(${identifier(column)})), 0)::DOUBLE AS bytes FROM ${relation}`,
      z.object({ bytes: z.number() }),
    );
    bytes += found.bytes;
    if (bytes > maximumFileBytes) throw tooLarge();
  }
  return bytes;
}

/** What the metadata say of the columns' pages; 0 where the engine cannot read the metadata for a time in them. */
async function pageBytes(database: Database, path: string, columns: readonly UsedColumn[]): Promise<number> {
  const names = ['', ...columns.map(({ name }) => name)].map(literal).join(', ');
  try {
    const { pages } = await database.row(
      `SELECT coalesce(sum(total_uncompressed_size), 0)::DOUBLE AS pages FROM parquet_metadata(${literal(path)})
       WHERE path_in_schema IN (${names})`,
      z.object({ pages: z.number() }),
    );
    return pages;
  } catch (error) {
    // It spells the least and the greatest value of each column, asked for or not.
    if (error instanceof UnreadableDataError && foreignTime.test(error.message)) return 0;
    throw error;
  }
}

/** Text that is not marked as such, as Impala, Hive and older Spark write it, is taken for what it is. */
async function refuseForeignBytes(
  database: Database,
  relation: string,
  columns: readonly UsedColumn[],
): Promise<void> {
  for (const { name, column, type } of columns) {
    if (type !== 'BLOB') continue;
    const { foreign } = await database.row(
      `SELECT count(*) FILTER (WHERE ${identifier(column)} IS NOT NULL AND TRY(decode(${identifier(column)})) IS NULL) AS foreign
       FROM ${relation}`,
      z.object({ foreign: wholeNumber }),
    );
    if (foreign > 0) throw notText(name, foreign);
  }
}

/** A time in milliseconds that is none in microseconds stops the engine's reader before SQL sees the value. */
async function refuseForeignTimes(
  database: Database,
  path: string,
  relation: string,
  columns: readonly UsedColumn[],
): Promise<void> {
  const { milliseconds } = await database.row(
    `SELECT count(*) AS milliseconds FROM parquet_schema(${literal(path)}) WHERE logical_type LIKE '%MilliSeconds%' OR converted_type = 'TIMESTAMP_MILLIS'`,
    z.object({ milliseconds: wholeNumber }),
  );
  if (milliseconds === 0) return;
  for (const { name, column, type } of columns) {
    if (!type.startsWith('TIMESTAMP')) continue;
    try {
      await database.run(
        `SELECT max(${identifier(column)}), min(hash(${identifier(column)})) FROM ${relation}`,
      );
    } catch (error) {
      if (error instanceof UnreadableDataError && foreignTime.test(error.message)) throw foreignTimes(name);
      throw error;
    }
  }
}

function foreignTimes(name: string) {
  return unacceptable(
    'infinite-values',
    say`${code(name)} has a time in milliseconds that is out of range, later than the year 294246 or as early.`,
    say`Training computes with times of the years 1 to 9999; other values are traces of an error of arithmetic or stand for a missing time. The reader stops at the first one, so its row cannot be told.`,
    say`Correct the values, or leave them empty, which means missing; or list the column under \`features.exclude\`.`,
  );
}

function notText(name: string, rows: number) {
  return unacceptable(
    'parquet-type',
    say`${code(name)} holds bytes without a text annotation, and in ${counted(rows, 'row')} they are not UTF-8 text.`,
    say`A column holds one number, text, time or truth value per row.`,
    say`Write the column as UTF-8 text (STRING), or list it under \`features.exclude\`.`,
  );
}

/** A page that cannot be unpacked is only found when it is read, so every reader of the relation needs this too. */
export function brokenParquet({ message }: UnreadableDataError) {
  const [reason = ''] = message.split('\n', 1);
  return unacceptable(
    'broken-parquet',
    say`The Parquet file is broken.`,
    say`Part of it cannot be read, so nothing of it can be trusted.`,
    say`Write or upload the file again.`,
    { shown: reveal`The reader says ${cell(withoutPaths(reason))}.` },
  );
}

function sourceColumn({ name, column, type }: UsedColumn, textTimes: readonly string[]): SourceColumn {
  const holds = canonicalType(type) ?? 'string';
  const isTextTime = holds === 'string' && textTimes.includes(name);
  const source: SourceColumn = { name, value: sqlValue(column, type), holds: isTextTime ? 'text' : holds };
  const spelled = spellingOf(column, type);
  if (spelled === undefined) return source;
  return holds === 'timestamp'
    ? { ...source, spelled, shown: `coalesce(${spelled}, 'before all that can be spelled')` }
    : { ...source, spelled };
}

/** SQL for how a value is spelled, of types that are not spelled as the canonical one is; `undefined`: of others. */
function spellingOf(name: string, type: string): string | undefined {
  const text = `${identifier(name)}::VARCHAR`;
  // A double has not all of their digits.
  if (/^(U?HUGEINT|DECIMAL\(\d+,0\))$/.test(type)) return text;
  if (type.startsWith('DECIMAL')) return `rtrim(rtrim(${text}, '0'), '.')`;
  // As a double, 0.1 would be 0.10000000149011612.
  if (type === 'FLOAT') {
    const number = identifier(name);
    return `CASE WHEN isnan(${number}) THEN NULL WHEN trunc(${number}) = ${number} AND abs(${number}) < 1e15 THEN ${number}::BIGINT::VARCHAR ELSE ${text} END`;
  }
  // The engine cannot spell the earliest times that it holds.
  return canonicalType(type) === 'timestamp' ? `TRY(${text})` : undefined;
}

function unsupported(columns: readonly UsedColumn[]) {
  const durations = columns.filter(({ type }) => type === 'INTERVAL');
  if (durations.length > 0) return durationsOfNoLength(durations);
  return unacceptable(
    'parquet-type',
    say`${listed(columns.map(({ name }) => name))} ${columns.length === 1 ? 'has' : 'have'} a type that is not one value: ${listed(columns.map(({ type }) => type))}.`,
    say`A column holds one number, text, time or truth value per row.`,
    say`Write each inner value as a column of its own, or list the column under \`features.exclude\`.`,
  );
}

function durationsOfNoLength(columns: readonly UsedColumn[]) {
  return unacceptable(
    'parquet-type',
    say`${listed(columns.map(({ name }) => name))} ${columns.length === 1 ? 'holds' : 'hold'} durations of months, days and milliseconds (INTERVAL).`,
    say`Months and days have no fixed length, so such a duration is not one number.`,
    say`Write each duration as a number, such as seconds, or list the column under \`features.exclude\`.`,
  );
}

/** DuckDB 1.5 reads a DECIMAL with more digits as a double, and as a wrong one. */
const decimalDigits = 38;

function longDecimals(columns: readonly UsedColumn[]) {
  return unacceptable(
    'parquet-type',
    say`${listed(columns.map(({ name }) => name))} ${columns.length === 1 ? 'is' : 'are'} DECIMAL of more than ${decimalDigits} digits.`,
    say`Decimals of up to ${decimalDigits} digits are read exactly; training computes with some seven digits.`,
    say`Write each as DECIMAL(${decimalDigits}, …) or DOUBLE, or list it under \`features.exclude\`.`,
  );
}

/** A date or a time that is too far away to be a TIMESTAMP is as far as can be, so that the check for such values finds it. */
function timeOrInfinity(value: string, time: string): string {
  return `coalesce(${time}, CASE WHEN ${value} IS NOT NULL THEN TIMESTAMP 'infinity' END)`;
}

/** SQL for the value; NaN is a missing one, as pandas writes it. */
function sqlValue(name: string, type: string): string {
  const value = identifier(name);
  if (type === 'FLOAT' || type === 'DOUBLE') return `CASE WHEN NOT isnan(${value}) THEN ${value} END`;
  if (type === 'TIMESTAMP WITH TIME ZONE') return timeOrInfinity(value, `TRY(${value} AT TIME ZONE 'UTC')`);
  if (/^(DATE|TIMESTAMP.*)$/.test(type)) return timeOrInfinity(value, `TRY_CAST(${value} AS TIMESTAMP)`);
  if (type === 'BLOB') return `decode(${value})`;
  return canonicalType(type) === 'string' && type !== 'VARCHAR' ? `CAST(${value} AS VARCHAR)` : value;
}
