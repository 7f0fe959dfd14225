import { parseTimestamp } from '../datasets/encoding-time.ts';
import type { ColumnType } from '../datasets/manifest.schema.ts';
import { missingSpellings } from '../datasets/missing-values.ts';

const missing: ReadonlySet<string> = new Set(['', ...missingSpellings]);

/** What a cell's text is as a value of a type. Times are milliseconds since 1970, truth values `true` and `false`. */
export type CellValue =
  | { readonly kind: 'missing' | 'misfit' }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string };

const missingCell = { kind: 'missing' } as const;
const misfitCell = { kind: 'misfit' } as const;

const integerPattern = /^-?\d+$/;
const numberPattern = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;
/** `007` and `-01.5` are codes, `0` and `0.7` are not. */
const codePattern = /^[-+]?0\d/;
/** A 64-bit integer has no more digits; more is a number, but no integer. */
const smallestInteger = -(2n ** 63n);
const largestInteger = 2n ** 63n - 1n;

/** Narrowest first: a column is read as the first type that all its values have. */
const narrowestFirst = ['boolean', 'integer', 'number', 'timestamp', 'string'] as const;

/**
 * Reads a cell as ingest does.
 * @param lenient whether `007` may be a number: it may where the column is known to hold numbers
 */
export function readCell(type: ColumnType, text: string, lenient: boolean): CellValue {
  if (type === 'string') return text === '' ? missingCell : { kind: 'text', value: text };
  const trimmed = text.trim();
  if (missing.has(trimmed)) return missingCell;
  switch (type) {
    case 'boolean':
      return readBoolean(trimmed);
    case 'integer':
      return readInteger(trimmed, lenient);
    case 'number':
      return readNumber(trimmed, lenient);
    case 'timestamp':
      return readTime(trimmed);
  }
}

/** Whether a field that stands without quotes says that there is no value. */
export function isMissing(text: string): boolean {
  return missing.has(text);
}

/** The narrowest type that a text has; `null` for a missing value. */
export function narrowestType(text: string): ColumnType | null {
  if (missing.has(text.trim())) return null;
  return narrowestFirst.find((type) => readCell(type, text, false).kind !== 'misfit') ?? 'string';
}

/** The narrowest type of a column that was of this type and now holds values of another one as well. */
export function widerType(type: ColumnType | null, other: ColumnType | null): ColumnType | null {
  if (type === other || type === null || other === null) return type ?? other;
  const isNumeric = (each: ColumnType) => each === 'integer' || each === 'number';
  return isNumeric(type) && isNumeric(other) ? 'number' : 'string';
}

function readBoolean(text: string): CellValue {
  const lower = text.toLowerCase();
  return lower === 'true' || lower === 'false' ? { kind: 'text', value: lower } : misfitCell;
}

function readInteger(text: string, lenient: boolean): CellValue {
  if (!integerPattern.test(text)) return misfitCell;
  const integer = BigInt(text);
  if (integer < smallestInteger || integer > largestInteger) return misfitCell;
  if (!lenient && String(integer) !== text) return misfitCell;
  return { kind: 'number', value: Number(integer) };
}

function readNumber(text: string, lenient: boolean): CellValue {
  if (!numberPattern.test(text) || (!lenient && codePattern.test(text))) return misfitCell;
  const value = Number(text);
  // 1e999 is spelled like a number and is none.
  return Number.isFinite(value) ? { kind: 'number', value } : misfitCell;
}

function readTime(text: string): CellValue {
  const value = parseTimestamp(text);
  return value === undefined ? misfitCell : { kind: 'number', value };
}
