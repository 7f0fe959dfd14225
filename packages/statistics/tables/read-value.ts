import type { ColumnType } from './column.schema.ts';
import { missingSpellings } from './missing-values.ts';
import { fitsFloat32, readNumber } from './read-number.ts';
import { readTime, type TimeFormat } from './read-time.ts';

/**
 * The one grammar of values, read in TypeScript: `docs/values.md` has it as tables, `value-sql.ts` writes the same in SQL, and
 * `packages/statistics/test/tables/value-cases.ts` holds both to it. Files, requests, labels and captures are read by one of the two.
 *
 * Every text here is without blanks around it (`trimmed`).
 */

/** What a column's values may look like, besides its type. */
export interface ColumnVocabulary {
  /** Spellings of a missing value besides the empty text, and besides `missingSpellings` where the type is not text. */
  readonly missing?: readonly string[] | undefined;
  /** How times are spelled; ISO 8601 without it. */
  readonly format?: TimeFormat | undefined;
}

const everywhereMissing: ReadonlySet<string> = new Set(['', ...missingSpellings]);

/**
 * Spellings that mean that there is no value. No number, truth value or time is spelled like `missingSpellings`, so there they all
 * count; a text may well be `NA`, so there only nothing counts, and what `missing` adds.
 */
export function missingTexts(type: ColumnType, { missing = [] }: ColumnVocabulary = {}): string[] {
  return ['', ...(type === 'string' ? [] : missingSpellings), ...missing];
}

/** Whether a text means that there is no value; see `missingTexts`. */
export function isMissingText(type: ColumnType, text: string, { missing }: ColumnVocabulary = {}): boolean {
  if (text === '' || missing?.includes(text)) return true;
  return type !== 'string' && everywhereMissing.has(text);
}

/** `true` and `false` in any case, and `1` and `0`, which count only where a column is known to hold truth values. */
export function readBoolean(text: string): boolean | undefined {
  switch (text.toLowerCase()) {
    case 'true':
    case '1':
      return true;
    case 'false':
    case '0':
      return false;
    default:
      return undefined;
  }
}

/** A value in its column's type: numbers (also whole ones) as numbers, times in milliseconds since 1970, rounded down. */
export type ReadValue =
  | { readonly kind: 'missing' }
  | { readonly kind: 'value'; readonly value: number | boolean | string }
  /** A number that is infinite, or that 32 bits cannot hold. */
  | { readonly kind: 'infinite' }
  | { readonly kind: 'misfit' };

const missing: ReadValue = { kind: 'missing' };
const misfit: ReadValue = { kind: 'misfit' };

/** Reads a text as a value of a column whose type is known. */
export function readText(type: ColumnType, text: string, vocabulary: ColumnVocabulary = {}): ReadValue {
  if (isMissingText(type, text, vocabulary)) return missing;
  switch (type) {
    case 'string':
      return { kind: 'value', value: text };
    case 'integer':
    case 'number':
      return heldNumber(readNumber(text));
    case 'boolean':
      return valueOr(readBoolean(text));
    case 'timestamp':
      return valueOr(readTime(text, vocabulary.format));
  }
}

/**
 * Reads what JSON holds as a value of a column whose type is known. A number and a truth value are read as JSON spells them, as
 * they are in a file of JSON Lines; objects and lists are misfits.
 */
export function readJsonValue(
  type: ColumnType,
  value: unknown,
  vocabulary: ColumnVocabulary = {},
): ReadValue {
  switch (typeof value) {
    case 'string':
      return readText(type, value.trim(), vocabulary);
    case 'boolean':
      return readText(type, String(value), vocabulary);
    case 'number':
      if (Number.isNaN(value) || vocabulary.missing?.includes(String(value))) return missing;
      return type === 'number' || type === 'integer'
        ? heldNumber(value)
        : readText(type, String(value), vocabulary);
    default:
      return value === null || value === undefined ? missing : misfit;
  }
}

function heldNumber(value: number | undefined): ReadValue {
  if (value === undefined) return misfit;
  return fitsFloat32(value) ? { kind: 'value', value } : { kind: 'infinite' };
}

function valueOr(value: number | boolean | undefined): ReadValue {
  return value === undefined ? misfit : { kind: 'value', value };
}
