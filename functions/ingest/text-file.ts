import { isUtf8 } from 'node:buffer';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { cell, reveal, say } from '@tidemark/statistics/sentence.ts';
import { unacceptable } from './data-finding.ts';
import { maximumFileBytes } from './ingest-limits.ts';

const newline = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Copies a text file, unpacked if it is compressed, in the one spelling that the readers need: UTF-8 that is valid, no byte-order
 * mark, lines that end with a line feed. Memory does not grow with the file.
 * @throws UnacceptableFileError when it is not text, not UTF-8, broken or too large
 */
export async function copyAsPlainText(from: string, to: string, kind: 'gzip' | 'text'): Promise<void> {
  const source = createReadStream(from);
  const target = createWriteStream(to);
  try {
    if (kind === 'gzip') await pipeline(source, createGunzip(), refusePacked, plainText, target);
    else await pipeline(source, plainText, target);
  } catch (error) {
    throw isBrokenGzip(error) ? brokenGzip(error) : error;
  }
}

/** Beginnings of files that need no compression, with what they are. */
const packed = [
  { bytes: Buffer.from([0x1f, 0x8b]), name: say`another gzip file`, remedy: say`Compress it once.` },
  { bytes: Buffer.from('PAR1'), name: say`a Parquet file`, remedy: say`Drop the Parquet file itself.` },
] as const;

async function* refusePacked(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let first = true;
  for await (const chunk of chunks) {
    const found = first && packed.find(({ bytes }) => chunk.subarray(0, bytes.length).equals(bytes));
    if (found) {
      throw unacceptable(
        'file-format',
        say`The gzip file holds ${found.name}.`,
        say`Tidemark reads CSV, JSON Lines and Parquet, the first two also compressed with gzip.`,
        found.remedy,
      );
    }
    first = false;
    yield chunk;
  }
}

/** The stream in plain spelling, chunk by chunk. */
export async function* plainText(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let line = 1;
  let bytes = 0;
  /** An unfinished character, or a carriage return whose line feed may follow. */
  let rest: Buffer = Buffer.alloc(0);
  let first = true;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maximumFileBytes) throw tooLarge();
    let text: Buffer = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    if (first && text.length >= byteOrderMark.length) {
      first = false;
      text = withoutByteOrderMark(text);
    }
    const complete = first ? 0 : completeLength(text);
    rest = text.subarray(complete);
    const plain = withLineFeeds(text.subarray(0, complete));
    refuseForeignBytes(plain, line);
    line += countLines(plain);
    yield plain;
  }
  const plain = withLineFeeds(rest);
  refuseForeignBytes(plain, line);
  yield plain;
}

function withoutByteOrderMark(text: Buffer): Buffer {
  return text.subarray(0, 3).equals(byteOrderMark) ? text.subarray(3) : text;
}

/** Bytes up to where the text may be cut: not within a character, not after a carriage return. */
function completeLength(text: Buffer): number {
  const last = text.length - 1;
  if (text[last] === carriageReturn) return last;
  // A character has at most four bytes; all but the first are 10xxxxxx.
  for (let back = 0; back < Math.min(4, text.length); back += 1) {
    const byte = text[last - back] ?? 0;
    if ((byte & 0b1100_0000) === 0b1000_0000) continue;
    return back + 1 < characterLength(byte) ? last - back : text.length;
  }
  return text.length;
}

/** Bytes of the character that begins so. */
function characterLength(byte: number): number {
  if (byte >= 0b1111_0000) return 4;
  if (byte >= 0b1110_0000) return 3;
  return byte >= 0b1100_0000 ? 2 : 1;
}

/** CR LF, and CR alone, as LF. */
function withLineFeeds(text: Buffer): Buffer {
  if (!text.includes(carriageReturn)) return text;
  const plain = Buffer.allocUnsafe(text.length);
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    const byte = text[index] ?? 0;
    if (byte === carriageReturn && text[index + 1] === newline) continue;
    plain[length] = byte === carriageReturn ? newline : byte;
    length += 1;
  }
  return plain.subarray(0, length);
}

function countLines(text: Buffer): number {
  let lines = 0;
  for (let at = text.indexOf(newline); at !== -1; at = text.indexOf(newline, at + 1)) lines += 1;
  return lines;
}

function refuseForeignBytes(text: Buffer, firstLine: number): void {
  const nul = text.indexOf(0);
  if (nul !== -1) {
    throw unacceptable(
      'file-format',
      say`The file is not text: line ${firstLine + countLines(text.subarray(0, nul))} has a NUL byte.`,
      say`Tidemark reads CSV, JSON Lines and Parquet, the first two also compressed with gzip.`,
      say`Save it in one of these formats, text as UTF-8, and drop it again.`,
    );
  }
  if (!isUtf8(text)) throw notUtf8(text, firstLine);
}

function notUtf8(text: Buffer, firstLine: number) {
  let start = 0;
  let number = firstLine;
  for (let end = text.indexOf(newline); end !== -1 && isUtf8(text.subarray(start, end)); number += 1) {
    start = end + 1;
    end = text.indexOf(newline, start);
  }
  const end = text.indexOf(newline, start);
  const line = text.subarray(start, end === -1 ? text.length : end);
  return unacceptable(
    'not-utf-8',
    say`Line ${number} is not UTF-8 text.`,
    say`Read in another encoding, names and categories would silently change.`,
    say`Save the file as UTF-8. Files from Excel or older Windows programs are often in Windows-1252: choose “CSV UTF-8” when saving.`,
    [{ where: say`line ${number}`, text: line.toString('latin1') }],
  );
}

export function tooLarge() {
  return unacceptable(
    'file-size',
    say`The file is larger than ${maximumFileBytes / 1024 ** 3} GiB, unpacked.`,
    say`A file is validated by one function, whose disk and time are limited.`,
    say`Split it into several files and drop them together; they become one batch.`,
  );
}

/** Zlib's own errors have codes of their own. */
function isBrokenGzip(error: unknown): error is Error {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_')
  );
}

function brokenGzip({ message }: Error) {
  return unacceptable(
    'broken-gzip',
    say`The gzip file is broken or cut off.`,
    say`Part of the rows would be missing.`,
    say`Compress or upload the file again.`,
    { shown: reveal`The reader says ${cell(message)}.` },
  );
}
