import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Encoding, FeatureEncoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import {
  appendEncoded,
  csvLine,
  type EncodedValue,
  type TypedValue,
} from '@tidemark/domain/datasets/encoding.ts';
import { canonicalText } from '@tidemark/domain/datasets/row-hash.ts';
import { unreachable } from '@tidemark/domain/errors.ts';
import type { ColumnType } from '@tidemark/statistics/tables/column.schema.ts';
import type { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { identifier } from '@tidemark/statistics/tables/sql.ts';
import { beyondFloat32, beyondTimes, millisecondsSql } from '@tidemark/statistics/tables/value-sql.ts';

/** What is encoded into one file. */
export interface EncodeJob {
  /** SQL of the rows; its order is the file's. */
  readonly rows: string;
  /** Columns that the rows have, with their types; a feature of another column is missing in every row. */
  readonly columns: ReadonlyMap<string, ColumnType>;
  readonly encoding: Encoding;
  /** Column with the label, which comes first; `null` for features alone. */
  readonly label: string | null;
  /** SQL of the row's weight, which follows the label; `undefined`: none. */
  readonly weight?: string | undefined;
  readonly path: string;
}

/** Streams rows from DuckDB through `appendEncoded` into a CSV file: 2,000 rows at a time, whatever the file's size. */
export async function encodeFile(database: Database, job: EncodeJob): Promise<void> {
  await pipeline(Readable.from(lines(database, job)), createWriteStream(job.path));
}

async function* lines(database: Database, { rows, columns, encoding, label, weight }: EncodeJob) {
  const { features } = encoding;
  const values = features.map((feature) => rawValue(feature, columns));
  const fields = [label ?? 'NULL', weight ?? 'NULL', ...values];
  const encoded: EncodedValue[] = [];
  for await (const [labels = [], weights = [], ...raw] of database.columns(
    `SELECT ${fields.join(', ')} FROM (${rows})`,
  )) {
    let text = '';
    for (let row = 0; row < labels.length; row += 1) {
      encoded.length = 0;
      if (label !== null) encoded.push(Number(labels[row]));
      if (weight !== undefined) encoded.push(Number(weights[row]));
      for (const [index, feature] of features.entries())
        appendEncoded(feature, typed(raw[index]?.[row]), encoded);
      text += `${csvLine(encoded)}\n`;
    }
    yield text;
  }
}

/** DuckDB's value, of a column that `rawValue` makes. */
function typed(value: unknown): TypedValue {
  const isValue = typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean';
  return isValue ? value : null;
}

/** The type of column that each kind of feature reads; a whole number is a number. */
const typeOf = { number: 'number', boolean: 'boolean', category: 'string', time: 'timestamp' } as const;

/** SQL for a column's value as `appendEncoded` takes it: times in milliseconds since 1970, rounded down, as JavaScript reads them. */
function rawValue({ kind, column }: FeatureEncoding, columns: EncodeJob['columns']): string {
  const type = columns.get(column);
  if (type === undefined) return 'NULL';
  const isSame = (type === 'integer' ? 'number' : type) === typeOf[kind];
  // An older version may know the column as another type: what it cannot read is missing for it.
  const value = isSame ? identifier(column) : `CAST(${identifier(column)} AS VARCHAR)`;
  const cast = isSame ? 'CAST' : 'TRY_CAST';
  switch (kind) {
    case 'number':
      return heldOrMissing(`${cast}(${value} AS DOUBLE)`, beyondFloat32);
    case 'boolean':
      return `${cast}(${value} AS BOOLEAN)`;
    case 'category':
      return isSame ? value : canonicalText({ name: column, type });
    case 'time':
      return millisecondsSql(heldOrMissing(`${cast}(${value} AS TIMESTAMP)`, beyondTimes));
    default:
      return unreachable(kind);
  }
}

/**
 * What a training uses has no such value, or it was refused (`refuseUnholdable`). But the live version may use a column that the definition now
 * excludes for one: the value is missing for it, as a request could not have it either.
 */
function heldOrMissing(value: string, isBeyond: (value: string) => string): string {
  return `(CASE WHEN NOT ${isBeyond(value)} THEN ${value} END)`;
}
