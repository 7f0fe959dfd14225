import { Buffer } from 'node:buffer';
import { InvalidInputError } from '../errors.ts';
import type { ColumnType } from '../tables/column.schema.ts';
import { missingSpellings } from '../tables/missing-values.ts';
import { isMissing, narrowestType, readCell, widerType } from './cell-text.ts';
import type { Profiler } from './profiler.ts';
import { timeInBytes } from './time-in-bytes.ts';
import { ValueHasher } from './value-hash.ts';

/** A line that is not a record: the message says where, and why. */
export class UnreadableCsvError extends InvalidInputError {
  override readonly name = 'UnreadableCsvError';
}

const newline = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const space = 0x20;
const asciiEnd = 0x7f;

/** Digits that 32 bits hold, whatever they are. */
const shortDigits = 9;
/** Digits that a double holds, whatever they are. */
const exactDigits = 15;
/** Exact as doubles, up to 10^22. */
const powersOfTen = Float64Array.from({ length: 23 }, (_, power) => 10 ** power);

/** What spellings of a missing value begin with, and how long they are at most. */
const missingStarts = new Uint8Array(256);
for (const spelling of missingSpellings) missingStarts[spelling.charCodeAt(0)] = 1;
const longestMissing = Math.max(...missingSpellings.map(({ length }) => length));

/** How a column's cells are read. */
const kinds = { integer: 1, number: 2, string: 3, boolean: 4, timestamp: 5, unknown: 6, ignored: 7 } as const;

/** A field of every record. */
export interface CsvField {
  readonly name: string;
  /** `null` when it is not known: then every value is a misfit. */
  readonly type: ColumnType | null;
  /** The profiler's column, or `undefined` for a field that is not profiled. */
  readonly column: number | undefined;
}

/**
 * Reads CSV records from bytes into a profiler, cell by cell, without making strings of what is spelled plainly: that is what makes it fast.
 * RFC 4180: a field in quotes may hold delimiters, line ends and doubled quotes.
 */
export class CsvReader {
  readonly #profiler: Profiler;
  readonly #fields: readonly CsvField[];
  readonly #kinds: Uint8Array;
  readonly #targets: Uint32Array;
  readonly #delimiter: number;
  readonly #lenient: boolean;
  readonly #hasher = new ValueHasher();
  /** 1 for the bytes at which a text without quotes ends, or needs a closer look. */
  readonly #fieldEnds = new Uint8Array(256);
  /** By field, the narrowest type that its own and those of the misfits have in common. */
  readonly #widened: (ColumnType | null)[];
  readonly #spellsMissing: boolean[];
  #bytes: Uint8Array = new Uint8Array();
  #line: number;
  /** Lines that ended within the quotes of the record that is being read. */
  #linesInQuotes = 0;
  /** The unquoted form of a field with doubled quotes. */
  #field = Buffer.alloc(1024);
  #fieldLength = 0;

