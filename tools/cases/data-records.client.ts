import { copyFile, open, readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { literal } from '@tidemark/statistics/tables/sql.ts';
import * as z from 'zod';
import { jsonElements } from './json-elements.ts';

const memoryMegabytes = 1024;
const parquetMagic = 'PAR1';
const textRowSchema = z.record(z.string(), z.string().nullable());

/** How JSON spells a number; `007` is a code. */
const number = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * The first rows of a data file as JSON records without the target, as somebody would send them to the prediction function: numbers as
 * numbers, nothing as `null`, and everything else as the text that stands in the file.
 * @throws Error when the file cannot be read
 */
export async function dataRecords(path: string, target: string, most: number): Promise<string[]> {
  if (await isParquet(path))
    return await rowsOf(path, (copy) => `read_parquet(${literal(copy)})`, target, most);
  const bytes = await readFile(path);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8').trim();
  const lines = text.startsWith('[')
    ? jsonElements(text)
    : text.startsWith('{')
      ? text.split('\n')
      : undefined;
  if (lines) return lines.slice(0, most).map((line) => withoutTarget(JSON.parse(line), target));
  return await rowsOf(path, (copy) => `read_csv(${literal(copy)}, all_varchar = true)`, target, most);
}

async function rowsOf(
  path: string,
  from: (copy: string) => string,
  target: string,
  most: number,
): Promise<string[]> {
  return await Database.with(memoryMegabytes, async (database) => {
    // A database reads nothing but its own directory.
    const copy = database.path('copy');
    await copyFile(path, copy);
    const sql = `SELECT COLUMNS(*)::VARCHAR FROM ${from(copy)} LIMIT ${most}`;
    const rows = await database.rows(sql, textRowSchema);
    return rows.map((row) => textRecord(row, target));
  });
}

function textRecord(row: Readonly<Record<string, string | null>>, target: string): string {
  const fields = Object.entries(row)
    .filter(([name]) => !isTarget(name, target))
    .map(([name, value]) => `${JSON.stringify(name)}:${spelled(value)}`);
  return `{${fields.join(',')}}`;
}

function spelled(value: string | null): string {
  return value !== null && number.test(value.trim()) ? value.trim() : JSON.stringify(value);
}

function withoutTarget(record: unknown, target: string): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(Object(record)).filter(([name]) => !isTarget(name, target))),
  );
}

function isTarget(name: string, target: string): boolean {
  return name.trim().toLowerCase() === target.trim().toLowerCase();
}

async function isParquet(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.toString('latin1') === parquetMagic;
  } finally {
    await file.close();
  }
}
