import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { type Database, UnreadableDataError, wholeNumber } from '../datasets/duckdb.client.ts';
import { identifier, literal } from '../datasets/sql.ts';
import { listed, say } from '../sentence.ts';
import { columnNames } from './column-names.ts';
import { shownExamples, unacceptable } from './problem.ts';
import type { SourceFile } from './source-file.ts';

/** Lines of more than this are refused: an object of 2,000 columns is far smaller. */
const maximumObjectBytes = 4 * 1024 ** 2;

/**
 * Reads JSON Lines: one object per line, values that are not objects or lists. A value that a line does not have is missing.
 * @throws UnacceptableFileError
 */
export async function readJsonLines(database: Database, path: string): Promise<SourceFile> {
  try {
    return await read(database, path);
  } catch (error) {
    if (!(error instanceof UnreadableDataError)) throw error;
    throw await notJsonLines(path);
  }
}

async function read(database: Database, path: string): Promise<SourceFile> {
  const options = `${literal(path)}, format = 'newline_delimited', maximum_object_size = ${maximumObjectBytes}`;
  const keys = await keysOf(database, options);
  const names = columnNames(keys);
  const fields = keys.map((key) => `${literal(key)}: 'JSON'`);
  const relation = `read_json(${options}, records = true, columns = {${fields.join(', ')}})`;
  refuseNested(await nestedOf(database, relation, keys));
  const { rows } = await database.row(
    `SELECT count(*) AS rows FROM ${relation}`,
    z.object({ rows: wholeNumber }),
  );
  // `->>` gives a string without its quotes, and everything else as it is spelled.
  const columns = keys.map((key, index) => ({
    name: names[index] ?? key,
    value: `(${identifier(key)} ->> '$')`,
    holds: 'text' as const,
  }));
  return { format: 'json-lines', relation, columns, rows };
}

/** Every name that an object of the file uses, in the order of their first use. */
async function keysOf(database: Database, options: string): Promise<string[]> {
  const objects = `read_json(${options}, records = false, columns = {json: 'JSON'})`;
  const keys = await database.rows(
    `WITH shapes AS (
       SELECT json_keys(json) AS keys, min(line) AS line
       FROM (SELECT json, row_number() OVER () AS line FROM ${objects}) GROUP BY keys
     ), uses AS (SELECT line, unnest(keys) AS key, generate_subscripts(keys, 1) AS place FROM shapes)
     SELECT key FROM uses GROUP BY key ORDER BY min(line), min(place)`,
    z.object({ key: z.string() }),
  );
  return keys.map(({ key }) => key);
}

/** Names whose value is an object or a list somewhere. */
async function nestedOf(database: Database, relation: string, keys: readonly string[]): Promise<string[]> {
  if (keys.length === 0) return [];
  const checks = keys.map(
    (key, index) => `bool_or(json_type(${identifier(key)}) IN ('OBJECT', 'ARRAY')) AS nested_${index}`,
  );
  const nested = await database.row(
    `SELECT ${checks.join(', ')} FROM ${relation}`,
    z.record(z.string(), z.boolean().nullable()),
  );
  return keys.filter((_, index) => nested[`nested_${index}`]);
}

function refuseNested(names: readonly string[]): void {
  if (names.length === 0) return;
  throw unacceptable(
    'json-nested',
    say`${listed(names)} ${names.length === 1 ? 'holds' : 'hold'} objects or lists.`,
    say`A column holds one number, text, time or truth value per row.`,
    say`Write each inner value as a field of its own, such as \`address_city\`.`,
  );
}

/** Finds the lines that are to blame; the engine names one, and not always by its number. */
async function notJsonLines(path: string) {
  const bad = await badLines(path);
  const [first] = bad;
  return unacceptable(
    'json-lines',
    first === undefined
      ? say`The file is not JSON Lines.`
      : say`The file is not JSON Lines: line ${first.line} is not one JSON object.`,
    say`Each line must be one JSON object, such as {"delay": 12, "origin": "SFO"}, with each name once.`,
    say`Write one object per line, without brackets around them or commas between them. In Python: \`frame.to_json(path, orient="records", lines=True)\`.`,
    bad.map(({ line, text }) => ({ where: `line ${line}`, text })),
  );
}

async function badLines(path: string): Promise<{ line: number; text: string }[]> {
  const bad: { line: number; text: string }[] = [];
  for await (const { number, text } of linesOf(path)) {
    if (text.trim() !== '' && !isObject(text)) bad.push({ line: number, text });
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

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