  /**
   * @param fields in the file's order
   * @param lenient whether the types are known, so that `007` is a number where one is expected
   * @param line number of the first line that will be read
   */
  constructor(
    profiler: Profiler,
    fields: readonly CsvField[],
    delimiter: string,
    lenient: boolean,
    line: number,
  ) {
    this.#profiler = profiler;
    this.#fields = fields;
    this.#kinds = Uint8Array.from(fields, ({ type, column }) =>
      column === undefined ? kinds.ignored : kinds[type ?? 'unknown'],
    );
    this.#targets = Uint32Array.from(fields, ({ column }) => column ?? 0);
    this.#delimiter = delimiter.charCodeAt(0);
    this.#lenient = lenient;
    this.#widened = fields.map(({ type }) => type);
    this.#spellsMissing = fields.map(() => false);
    this.#line = line;
    for (const byte of [this.#delimiter, newline, carriageReturn, quote]) this.#fieldEnds[byte] = 1;
  }

  /** The fields' narrowest types that all values have that were read so far. */
  types(): readonly (ColumnType | null)[] {
    return this.#widened;
  }

  /** By field, whether a text in quotes spells a missing value: where there is nothing else, it is a text. */
  spellsMissing(): readonly boolean[] {
    return this.#spellsMissing;
  }

  /**
   * Reads whole records.
   * @param length bytes to read, of which the last is a line feed
   * @throws UnreadableCsvError
   */
  read(bytes: Uint8Array, length: number): void {
    this.#bytes = bytes;
    for (let at = 0; at < length; ) at = this.#readRecord(at);
  }

  /** @returns where the next record starts */
  #readRecord(start: number): number {
    const bytes = this.#bytes;
    const last = this.#kinds.length - 1;
    let at = start;
    // Between the columns of one there is nothing to tell a blank line from a missing value.
    if (last > 0 && this.#isLineEnd(at)) return this.#nextLine(at);
    for (let field = 0; field <= last; field += 1) {
      at = this.#readCell(field, at);
      const byte = bytes[at];
      if (field === last) {
        if (byte === this.#delimiter) throw this.#ragged('more');
      } else if (byte === this.#delimiter) at += 1;
      else throw this.#ragged('fewer');
    }
    this.#profiler.endRow();
    return this.#nextLine(at);
  }

  /** @returns where the cell ends: at a delimiter or a line end */
  #readCell(field: number, start: number): number {
    switch (this.#kinds[field]) {
      case kinds.number:
        return this.#readNumber(field, start, true);
      case kinds.integer:
        return this.#readNumber(field, start, false);
      case kinds.string:
        return this.#readText(field, start);
      case kinds.timestamp:
        return this.#readTime(field, start);
      case kinds.ignored:
        return this.#skip(start);
      default:
        return this.#readSlowly(field, start);
    }
  }

  /** Digits, perhaps a sign and a fraction: correctly rounded, as both parts are exact (Clinger, 1990). Everything else is read slowly. */
  #readNumber(field: number, start: number, mayHaveFraction: boolean): number {
    const bytes = this.#bytes;
    // Signs and leading zeros come as chance has it: arithmetic costs less than a branch that the processor guesses wrong.
    const negative = isEqual(bytes[start] ?? 0, minus);
    const wholeStart = start + negative;
    let at = wholeStart;
    let whole = 0;
    // As an unsigned number, a byte below the digits is large: one comparison does for two.
    let digit = ((bytes[at] ?? 0) - zero) >>> 0;
    while (digit < 10) {
      whole = (Math.imul(whole, 10) + digit) | 0;
      at += 1;
      digit = ((bytes[at] ?? 0) - zero) >>> 0;
    }
    const wholeDigits = at - wholeStart;
    let value = whole;
    let places = 0;
    if (mayHaveFraction && bytes[at] === point) {
      at += 1;
      const fractionStart = at;
      let fraction = 0;
      digit = ((bytes[at] ?? 0) - zero) >>> 0;
      while (digit < 10) {
        fraction = (Math.imul(fraction, 10) + digit) | 0;
        at += 1;
        digit = ((bytes[at] ?? 0) - zero) >>> 0;
      }
      places = at - fractionStart;
      const power = powersOfTen[places] ?? 1;
      value = (whole * power + fraction) / power;
    }
    const isCode = isEqual(bytes[wholeStart] ?? 0, zero) * Math.max(0, wholeDigits - 1);
    if (wholeDigits > shortDigits || places > shortDigits || wholeDigits + places > exactDigits) {
      value = longNumber(bytes, wholeStart, wholeDigits, places);
    }
    if (!this.#isEnd(at) || wholeDigits + places === 0 || isCode !== 0 || Number.isNaN(value)) {
      return this.#readSlowly(field, start);
    }
    this.#profiler.addNumber(this.#targets[field] ?? 0, value * (1 - 2 * negative));
    return at;
  }

  #readText(field: number, start: number): number {
    const end = this.#hasher.ofBytesUntil(this.#bytes, start, this.#fieldEnds);
    if (!this.#isEnd(end) || this.#mayBeMissing(start, end) || this.#mayHaveBlanks(start, end)) {
      return this.#readSlowly(field, start);
    }
    this.#profiler.addHashedText(this.#targets[field] ?? 0, this.#hasher, this.#bytes, start, end);
    return end;
  }

  #skip(start: number): number {
    const end = this.#bytes[start] === quote ? this.#unquote(start) : this.#plainEnd(start);
    if (!this.#isEnd(end)) throw this.#strayQuote();
    return end;
  }

  #readTime(field: number, start: number): number {
    const end = this.#plainEnd(start);
    const time = timeInBytes(this.#bytes, start, end);
    if (Number.isNaN(time)) return this.#readSlowly(field, start);
    this.#profiler.addNumber(this.#targets[field] ?? 0, time);
    return end;
  }

