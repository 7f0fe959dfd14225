import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { say } from '@tidemark/statistics/sentence.ts';
import type { CsvDialect, Delimiter } from './csv-dialect.ts';
import type { Example } from './data-finding.schema.ts';
import { shownExamples } from './data-finding.ts';

/** What one pass over a CSV file's bytes finds. It knows where records are, and not what their values mean. */
export interface CsvScan {
  /** Records that are not blank, the header and a line that names the separator among them. */
  readonly records: number;
  /** Records that have more fields than the columns have names. */
  readonly surplus: ScannedRecords;
  /** Records with a quote that is not closed or not followed by a separator. */
  readonly broken: ScannedRecords;
  /** Fields in quotes with blanks before or after them, and lines of blanks: they are plain once these blanks are gone. */
  readonly spaced: number;
}

export interface ScannedRecords {
  readonly count: number;
  /** The first of them. */
  readonly first: readonly ScannedRecord[];
}

export interface ScannedRecord {
  /** The line where it starts, from 1. */
  readonly line: number;
  /** Where its bytes start and end in the file. */
  readonly start: number;
  readonly end: number;
}

const [newline, quote, space, tab] = [0x0a, 0x22, 0x20, 0x09];
const chunkBytes = 1024 ** 2;

/** Where the reader is in a field: before its text, in a bare text, within quotes, after a quote that may close them, past that, or past a quote that is out of place. */
const [before, bare, quoted, closing, closed, spoilt] = [0, 1, 2, 3, 4, 5];

/** Where the reader is after a byte that ends neither a field nor a record. */
function within(state: number, byte: number | undefined): number {
  if (state === bare || state === spoilt) return state;
  if (state === quoted) return byte === quote ? closing : quoted;
  if (byte === space || byte === tab) return state === before ? before : closed;
  // Two quotes stand for one, unless there are blanks between them.
  if (byte === quote && state !== closed) return quoted;
  return state === before ? bare : spoilt;
}

/**
 * Scans a CSV file in one pass whose memory does not grow with it. DuckDB 1.5, strict as it can be, does not tell everything: of a record
 * with too many fields it drops those that are empty or spelled like a missing value, and a header whose quotes it does not
 * like costs it the first rows without a word.
 */
export async function scanCsv(path: string, { delimiter, header }: CsvDialect): Promise<CsvScan> {
  const scanner = new CsvScanner(delimiter, header.length);
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) scanner.read(chunk);
  return scanner.end();
}

/** The records of a kind, of which the first are kept. */
class Found {
  count = 0;
  readonly first: ScannedRecord[] = [];

  add(record: ScannedRecord): void {
    this.count += 1;
    if (this.first.length < shownExamples) this.first.push(record);
  }
}

/** The scan itself, fed chunk by chunk. */
export class CsvScanner {
  readonly #delimiter: number;
  readonly #names: number;
  #state = before;
  #fields = 1;
  #line = 1;
  #offset = 0;
  #record = { line: 1, start: 0, isBroken: false };
  #records = 0;
  /** Blanks stand before the text of this field, or after its closing quote. */
  #isSpaced = false;
  /** The record has nothing but blanks so far. */
  #isBlank = true;
  #spaced = 0;
  readonly #surplus = new Found();
  readonly #broken = new Found();

  constructor(delimiter: Delimiter, names: number) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#names = names;
  }

  read(chunk: Uint8Array): void {
    const delimiter = this.#delimiter;
    let state = this.#state;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (state !== quoted && (byte === delimiter || byte === newline)) {
        this.#endField(state);
        if (byte === delimiter) this.#fields += 1;
        else this.#endRecord(this.#offset + at);
        state = before;
      } else {
        const next = within(state, byte);
        if (next === before || next === closed) this.#isSpaced = true;
        state = next;
      }
      if (byte === newline) this.#line += 1;
    }
    this.#state = state;
    this.#offset += chunk.length;
  }

  #endField(state: number): void {
    if (this.#isSpaced && (state === closing || state === closed)) this.#spaced += 1;
    if (state === quoted || state === spoilt) this.#record.isBroken = true;
    this.#isBlank = this.#fields === 1 && state === before;
    if (this.#isBlank && this.#isSpaced) this.#spaced += 1;
    this.#isSpaced = false;
  }

  #endRecord(end: number): void {
    const { isBroken, ...place } = this.#record;
    if (!this.#isBlank) this.#records += 1;
    if (isBroken) this.#broken.add({ ...place, end });
    else if (this.#fields > this.#names) this.#surplus.add({ ...place, end });
    // The line feed that ends the record is counted after this.
    this.#record = { line: this.#line + 1, start: end + 1, isBroken: false };
    this.#fields = 1;
  }

  end(): CsvScan {
    this.#endField(this.#state);
    this.#endRecord(this.#offset);
    return {
      records: this.#records,
      surplus: this.#surplus,
      broken: this.#broken,
      spaced: this.#spaced,
    };
  }
}

/**
 * Writes a CSV file again without the blanks that stand before fields and after closing quotes. They never count, and DuckDB 1.5 takes
 * quotes for text where two blanks or a tab stand before them. Lines and records stay where they were.
 */
export async function writeWithoutBlanks(from: string, to: string, delimiter: Delimiter): Promise<void> {
  const source = createReadStream(from, { highWaterMark: chunkBytes });
  await pipeline(source, (chunks) => withoutBlanks(chunks, delimiter), createWriteStream(to));
}

/** The stream without these blanks, chunk by chunk. */
export async function* withoutBlanks(chunks: AsyncIterable<Uint8Array>, delimiter: Delimiter) {
  const delimiterByte = delimiter.charCodeAt(0);
  let state = before;
  for await (const chunk of chunks) {
    const kept = Buffer.allocUnsafe(chunk.length);
    let length = 0;
    for (const byte of chunk) {
      const endsField = state !== quoted && (byte === delimiterByte || byte === newline);
      state = endsField ? before : within(state, byte);
      if (!endsField && (state === before || state === closed)) continue;
      kept[length] = byte;
      length += 1;
    }
    yield kept.subarray(0, length);
  }
}

/** Bytes of a line that are shown at most. */
const shownBytes = 1000;

/** The records as a report shows them. */
export async function recordExamples(
  path: string,
  { first }: ScannedRecords,
): Promise<(Example & { readonly line: number })[]> {
  const file = await open(path);
  try {
    const examples = [];
    for (const { line, start, end } of first) {
      const length = Math.min(end - start, shownBytes);
      const { buffer } = await file.read(Buffer.alloc(length), 0, length, start);
      examples.push({ line, where: say`line ${line}`, text: buffer.toString() });
    }
    return examples;
  } finally {
    await file.close();
  }
}
