import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { cell, listed, reveal, say } from '@tidemark/statistics/sentence.ts';
import {
  type Database,
  UnreadableDataError,
  wholeNumber,
} from '@tidemark/statistics/tables/duckdb.client.ts';
import { rowGroupRows } from '@tidemark/statistics/tables/row-groups.ts';
import { identifier, literal } from '@tidemark/statistics/tables/sql.ts';
import * as z from 'zod';
import { fileColumns, type NamedColumn, withoutName } from './column-names.ts';
import { shownExamples, UnacceptableFileError, unacceptable } from './data-finding.ts';
import { withoutPaths } from './file-failure.ts';
import { maximumFileColumns } from './ingest-limits.ts';
import type { SourceFile, WantedColumns } from './source-file.ts';

/** Lines of more than this are refused: an object of 2,000 columns is far smaller. */
const maximumObjectBytes = 4 * 1024 ** 2;

/** How objects follow each other, as the engine calls it: a line each, or all of them in one array. */
export type JsonLayout = 'newline_delimited' | 'array';

/** Names that objects use, wanted or not; more are hardly names. */
const mostNames = maximumFileColumns + 1;

/** Names whose values are looked at in one expression. */
const namesAtOnce = 200;

/**
 * Reads JSON objects, a line each or in one array, values that are not objects or lists. A value that an object does not have is missing.
 * The values that are wanted become a Parquet file: what follows reads a few columns at a time, some of them several times.
 * @throws UnacceptableFileError
 */
export async function readJsonFile(
  database: Database,
  path: string,
  layout: JsonLayout,
  wanted: WantedColumns,
): Promise<SourceFile> {
  try {
    return await read(database, path, layout, wanted);
  } catch (error) {
    if (!(error instanceof UnreadableDataError)) throw error;
    throw layout === 'array' ? notOneArray(error.message) : await notJsonLines(path, error.message);
  }
}

async function read(
  database: Database,
  path: string,
  layout: JsonLayout,
  wanted: WantedColumns,
): Promise<SourceFile> {
  const options = `${literal(path)}, format = '${layout}', maximum_object_size = ${maximumObjectBytes}`;
  const objects = `(SELECT json, row_number() OVER () AS object FROM read_json(${options}, records = false, columns = {json: 'JSON'}))`;
  const { rows, others } = await database.row(
    `SELECT count(*) AS rows, count(*) FILTER (WHERE json_type(json) IS DISTINCT FROM 'OBJECT') AS others FROM ${objects}`,
    z.object({ rows: wholeNumber, others: wholeNumber }),
  );
  if (others > 0) throw layout === 'array' ? await notObjects(database, objects) : await notJsonLines(path);
  const found = await namesOf(database, objects);
  const { used, nameless, names } = fileColumns(
    found.map(({ name }) => name),
    wanted,
    'in-each-row',
  );
  if (nameless.length > 0) throw new UnacceptableFileError([withoutName(nameless)]);
  const columns = used.map((column) => ({ ...column, key: found[column.place]?.name ?? '' }));
  refuseTwice(columns.filter(({ place }) => found[place]?.isTwice).map(({ name }) => name));
  const rowBytes = (await stat(path)).size / Math.max(1, rows);
  const relation = await copyValues(database, options, columns, {
    rows,
    groupRows: rowGroupRows(columns.length, rowBytes),
  });
  // `->>` has given a string without its quotes, and everything else as it is spelled.
  const read = columns.map(({ name, place }) => ({ name, value: fieldName(place), holds: 'text' as const }));
  return { format: 'json-lines', relation, columns: read, names, rows, rowBytes, notes: [] };
}

interface JsonColumn extends NamedColumn {
  /** The name as objects spell it. */
  readonly key: string;
}

function fieldName(place: number): string {
  return `field_${place + 1}`;
}

/** Writes the wanted values as texts. @returns SQL that reads them */
async function copyValues(
  database: Database,
  options: string,
  columns: readonly JsonColumn[],
  { rows, groupRows }: { readonly rows: number; readonly groupRows: number },
): Promise<string> {
  const cells = database.path('cells.parquet');
  // Unused columns are not read, and without a column there still are rows.
  const keys = columns.length === 0 ? ['none'] : columns.map(({ key }) => key);
  const fields = keys.map((key) => `${literal(key)}: 'JSON'`).join(', ');
  const values = columns.map(({ key, place }) => `(${identifier(key)} ->> '$') AS ${fieldName(place)}`);
  const groups = Array.from({ length: Math.ceil(columns.length / namesAtOnce) }, (_, group) =>
    columns.slice(group * namesAtOnce, (group + 1) * namesAtOnce),
  );
  const nested = groups.map((group, index) => {
    const types = group.map(({ key }) => `json_type(${identifier(key)})`).join(', ');
    return `list_has_any([${types}], ['OBJECT', 'ARRAY']) AS nested_${index}`;
  });
  const source = `read_json(${options}, records = true, columns = {${fields}})`;
  const select = [...values, ...nested].join(', ') || 'NULL AS none';
  await database.writeParquet(`SELECT ${select} FROM ${source}`, cells, groupRows, 'lz4_raw');
  const relation = `read_parquet(${literal(cells)})`;
  for (const [index, group] of groups.entries()) {
    const { some } = await database.row(
      `SELECT coalesce(bool_or(nested_${index}), false) AS some FROM ${relation}`,
      z.object({ some: z.boolean() }),
    );
    if (some) refuseNested(await nestedOf(database, source, group), rows);
  }
  return relation;
}

