import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type * as z from 'zod';
import { CorruptStateError } from './corrupt-state-error.ts';

/**
 * Reads a JSON file that `writeStateFile` wrote.
 * @returns nothing when there is no such file.
 * @throws CorruptStateError when it holds something else.
 */
export function readStateFile<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): z.infer<Schema> | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new CorruptStateError(file, error);
  }
}

/**
 * Reads a file of lines of JSON that are only ever appended, each in one go. What follows the last end of a line was being written when
 * the process ended, and never happened.
 * @returns no lines when there is no such file.
 * @throws CorruptStateError when a line holds something else.
 */
export function readStateLines<Schema extends z.ZodType>(file: string, schema: Schema): z.infer<Schema>[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  try {
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => schema.parse(JSON.parse(line)));
  } catch (error) {
    throw new CorruptStateError(file, error);
  }
}

/** Replaces a file as a whole, and makes its directory: whenever the process is killed, the old text is there or the new one. */
export function writeStateFile(file: string, text: string): void {
  const draft = `${file}.new`;
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(draft, text);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
