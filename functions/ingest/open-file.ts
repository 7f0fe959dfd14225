import { open } from 'node:fs/promises';
import type { Database } from '../datasets/duckdb.client.ts';
import { say } from '../sentence.ts';
import { fileKindOf } from './file-kind.ts';
import { unacceptable } from './problem.ts';
import { readCsv } from './read-csv.ts';
import { readJsonLines } from './read-json-lines.ts';
import { readParquet } from './read-parquet.ts';
import type { SourceFile } from './source-file.ts';
import { copyAsPlainText } from './text-file.ts';

/** The first line must fit in; 2,000 names of 128 characters take a quarter of a megabyte. */
const headBytes = 1024 ** 2;

/**
 * Opens a downloaded file, whatever it is.
 * @param textTimes columns that should be times
 * @throws UnacceptableFileError
 */
export async function openFile(
  database: Database,
  path: string,
  textTimes: readonly string[],
): Promise<SourceFile> {
  const { first, last } = await endsOf(path);
  const kind = fileKindOf(first, last);
  const file =
    kind === 'parquet' ? await readParquet(database, path, textTimes) : await openText(database, path, kind);
  if (file.rows === 0) throw noRows(file);
  return file;
}

async function openText(database: Database, path: string, kind: 'gzip' | 'text'): Promise<SourceFile> {
  const plain = database.path('plain-text');
  await copyAsPlainText(path, plain, kind);
  const { head, whole } = await headOf(plain);
  if (head.trim() === '') throw onlyBlanks();
  const isJson = /^\s*(\{|\[\s*[[{\]])/.test(head);
  return isJson ? readJsonLines(database, plain) : readCsv(database, plain, head, whole);
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
async function headOf(path: string): Promise<{ head: string; whole: boolean }> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    const head = new TextDecoder().decode(buffer.subarray(0, bytesRead), { stream: true });
    return { head, whole: bytesRead === size };
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

function noRows({ columns }: SourceFile) {
  return unacceptable(
    'no-rows',
    say`The file names ${columns.length} columns and has no rows.`,
    say`There is nothing to learn from.`,
    say`Check the export that wrote it, and drop the file again.`,
  );
}