/** Every name that an object of the file uses, in the order of their first use. */
async function namesOf(database: Database, objects: string): Promise<{ name: string; isTwice: boolean }[]> {
  const keys = await database.rows(
    `WITH shapes AS (SELECT json_keys(json) AS keys, min(object) AS object FROM ${objects} GROUP BY 1),
       uses AS (SELECT object, unnest(keys) AS key, generate_subscripts(keys, 1) AS place FROM shapes),
       counts AS (SELECT object, key, count(*) AS times, min(place) AS place FROM uses GROUP BY 1, 2)
     SELECT key, max(times) AS times FROM counts GROUP BY key ORDER BY min(object), min(place) LIMIT ${mostNames}`,
    z.object({ key: z.string(), times: wholeNumber }),
  );
  return keys.map(({ key, times }) => ({ name: key, isTwice: times > 1 }));
}

/** Names whose value is an object or a list somewhere. */
async function nestedOf(
  database: Database,
  source: string,
  columns: readonly JsonColumn[],
): Promise<string[]> {
  const checks = columns.map(
    ({ key }, index) => `bool_or(json_type(${identifier(key)}) IN ('OBJECT', 'ARRAY')) AS nested_${index}`,
  );
  const nested = await database.row(
    `SELECT ${checks.join(', ')} FROM ${source}`,
    z.record(z.string(), z.boolean().nullable()),
  );
  return columns.filter((_, index) => nested[`nested_${index}`]).map(({ name }) => name);
}

function refuseNested(names: readonly string[], rows: number): void {
  if (names.length === 0) return;
  if (rows === 1) {
    throw unacceptable(
      'json-nested',
      say`The file is one object, in which ${listed(names)} ${names.length === 1 ? 'holds' : 'hold'} objects or lists.`,
      say`It holds JSON objects, one for each row: a line each, or all of them in one array.`,
      howToWrite,
    );
  }
  throw unacceptable(
    'json-nested',
    say`${listed(names)} ${names.length === 1 ? 'holds' : 'hold'} objects or lists.`,
    say`A column holds one number, text, time or truth value per row.`,
    say`Write each inner value as a field of its own, such as \`address_city\`, or list the name under \`features.exclude\`.`,
  );
}

function refuseTwice(names: readonly string[]): void {
  if (names.length === 0) return;
  throw unacceptable(
    'json-lines',
    say`${listed(names)} ${names.length === 1 ? 'stands' : 'stand'} twice in one object.`,
    say`Which of the two values is meant would be a guess.`,
    say`Write each name once in each object.`,
  );
}

const howToWrite = say`Write one object per line, such as {"delay": 12, "origin": "SFO"}, or one array of such objects. In Python: \`frame.to_json(path, orient="records", lines=True)\`.`;

/** An array is read to its end or not at all. */
function notOneArray(reason: string) {
  return unacceptable(
    'json-lines',
    say`The file begins with an array, and is not one array of JSON objects.`,
    say`A file of JSON holds objects, one for each row: a line each, or all of them in one array.`,
    howToWrite,
    { shown: reveal`The reader says ${cell(withoutPaths(reason.split('\n', 1).join()))}.` },
  );
}

/** Finds the elements that are to blame. */
async function notObjects(database: Database, objects: string) {
  const bad = await database.rows(
    `SELECT object AS number, json::VARCHAR AS text FROM ${objects}
     WHERE json_type(json) IS DISTINCT FROM 'OBJECT' LIMIT ${shownExamples}`,
    z.object({ number: wholeNumber, text: z.string().nullable() }),
  );
  return unacceptable(
    'json-lines',
    say`Element ${bad[0]?.number ?? 1} of the array is not a JSON object.`,
    say`A file of JSON holds objects, one for each row: a line each, or all of them in one array.`,
    howToWrite,
    bad.map(({ number, text }) => ({ where: say`element ${number}`, text: text ?? 'null' })),
  );
}

/** Finds the lines that are to blame; the engine names one, and not always by its number. */
async function notJsonLines(path: string, reason = '') {
  const bad = await badLines(path);
  const [first] = bad;
  const examples = bad.map(({ line, text }) => ({ where: say`line ${line}`, text }));
  return unacceptable(
    'json-lines',
    first === undefined
      ? say`The file is not JSON Lines.`
      : say`The file is not JSON Lines: line ${first.line} ${first.fault}.`,
    say`Each line must be one JSON object, with each name once.`,
    howToWrite,
    first === undefined && reason !== ''
      ? { shown: reveal`The reader says ${cell(withoutPaths(reason.split('\n', 1).join()))}.` }
      : examples,
  );
}

type Fault = 'is not one JSON object' | 'has one half of a pair of surrogates, which is not a character';

async function badLines(path: string): Promise<{ line: number; text: string; fault: Fault }[]> {
  const bad: { line: number; text: string; fault: Fault }[] = [];
  for await (const { number, text } of linesOf(path)) {
    const fault = text.trim() === '' ? undefined : faultOf(text);
    if (fault !== undefined) bad.push({ line: number, text, fault });
    if (bad.length === shownExamples) break;
  }
  return bad;
}

/** The lines of a file, up to the first that is too long. */
async function* linesOf(path: string): AsyncGenerator<{ number: number; text: string }> {
  let number = 1;
  let rest = '';
  for await (const chunk of createReadStream(path, 'utf8')) {
    const lines = `${rest}${String(chunk)}`.split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) yield { number: number++, text };
    if (rest.length > maximumObjectBytes) break;
  }
  yield { number, text: rest };
}

function faultOf(line: string): Fault | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is not one JSON object';
    const isWhole = Object.entries(value).every((pair) => !/\p{Cs}/u.test(pair.join()));
    return isWhole ? undefined : 'has one half of a pair of surrogates, which is not a character';
  } catch {
    return 'is not one JSON object';
  }
}
