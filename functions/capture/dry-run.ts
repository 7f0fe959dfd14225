import type { Encoding, FeatureEncoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import { readFeature } from '@tidemark/domain/datasets/encoding.ts';
import { unreachable } from '@tidemark/domain/errors.ts';
import type { RawRecord } from '@tidemark/domain/windows/monitored.schema.ts';
import { foreignRecord } from './record-names.ts';

/** How a field of a record is read. */
export type FieldReading =
  | { readonly read: 'value'; readonly value: number | boolean | string }
  /** `absent`: the record does not name the column. */
  | { readonly read: 'missing'; readonly absent: boolean }
  /** Rare in training, or never seen there. */
  | { readonly read: 'unknown-category'; readonly value: string }
  /** The column's type does not allow it: the record would be refused. */
  | { readonly read: 'refused'; readonly expected: string }
  /** The model does not read the field. */
  | { readonly read: 'ignored' };

/** How a record is read, without asking the model. */
export interface RecordReading {
  /** Why the record would be refused whatever it holds; `null` if it would not. */
  readonly refused: string | null;
  /** By column of the model, then by other field. */
  readonly columns: Readonly<Record<string, FieldReading>>;
}

/** How each of some records is read. */
export function recordReadings(encoding: Encoding, records: readonly RawRecord[]): RecordReading[] {
  return records.map((record) => {
    const features = new Map(encoding.features.map((feature) => [feature.column, feature]));
    const readings = [...features].map(([column, feature]): [string, FieldReading] => [
      column,
      fieldReading(feature, record),
    ]);
    const others = Object.keys(record).filter((name) => !features.has(name));
    const ignored = others.map((name): [string, FieldReading] => [name, { read: 'ignored' }]);
    return {
      refused: foreignRecord(encoding, record) ?? null,
      columns: Object.fromEntries([...readings, ...ignored]),
    };
  });
}

function fieldReading(feature: FeatureEncoding, record: RawRecord): FieldReading {
  const absent = !Object.hasOwn(record, feature.column);
  const read = readFeature(feature, absent ? null : record[feature.column]);
  switch (read.kind) {
    case 'missing':
      return { read: 'missing', absent };
    case 'value':
      return { read: 'value', value: shownValue(feature, read.value) };
    case 'unknown-category':
      return { read: 'unknown-category', value: read.value };
    case 'misfit':
      return { read: 'refused', expected: read.expected };
    default:
      return unreachable(read);
  }
}

function shownValue({ kind }: FeatureEncoding, value: number | boolean | string) {
  return kind === 'time' ? new Date(Number(value)).toISOString() : value;
}
