import { Buffer } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import { InvalidInputError } from '../errors.ts';

/** Bytes that are read at a time: large enough that a read costs nothing against what is done with it, small enough for a cache. */
const blockBytes = 1024 ** 2;

/** No record that means well is longer. */
const longestRecord = 64 * 1024 ** 2;

const newline = 0x0a;
const quote = 0x22;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Bytes of whole records: the last of `length` is a line feed. The bytes are only good until the next block is asked for. */
export interface RecordBlock {
  readonly bytes: Buffer;
  readonly length: number;
  /** Where the first byte stands in the file. */
  readonly offset: number;
}

/** The part of a file from `start` to before `end`; both are starts of records. Without an end it goes to the file's. */
export interface FileRange {
  readonly start: number;
  readonly end?: number;
}

export class RecordTooLongError extends InvalidInputError {
  override readonly name = 'RecordTooLongError';
}

/**
 * Reads a file in blocks of whole records, without its byte-order mark; a line end is added where the last record has none.
 * @param quoted whether a line feed within quotes belongs to a value, as in CSV
 */
export async function* recordBlocks(
  path: string,
  quoted: boolean,
  { start, end }: FileRange = { start: 0 },
): AsyncGenerator<RecordBlock> {
  const file = await open(path);
  try {
    yield* blocksOf(file, quoted, start, end ?? (await file.stat()).size);
  } finally {
    await file.close();
  }
}

async function* blocksOf(
  file: FileHandle,
  quoted: boolean,
  start: number,
  end: number,
): AsyncGenerator<RecordBlock> {
  // One byte more than is read, for a line end after the last record.
  let bytes: Buffer = Buffer.allocUnsafe(blockBytes + 1);
  let position = start;
  let held = 0;
  while (position < end) {
    if (held === bytes.length - 1) bytes = grown(bytes);
    const wanted = Math.min(bytes.length - 1 - held, end - position);
    const { bytesRead } = await file.read(bytes, held, wanted, position);
    if (bytesRead === 0) throw shorter(end - position);
    const mark = position === 0 ? removeByteOrderMark(bytes, bytesRead) : 0;
    position += bytesRead;
    held += bytesRead - mark;
    const offset = position - held;
    const isLast = position >= end;
    if (isLast && held > 0 && bytes[held - 1] !== newline) {
      bytes[held] = newline;
      held += 1;
    }
    const length = isLast ? held : endOfRecords(bytes, held, quoted);
    if (length === 0) continue;
    yield { bytes, length, offset };
    bytes.copyWithin(0, length, held);
    held -= length;
  }
}

/** Moves the text to the front. @returns bytes that were removed */
function removeByteOrderMark(bytes: Buffer, length: number): number {
  if (!bytes.subarray(0, 3).equals(byteOrderMark)) return 0;
  bytes.copyWithin(0, 3, length);
  return 3;
}

/** After the last line feed that ends a record; 0 when there is none. */
function endOfRecords(bytes: Buffer, length: number, quoted: boolean): number {
  const text = bytes.subarray(0, length);
  let quotesBefore = quoted ? countQuotes(text) : 0;
  let after = length;
  for (
    let at = text.lastIndexOf(newline);
    at !== -1;
    at = at === 0 ? -1 : text.lastIndexOf(newline, at - 1)
  ) {
    if (quotesBefore > 0) quotesBefore -= countQuotes(text.subarray(at, after));
    after = at;
    // Every quote within quotes is doubled, so an even number has been closed.
    if (quotesBefore % 2 === 0) return at + 1;
  }
  return 0;
}

/** How many quotes there are. */
export function countQuotes(text: Buffer): number {
  let count = 0;
  for (let at = text.indexOf(quote); at !== -1; at = text.indexOf(quote, at + 1)) count += 1;
  return count;
}

function shorter(missing: number): InvalidInputError {
  return new InvalidInputError(
    `The file became shorter while it was read: its last ${missing} bytes are gone.`,
  );
}

function grown(bytes: Buffer): Buffer {
  if (bytes.length > longestRecord) {
    throw new RecordTooLongError(
      `A record is longer than ${longestRecord / 1024 ** 2} MB: a quote may not be closed, or its line ends are unknown.`,
    );
  }
  const larger = Buffer.allocUnsafe(2 * bytes.length);
  bytes.copy(larger);
  return larger;
}