  /** Any cell, by its text. */
  #readSlowly(field: number, start: number): number {
    if (this.#bytes[start] === quote) {
      const end = this.#unquote(start);
      if (!this.#isEnd(end)) throw this.#strayQuote();
      this.#addText(field, this.#field.toString('utf8', 0, this.#fieldLength));
      return end;
    }
    const end = this.#plainEnd(start);
    const text = utf8(this.#bytes, start, end);
    if (text.includes('"')) throw this.#strayQuote();
    if (!isMissing(text)) this.#addText(field, text);
    return end;
  }

  #addText(field: number, text: string): void {
    const type = this.#fields[field]?.type ?? null;
    const cell = type === null ? undefined : readCell(type, text, this.#lenient);
    if (cell?.kind === 'number') this.#profiler.addNumber(this.#targets[field] ?? 0, cell.value);
    else if (cell?.kind === 'text') this.#profiler.addText(this.#targets[field] ?? 0, cell.value);
    else if (cell?.kind !== 'missing') this.#addMisfit(field, text);
  }

  #addMisfit(field: number, text: string): void {
    const narrowest = narrowestType(text);
    if (narrowest === null) {
      if (text !== '') this.#spellsMissing[field] = true;
      return;
    }
    this.#widened[field] = widerType(this.#widened[field] ?? null, narrowest);
    this.#profiler.addUnreadable(this.#targets[field] ?? 0);
  }

  /** Where a field without quotes ends. */
  #plainEnd(start: number): number {
    let at = start;
    while (!this.#isEnd(at)) at += 1;
    return at;
  }

  /** Writes what stands in quotes into `#field`. @returns the place after the closing quote */
  #unquote(start: number): number {
    const bytes = this.#bytes;
    this.#fieldLength = 0;
    for (let at = start + 1; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === quote) {
        at += 1;
        if (bytes[at] !== quote) return at;
      } else if (byte === newline) this.#linesInQuotes += 1;
      if (this.#fieldLength === this.#field.length) this.#growField();
      this.#field[this.#fieldLength] = byte;
      this.#fieldLength += 1;
    }
    throw this.#strayQuote();
  }

  #growField(): void {
    this.#field = Buffer.concat([this.#field], 2 * this.#field.length);
  }

  /** Whether a field without quotes that ends here may spell a missing value: most begin otherwise. */
  #mayBeMissing(start: number, end: number): boolean {
    const first = this.#bytes[start];
    return end - start <= longestMissing && (end === start || missingStarts[first ?? 0] === 1);
  }

  /** Whether there may be a blank before or behind: one is a space or before it in ASCII, or begins or ends beyond it. */
  #mayHaveBlanks(start: number, end: number): boolean {
    const [first = 0, last = 0] = [this.#bytes[start], this.#bytes[end - 1]];
    return first <= space || last <= space || first > asciiEnd || last > asciiEnd;
  }

  #isEnd(at: number): boolean {
    const byte = this.#bytes[at];
    return byte === this.#delimiter || this.#isLineEnd(at);
  }

  #isLineEnd(at: number): boolean {
    const byte = this.#bytes[at];
    return byte === newline || (byte === carriageReturn && this.#bytes[at + 1] === newline);
  }

  #nextLine(at: number): number {
    this.#line += 1 + this.#linesInQuotes;
    this.#linesInQuotes = 0;
    return this.#bytes[at] === carriageReturn ? at + 2 : at + 1;
  }

  #ragged(fields: string): UnreadableCsvError {
    return new UnreadableCsvError(
      `Line ${this.#line} has ${fields} fields than the ${this.#fields.length} names of the first line: which column a value belongs to would be a guess. ` +
        'Correct the line; a value that contains the delimiter must stand in quotes.',
    );
  }

  #strayQuote(): UnreadableCsvError {
    return new UnreadableCsvError(
      `Line ${this.#line} has a quote that is not closed, or not followed by a delimiter. Close it; write a quote within a value as two, and the value in quotes.`,
    );
  }
}

/** As `#readNumber`, for up to 15 digits wherever the point stands; NaN for more. */
function longNumber(bytes: Uint8Array, start: number, wholeDigits: number, places: number): number {
  if (wholeDigits + places > exactDigits) return Number.NaN;
  const end = start + wholeDigits + (places > 0 ? places + 1 : 0);
  let digits = 0;
  for (let at = start; at < end; at += 1) {
    if (bytes[at] !== point) digits = digits * 10 + (bytes[at] ?? 0) - zero;
  }
  return digits / (powersOfTen[places] ?? 1);
}

/** 1 when two bytes are equal, else 0. */
function isEqual(a: number, b: number): number {
  return ((a ^ b) - 1) >>> 31;
}

function utf8(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
}
