import { trimmed } from '../tables/blanks.ts';
import type { ColumnType } from '../tables/column.schema.ts';
import { missingSpellings } from '../tables/missing-values.ts';
import { fitsFloat32, isCode, readInteger, readNumber } from '../tables/read-number.ts';
import { readTime } from '../tables/read-time.ts';
import { readBoolean } from '../tables/read-value.ts';

const missing: ReadonlySet<string> = new Set(['', ...missingSpellings]);

/** What a cell's text is as a value of a type. Times are milliseconds since 1970, truth values `true` and `false`. */
export type CellValue =
  | { readonly kind: 'missing' | 'misfit' }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string };

const missingCell = { kind: 'missing' } as const;
const misfitCell = { kind: 'misfit' } as const;

/** Narrowest first: a column is read as the first type that all its values have. */
const narrowestFirst = ['boolean', 'integer', 'number', 'timestamp', 'string'] as const;

/**
 * Reads a cell as ingest does.
 * @param lenient whether `007` may be a number: it may where the column is known to hold numbers
 */
export function readCell(type: ColumnType, text: string, lenient: boolean): CellValue {
  const bare = trimmed(text);
  if (type === 'string') return bare === '' ? missingCell : { kind: 'text', value: bare };
  if (missing.has(bare)) return missingCell;
  switch (type) {
    case 'boolean':
      return booleanCell(bare, lenient);
    case 'integer':
      return integerCell(bare, lenient);
    case 'number':
      return numberCell(bare, lenient);
    case 'timestamp':
      return timeCell(bare);
  }
}

/** Whether a field that stands without quotes says that there is no value. */
export function isMissing(text: string): boolean {
  return missing.has(trimmed(text));
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

function booleanCell(text: string, lenient: boolean): CellValue {
  const value = lenient || /^[a-z]+$/i.test(text) ? readBoolean(text) : undefined;
  return value === undefined ? misfitCell : { kind: 'text', value: String(value) };
}

function integerCell(text: string, lenient: boolean): CellValue {
  const integer = readInteger(text);
  if (integer === undefined || (!lenient && String(integer) !== text)) return misfitCell;
  return { kind: 'number', value: Number(integer) };
}

function numberCell(text: string, lenient: boolean): CellValue {
  const value = lenient || !isCode(text) ? readNumber(text) : undefined;
  // A file with a number that training cannot hold is rejected.
  return value !== undefined && fitsFloat32(value) ? { kind: 'number', value } : misfitCell;
}

function timeCell(text: string): CellValue {
  const value = readTime(text);
  return value === undefined ? misfitCell : { kind: 'number', value };
}
