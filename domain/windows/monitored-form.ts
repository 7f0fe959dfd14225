import type { Encoding, FeatureEncoding } from '../datasets/encoding.schema.ts';
import {
  appendEncoded,
  type EncodedValue,
  encodedColumnsOf,
  readFeature,
  typedValue,
} from '../datasets/encoding.ts';
import { InvalidInputError, unreachable } from '../errors.ts';
import { categoryNames, type NameOfCode, unknownCode } from './category-names.ts';
import type { MonitoredColumn, MonitoredValue, RawRecord } from './monitored.schema.ts';

/** A line or a prediction that this encoding's model cannot have been sent or have answered. */
export class UnreadableCaptureError extends InvalidInputError {
  override readonly name = 'UnreadableCaptureError';
}

/** Name of the last monitored column. */
export const predictionColumn = 'prediction';

/**
 * The columns that are monitored: one per encoded column, in the encoding's order, then `prediction`. Numbers stay numbers;
 * categories, booleans and parts of times are categories. A lone column that the encoding writes twice is monitored once. Names are
 * unique: a raw column that is called `prediction`, or as the part of a time is, like `date.hour`, gets ` (feature)` appended.
 * The prediction is a category in multiclass problems, otherwise a number.
 */
export function monitoredColumns(encoding: Encoding): MonitoredColumn[] {
  const reserved = reservedNames(encoding);
  const columns = monitoredFeatures(encoding).flatMap((feature) =>
    namesOf(feature, reserved).map((name) => ({ name, type: typeOf(feature) })),
  );
  const type = encoding.problem === 'multiclass' ? ('category' as const) : ('number' as const);
  return [...columns, { name: predictionColumn, type }];
}

/**
 * The monitored values of a raw record, without the prediction. What is encoded alike is alike here: categories that share a code
 * are called as the first of them by name, and those that the encoding does not know `(other)`; see `unknownCategories`.
 * @throws UnencodableValueError
 */
export function fromRecord(encoding: Encoding, record: RawRecord): MonitoredValue[] {
  const values: MonitoredValue[] = [];
  const encoded: EncodedValue[] = [];
  for (const feature of monitoredFeatures(encoding)) {
    encoded.length = 0;
    appendEncoded(feature, typedValue(feature, record), encoded);
    const decode = decoderOf(feature);
    for (const [index, value] of encoded.entries()) values.push(decode(value, index));
  }
  return values;
}

/**
 * The monitored values of an encoded row, a line of CSV without its end, as a direct caller of the endpoint sends it; without the
 * prediction. A code that stands for nothing is called `(unknown)`.
 * @throws UnreadableCaptureError when it has another number of fields than the model reads, or a field that is not a number
 */
export function fromLine(encoding: Encoding, line: string): MonitoredValue[] {
  const fields = line.split(',');
  const expected = encoding.encodedColumns.length;
  if (fields.length !== expected) {
    throw new UnreadableCaptureError(`A line has ${fields.length} fields where the model reads ${expected}.`);
  }
  const values: MonitoredValue[] = [];
  let field = 0;
  for (const feature of monitoredFeatures(encoding)) {
    const decode = decoderOf(feature);
    for (const [index, column] of encodedColumnsOf(feature).entries()) {
      values.push(decode(toEncoded(column, fields[field] ?? ''), index));
      field += 1;
    }
  }
  return values;
}

/**
 * The monitored value of what a model answered to one row: the probability of yes, the predicted number, or the class with the
 * highest probability (the first of equal ones).
 * @param prediction one number, or in multiclass problems one per class in the encoding's order
 * @throws UnreadableCaptureError when there is another number of numbers
 */
