import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { say } from '../sentence.ts';
import type { CsvDialect, Delimiter } from './csv-dialect.ts';
import type { Example } from './problem.schema.ts';
import { shownExamples } from './problem.ts';

/** Records that have more fields than the columns have names. */
export interface Surplus {
  readonly records: number;
  /** The first of them, by the line where each starts. */
  readonly first: readonly SurplusRecord[];
}

export interface SurplusRecord {
  readonly line: number;
  /** Where its bytes start and end in the file. */
  readonly start: number;
  readonly end: number;
}

const [newline, quote, blank] = [0x0a, 0x22, 0x20];
const chunkBytes = 1024 ** 2;

/** Where the reader is in a field: before its text, in a bare text, within quotes, after a quote that may close them. */
const [before, bare, quoted, closing] = [0, 1, 2, 3];

/**
 * Finds the records with too many fields, in one pass whose memory does not grow with the file. DuckDB 1.5, strict as it can be, rejects
 * such a record only when a field too many has a value: fields that are empty or spelled like a missing value it drops without a word.
 * @param path a file whose quotes the engine has found in order
 */
export async function surplusOf(path: string, { delimiter, header }: CsvDialect): Promise<Surplus> {
  const scan = new SurplusScan(delimiter, header.length);
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) scan.read(chunk);
  return scan.end();
}

/** The scan itself, fed chunk by chunk. */
export class SurplusScan {
  readonly #delimiter: number;
  readonly #names: number;
  #state = before;
  #fields = 1;
  #line = 1;
  #offset = 0;
  #record = { line: 1, start: 0 };
  #records = 0;
  readonly #first: SurplusRecord[] = [];

  constructor(delimiter: Delimiter, names: number) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#names = names;
  }

  read(chunk: Uint8Array): void {
    const delimiter = this.#delimiter;
    let [state, fields] = [this.#state, this.#fields];
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (state === quoted) {
        if (byte === quote) state = closing;
        else if (byte === newline) this.#line += 1;
      } else if (byte === delimiter) {
        fields += 1;
        state = before;
      } else if (byte === newline) {
        this.#line += 1;
        this.#endRecord(fields, this.#offset + at);
        [state, fields] = [before, 1];
      } else if (byte === quote && state !== bare) state = quoted;
      // The engine allows blanks before a quote.
      else if (byte !== blank || state !== before) state = bare;
    }
    [this.#state, this.#fields] = [state, fields];
    this.#offset += chunk.length;
  }

  end(): Surplus {
    this.#endRecord(this.#fields, this.#offset);
    return { records: this.#records, first: this.#first };
  }

  #endRecord(fields: number, end: number): void {
    if (fields > this.#names) {
      this.#records += 1;
      if (this.#first.length < shownExamples) this.#first.push({ ...this.#record, end });
    }
    this.#record = { line: this.#line, start: end + 1 };
  }
}

/** Bytes of a line that are shown at most. */
const shownBytes = 1000;

/** The records as a report shows them. */
export async function surplusExamples(
  path: string,
  { first }: Surplus,
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
