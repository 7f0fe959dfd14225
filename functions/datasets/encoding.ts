import { InvalidInputError } from '../errors.ts';
import type { Encoding, FeatureEncoding } from './encoding.schema.ts';
import { parseTimestamp, timeParts } from './encoding-time.ts';

/** A value that its column's type does not allow, such as `abc` for a number. Missing is `null`, and is no error. */
export class UnencodableValueError extends InvalidInputError {
  override readonly name = 'UnencodableValueError';
}

/** A number that the model reads, or `null` where it is missing. */
export type EncodedValue = number | null;

/**
 * Turns one raw record into the numbers that the model reads, in the order of `encodedColumns`. The only implementation:
 * training data is made with it, and so is every request. Columns that are absent or `null` are missing; columns that the
 * encoding does not know are ignored.
 *
 * A value is what JSON or CSV hold: numbers and booleans also as text, timestamps as ISO 8601 text (UTC without an offset)
 * or as milliseconds since 1970.
 * @throws UnencodableValueError
 */
export function encodeRow(encoding: Encoding, record: Readonly<Record<string, unknown>>): EncodedValue[] {
  const encoded: EncodedValue[] = [];
  for (const feature of encoding.features) {
    appendEncoded(feature, Object.hasOwn(record, feature.column) ? record[feature.column] : null, encoded);
  }
  return encoded;
}

/** Appends what one feature becomes: a number, or one per part of a time. @throws UnencodableValueError */
export function appendEncoded(feature: FeatureEncoding, value: unknown, to: EncodedValue[]): void {
  switch (feature.kind) {
    case 'number':
      to.push(isMissing(value) ? null : toNumber(feature.column, value));
      return;
    case 'boolean':
      to.push(isMissing(value) ? null : toBoolean(feature.column, value));
      return;
    case 'category':
      to.push(value === null || value === undefined ? null : codeOf(feature, value));
      return;
    case 'time':
      if (isMissing(value)) for (const _ of feature.parts) to.push(null);
      else to.push(...timeParts(feature.parts, toMilliseconds(feature.column, value)));
      return;
  }
}

/** Names of the columns that a feature becomes. */
export function encodedColumnsOf(feature: FeatureEncoding): string[] {
  return feature.kind === 'time'
    ? feature.parts.map((part) => `${feature.column}.${part}`)
    : [feature.column];
}

/**
 * One line of CSV, without its end. A number is the shortest text that reads back as the same double, which is what
 * JavaScript prints; a missing one is an empty field.
 */
export function csvLine(values: readonly EncodedValue[]): string {
  // Array.prototype.join prints `null` as nothing and -0 as 0.
  return values.join(',');
}

/** Text that means a missing number, boolean or time. For a category any text is a value. */
function isMissing(value: unknown): boolean {
  return value === null || value === undefined || value === '' || Number.isNaN(value);
}

/** What Python, JavaScript and JSON print, not hexadecimal and not `Infinity`. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function toNumber(column: string, value: unknown): number {
  if (typeof value === 'boolean') return Number(value);
  const number = typeof value === 'string' && decimal.test(value.trim()) ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw unencodable(column, value, 'a number');
}

function toBoolean(column: string, value: unknown): number {
  const text = String(value).trim().toLowerCase();
  if (text === 'true' || text === '1') return 1;
  if (text === 'false' || text === '0') return 0;
  throw unencodable(column, value, 'true or false');
}

function toMilliseconds(column: string, value: unknown): number {
  const time = typeof value === 'string' ? parseTimestamp(value) : value;
  if (typeof time === 'number' && Number.isFinite(time)) return time;
  throw unencodable(column, value, 'a time such as 2026-03-01T12:30:00Z');
}

function codeOf({ column, values, other }: Extract<FeatureEncoding, { kind: 'category' }>, value: unknown) {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    throw unencodable(column, value, 'a text');
  }
  const category = String(value);
  return Object.hasOwn(values, category) ? (values[category] ?? other) : other;
}

function unencodable(column: string, value: unknown, expected: string): UnencodableValueError {
  const shown = JSON.stringify(value) ?? String(value);
  return new UnencodableValueError(
    `The column ${column} holds ${shown.slice(0, 100)}, which is not ${expected}. Leave it out if it is missing.`,
  );
}