export function fromPrediction(encoding: Encoding, prediction: readonly number[]): MonitoredValue {
  const { classes } = encoding.target;
  const expected = encoding.problem === 'multiclass' ? classes.length : 1;
  if (prediction.length !== expected) {
    throw new UnreadableCaptureError(
      `A prediction has ${prediction.length} numbers where a ${encoding.problem} model answers ${expected}.`,
    );
  }
  if (encoding.problem !== 'multiclass') return withoutSign(prediction[0] ?? null);
  return classes[prediction.indexOf(Math.max(...prediction))] ?? null;
}

/**
 * The categories of a raw record that the encoding does not know, as they were sent: rare in training, or never seen there. The
 * monitored form calls all of them `(other)`.
 */
export function unknownCategories(
  encoding: Encoding,
  record: RawRecord,
): { readonly column: string; readonly value: string }[] {
  const reserved = reservedNames(encoding);
  return monitoredFeatures(encoding).flatMap((feature) => {
    if (feature.kind !== 'category') return [];
    const { column } = feature;
    const read = readFeature(feature, Object.hasOwn(record, column) ? record[column] : null);
    return read.kind === 'unknown-category' ? [{ column: rawName(column, reserved), value: read.value }] : [];
  });
}

/** Turns the number at a position among those of a feature into its monitored value. */
type Decoder = (value: EncodedValue, position: number) => MonitoredValue;

/** Tables of names are made once per feature: windows have millions of rows. */
const decoders = new WeakMap<FeatureEncoding, Decoder>();

function decoderOf(feature: FeatureEncoding): Decoder {
  const known = decoders.get(feature);
  if (known) return known;
  const decoder = makeDecoder(feature);
  decoders.set(feature, decoder);
  return decoder;
}

function makeDecoder(feature: FeatureEncoding): Decoder {
  switch (feature.kind) {
    case 'number':
      return withoutSign;
    case 'boolean':
      return named((code) => (code === 0 ? 'false' : code === 1 ? 'true' : unknownCode));
    case 'time':
      return named((code) => (Number.isInteger(code) && code >= 0 ? String(code) : unknownCode));
    case 'category':
      return named(categoryNames(feature));
    default:
      return unreachable(feature);
  }
}

function named(nameOf: NameOfCode): Decoder {
  return (code) => (code === null ? null : nameOf(code + 0));
}

/** A lone column is in an encoding twice: see `fit-encoding.ts`. */
function monitoredFeatures({ features }: Encoding): readonly FeatureEncoding[] {
  const [first, second, ...others] = features;
  const again = first !== undefined && second?.column === first.column && others.length === 0;
  return again ? [first] : features;
}

function typeOf(feature: FeatureEncoding): MonitoredColumn['type'] {
  return feature.kind === 'number' ? 'number' : 'category';
}

const reservations = new WeakMap<Encoding, ReadonlySet<string>>();

/** Names that no raw column can have. */
function reservedNames(encoding: Encoding): ReadonlySet<string> {
  const known = reservations.get(encoding);
  if (known) return known;
  const parts = encoding.features.filter(({ kind }) => kind === 'time').flatMap(encodedColumnsOf);
  const names = new Set([predictionColumn, ...parts]);
  reservations.set(encoding, names);
  return names;
}

function namesOf(feature: FeatureEncoding, reserved: ReadonlySet<string>): string[] {
  return feature.kind === 'time' ? encodedColumnsOf(feature) : [rawName(feature.column, reserved)];
}

function rawName(column: string, reserved: ReadonlySet<string>): string {
  return reserved.has(column) ? `${column} (feature)` : column;
}

/** Missing: nothing, or what Python prints for a missing number. */
const missing = /^(nan)?$/i;

function toEncoded(column: string, field: string): EncodedValue {
  const text = field.trim();
  if (missing.test(text)) return null;
  const number = Number(text);
  if (Number.isFinite(number)) return number;
  throw new UnreadableCaptureError(
    `The field for ${column} holds a text of ${field.length} characters, which is not a number.`,
  );
}

/** -0 is 0: CSV prints it so. */
function withoutSign(value: EncodedValue): EncodedValue {
  return value === null ? null : value + 0;
}
