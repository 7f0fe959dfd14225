import type { ColumnType } from '@tidemark/statistics/tables/column.schema.ts';
import { isCode, readNumber } from '@tidemark/statistics/tables/read-number.ts';
import { readBoolean, readJsonValue } from '@tidemark/statistics/tables/read-value.ts';
import { InvalidInputError, unreachable } from '../errors.ts';
import type { Encoding, FeatureEncoding } from './encoding.schema.ts';
import { partsOfTime } from './encoding-time.ts';

/** A value that its column's type does not allow, such as `abc` for a number. Missing is `null`, and is not an error. */
export class UnencodableValueError extends InvalidInputError {
  override readonly name = 'UnencodableValueError';
}

/** A number that the model reads, or `null` where it is missing. */
export type EncodedValue = number | null;

/** A value in its column's type, as a dataset has it: times in milliseconds since 1970. `null` is missing. */
export type TypedValue = number | boolean | string | null;

/** How a value of a request was read for a feature. */
export type FeatureReading =
  | { readonly kind: 'missing' }
  | { readonly kind: 'value'; readonly value: number | boolean | string }
  /** A category that training did not know: rare there, or never seen. */
  | { readonly kind: 'unknown-category'; readonly value: string }
  /** It is none of the column's type; `expected` says what would be. */
  | { readonly kind: 'misfit'; readonly expected: string };

/** The type of column that each kind of feature is made of. */
const typeOf = {
  number: 'number',
  boolean: 'boolean',
  category: 'string',
  time: 'timestamp',
} as const satisfies Record<FeatureEncoding['kind'], ColumnType>;

/**
 * Turns one raw record into the numbers that the model reads, in the order of `encodedColumns`. Columns that are absent or `null` are
 * missing; columns that the encoding does not know are ignored. Values are read by `docs/values.md`, as those of files are.
 * @throws UnencodableValueError
 */
export function encodeRow(encoding: Encoding, record: Readonly<Record<string, unknown>>): EncodedValue[] {
  const encoded: EncodedValue[] = [];
  for (const feature of encoding.features) appendEncoded(feature, typedValue(feature, record), encoded);
  return encoded;
}

/** A record's value for a feature, in the column's type. @throws UnencodableValueError */
export function typedValue(feature: FeatureEncoding, record: Readonly<Record<string, unknown>>): TypedValue {
  const raw = Object.hasOwn(record, feature.column) ? record[feature.column] : null;
  const read = readFeature(feature, raw);
  switch (read.kind) {
    case 'missing':
      return null;
    case 'value':
    case 'unknown-category':
      return read.value;
    case 'misfit':
      throw unencodable(feature.column, raw, read.expected);
    default:
      return unreachable(read);
  }
}

/** Reads what a request, or a file of JSON Lines, holds in a feature's column. */
export function readFeature(feature: FeatureEncoding, raw: unknown): FeatureReading {
  const read = readJsonValue(typeOf[feature.kind], raw, feature);
  switch (read.kind) {
    case 'missing':
      return read;
    case 'value':
      return feature.kind === 'category' ? categoryReading(feature, String(read.value), raw) : read;
    case 'infinite':
      return { kind: 'misfit', expected: 'a number that 32 bits can hold' };
    case 'misfit':
      return { kind: 'misfit', expected: expected(feature) };
    default:
      return unreachable(read);
  }
}

/** Appends what one feature becomes: a number, or one per part of a time. The only implementation: training data is made with it too. */
export function appendEncoded(feature: FeatureEncoding, value: TypedValue, to: EncodedValue[]): void {
  switch (feature.kind) {
    case 'number':
    case 'boolean':
      to.push(value === null ? null : Number(value));
      return;
    case 'category':
      to.push(value === null ? null : codeOf(feature, String(value)));
      return;
    case 'time':
      if (value === null) for (const _ of feature.parts) to.push(null);
      else to.push(...partsOfTime(feature.parts, Number(value)));
      return;
    default:
      unreachable(feature);
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

type Category = Extract<FeatureEncoding, { kind: 'category' }>;

function codeOf({ values, other }: Category, category: string): number {
  return Object.hasOwn(values, category) ? (values[category] ?? other) : other;
}

function categoryReading(feature: Category, text: string, raw: unknown): FeatureReading {
  if (Object.hasOwn(feature.values, text)) return { kind: 'value', value: text };
  const respelled = typeof raw === 'string' ? undefined : respelledCategory(feature, raw);
  return respelled === undefined
    ? { kind: 'unknown-category', value: text }
    : { kind: 'value', value: respelled };
}

/**
 * The only category that spells a number or truth value in another way: the data has the text `1.0` or `True`, and JSON can only
 * say 1 and true.
 */
function respelledCategory({ values }: Category, raw: unknown): string | undefined {
  const same = Object.keys(values).filter((category) =>
    typeof raw === 'number'
      ? !isCode(category) && readNumber(category) === raw
      : /^[a-z]+$/i.test(category) && readBoolean(category) === raw,
  );
  return same.length === 1 ? same[0] : undefined;
}

function expected(feature: FeatureEncoding): string {
  switch (feature.kind) {
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'category':
      return 'a text';
    case 'time':
      return feature.format === undefined
        ? 'a time such as 2026-03-01T12:30:00Z'
        : `a time in the format ${feature.format}`;
    default:
      return unreachable(feature);
  }
}

function unencodable(column: string, value: unknown, wanted: string): UnencodableValueError {
  return new UnencodableValueError(
    `The column ${column} holds ${kindOf(value)}, which is not ${wanted}. Leave it out if it is missing.`,
  );
}

/** What a value is, without saying it: errors of functions go into logs, which hold no value of the data. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return `a text of ${value.length} character${value.length === 1 ? '' : 's'}`;
    case 'number':
      return Number.isFinite(value) ? 'a number' : String(value);
    case 'boolean':
      return 'a truth value';
    default:
      return 'an object';
  }
}
