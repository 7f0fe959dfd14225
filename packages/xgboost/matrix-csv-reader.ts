import { UserError } from './errors.ts';
import { featureValue, type Matrix } from './matrix.ts';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const COMMA = 0x2c;
const SPACE = 0x20;
const TAB = 0x09;

/** A decimal number as Python's `float` takes it, without `inf` and `nan`. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Powers of ten that a double holds exactly: dividing a mantissa below 2^53 by one rounds once, hence correctly. */
const EXACT_POWERS = Float64Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

/** Digits that always fit below 2^53. */
const EXACT_DIGITS = 15;

interface CsvReaderOptions {
  /** Named in messages: a file, or the request. */
  readonly source: string;
  /** Whether the first column is the label, as in training data. */
  readonly labelled: boolean;
}

/**
 * Reads headerless numeric CSV in chunks of any size into a `Matrix`, as SageMaker's XGBoost takes it: commas, label
 * first when labelled, an empty field or `nan` is missing. Several sources may follow each other into one matrix.
 * Stricter than SageMaker on purpose: text, ragged rows and infinities fail with their place instead of turning into
 * missing values.
 */
export class MatrixCsvReader {
  readonly #labelled: boolean;
  #source: string;
  #line = 0;
  #columns = 0;
  #rows = 0;
  #values = new Float32Array(1024);
  #labels = new Float32Array(0);
  #rest: Uint8Array = new Uint8Array(0);

  constructor({ source, labelled }: CsvReaderOptions) {
    this.#source = source;
    this.#labelled = labelled;
    if (labelled) this.#labels = new Float32Array(256);
  }

  push(chunk: Uint8Array): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let start = 0;
    for (;;) {
      const end = bytes.indexOf(NEWLINE, start);
      if (end === -1) break;
      this.#readLine(bytes, start, end);
      start = end + 1;
    }
    this.#rest = bytes.slice(start);
  }

  /** Ends the current source; the next `push` continues the matrix with lines of another one. */
  endSource(nextSource = this.#source): void {
    if (this.#rest.length > 0) this.#readLine(this.#rest, 0, this.#rest.length);
    this.#rest = new Uint8Array(0);
    this.#source = nextSource;
    this.#line = 0;
  }

  /** The rows read so far, after `endSource`. */
  matrix(): Matrix {
    return {
      rows: this.#rows,
      columns: this.#columns,
      values: this.#values.subarray(0, this.#rows * this.#columns),
      labels: this.#labels.subarray(0, this.#labelled ? this.#rows : 0),
    };
  }

  #readLine(bytes: Uint8Array, start: number, lineEnd: number): void {
    this.#line += 1;
    const end = bytes[lineEnd - 1] === CARRIAGE_RETURN && lineEnd > start ? lineEnd - 1 : lineEnd;
    if (end === start) return;
    this.#reserve();
    let column = this.#labelled ? -1 : 0;
    let cellStart = start;
    for (let at = start; at <= end; at += 1) {
      if (at !== end && bytes[at] !== COMMA) continue;
      this.#store(column, this.#readCell(bytes, cellStart, at, column));
      cellStart = at + 1;
      column += 1;
    }
    this.#endRow(column);
  }

  #readCell(bytes: Uint8Array, start: number, end: number, column: number): number {
    const value = parseNumber(bytes, start, end);
    if (value !== undefined) return value;
    const text = Buffer.from(bytes.slice(start, Math.min(end, start + 40))).toString('utf8');
    const hint = this.#line === 1 ? ' SageMaker expects no header row.' : '';
    throw new UserError(`${this.#place(column)}: '${text}' is not a finite number.${hint}`);
  }

  #store(column: number, value: number): void {
    if (column === -1) {
      if (Number.isNaN(value)) throw new UserError(`${this.#place(column)}: the label is missing.`);
      this.#labels[this.#rows] = value;
      return;
    }
    if (this.#rows > 0 && column >= this.#columns) return;
    const offset = this.#rows * this.#columns + column;
    if (this.#rows === 0) this.#growValues(offset + 1);
    this.#values[offset] = featureValue(value);
  }

  #endRow(columns: number): void {
    if (this.#rows === 0) {
      this.#columns = columns;
      if (columns === 0) throw new UserError(`${this.#place(0)}: there is a label, but no feature.`);
    } else if (columns !== this.#columns) {
      const label = this.#labelled ? 1 : 0;
      throw new UserError(
        `${this.#source}, line ${this.#line}: ${columns + label} columns, but the first line has ${this.#columns + label}.`,
      );
    }
    this.#rows += 1;
  }

  #reserve(): void {
    this.#growValues((this.#rows + 1) * this.#columns);
    if (this.#labelled && this.#rows === this.#labels.length) this.#labels = enlarged(this.#labels);
  }

  #growValues(length: number): void {
    while (this.#values.length < length) this.#values = enlarged(this.#values);
  }

  #place(column: number): string {
    return `${this.#source}, line ${this.#line}, column ${column + (this.#labelled ? 2 : 1)}`;
  }
}

function enlarged(values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const larger = new Float32Array(values.length * 2);
  larger.set(values);
  return larger;
}

/** The number in `bytes[start, end)`; NaN for an empty field or `nan`; `undefined` for anything else. */
function parseNumber(bytes: Uint8Array, start: number, end: number): number | undefined {
  let from = start;
  let to = end;
  while (from < to && isBlank(bytes[from])) from += 1;
  while (to > from && isBlank(bytes[to - 1])) to -= 1;
  if (from === to) return Number.NaN;
  return (
    parseShortDecimal(bytes, from, to) ?? parseText(Buffer.from(bytes.slice(from, to)).toString('latin1'))
  );
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB;
}

/** Digits with at most one point, few enough to be exact: nearly every cell, an order faster than `Number`. */
function parseShortDecimal(bytes: Uint8Array, start: number, end: number): number | undefined {
  let at = start;
  const negative = bytes[at] === 0x2d;
  if (negative) at += 1;
  let mantissa = 0;
  let digits = 0;
  let point = -1;
  for (; at < end; at += 1) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      digits += 1;
    } else if (bytes[at] === 0x2e && point === -1) point = digits;
    else return undefined;
  }
  if (digits === 0 || digits > EXACT_DIGITS) return undefined;
  const magnitude = point === -1 ? mantissa : mantissa / (EXACT_POWERS[digits - point] ?? Number.NaN);
  return negative ? -magnitude : magnitude;
}

function parseText(text: string): number | undefined {
  if (DECIMAL.test(text)) {
    const value = Number(text);
    return Number.isFinite(Math.fround(value)) ? value : undefined;
  }
  return /^[+-]?nan$/i.test(text) ? Number.NaN : undefined;
}
