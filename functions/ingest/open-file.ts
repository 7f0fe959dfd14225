import { open, rm } from 'node:fs/promises';
import { counted, say } from '@tidemark/statistics/sentence.ts';
import type { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { unacceptable } from './data-finding.ts';
import { fileKindOf } from './file-kind.ts';
import { type Head, readCsv } from './read-csv.ts';
import { readJsonFile } from './read-json.ts';
import { readParquet } from './read-parquet.ts';
import type { SourceFile, WantedColumns } from './source-file.ts';
import { copyAsPlainText } from './text-file.ts';

/** The first line must fit in; 2,000 names of 128 characters take a quarter of a megabyte. */
const headBytes = 1024 ** 2;

/**
 * Opens a downloaded file, whatever it is. A text file is deleted when its cells have been copied.
 * @throws UnacceptableFileError
 */
export async function openFile(database: Database, path: string, wanted: WantedColumns): Promise<SourceFile> {
  const { first, last } = await endsOf(path);
  const kind = fileKindOf(first, last);
  const file =
    kind === 'parquet'
      ? await readParquet(database, path, wanted)
      : await openText(database, path, kind, wanted);
  if (file.rows === 0) throw noRows(file);
  return file;
}

async function openText(
  database: Database,
  path: string,
  kind: 'gzip' | 'text',
  wanted: WantedColumns,
): Promise<SourceFile> {
  const plain = database.path('plain-text');
  await copyAsPlainText(path, plain, kind);
  await rm(path);
  const head = await headOf(plain);
  if (head.text.trim() === '') throw onlyBlanks();
  const file = await readText(database, plain, head, wanted);
  await rm(plain);
  return file;
}

function readText(database: Database, path: string, head: Head, wanted: WantedColumns): Promise<SourceFile> {
  if (/^\s*\{/.test(head.text) || hasObjectLine(head.text))
    return readJsonFile(database, path, 'newline_delimited', wanted);
  if (!isJsonArray(head.text)) return readCsv(database, path, head, wanted);
  // Arrays that follow each other, a line each, are neither one array nor lines of objects.
  return readJsonFile(database, path, 'array', wanted);
}

/** Lines among which one that is an object shows that the others should be. */
const lookedAtLines = 10;

/** Remarks, or a mark of another program, above lines of objects: they are told of, by their lines. */
function hasObjectLine(head: string): boolean {
  return head
    .split('\n', lookedAtLines)
    .some((line) => line.startsWith('{') && line.trimEnd().endsWith('}') && isObject(line));
}

function isObject(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** A bracket begins an array of objects or lists, or a first line that is an array by itself: names of columns may be in brackets too. */
function isJsonArray(head: string): boolean {
  if (/^\s*\[\s*[[{\]]/.test(head)) return true;
  const [line = ''] = head.trimStart().split('\n', 1);
  if (!line.startsWith('[')) return false;
  try {
    return Array.isArray(JSON.parse(line));
  } catch {
    return false;
  }
}

/** The first and the last bytes, as many as magic numbers need. */
async function endsOf(path: string): Promise<{ first: Buffer; last: Buffer }> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    const { buffer: end } = await file.read(Buffer.alloc(4), 0, 4, Math.max(0, size - 4));
    return { first: buffer.subarray(0, bytesRead), last: end };
  } finally {
    await file.close();
  }
}

/** The beginning, cut between characters. */
async function headOf(path: string): Promise<Head> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    const text = new TextDecoder().decode(buffer.subarray(0, bytesRead), { stream: true });
    return { text, isAll: bytesRead === size };
  } finally {
    await file.close();
  }
}

function onlyBlanks() {
  return unacceptable(
    'empty-file',
    say`The file holds nothing but blanks.`,
    say`There is nothing to learn from.`,
    say`Check the export that wrote it, and drop the file again.`,
  );
}

function noRows({ names, format }: SourceFile) {
  return unacceptable(
    'no-rows',
    names.length === 0 && format === 'json-lines'
      ? say`The file is an empty array: it has no rows.`
      : say`The file names ${counted(names.length, 'column')} and has no rows.`,
    say`There is nothing to learn from.`,
    say`Check the export that wrote it, and drop the file again.`,
  );
}
