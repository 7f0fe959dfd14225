import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import { identifier } from '@tidemark/statistics/tables/sql.ts';
import { unreachable } from '../errors.ts';

/** Columns besides a dataset's own: in every part, and while it is prepared. No column of a file may have these names. */
export const rowHashColumn = '_row';
export const splitColumn = '_split';
/** The label, where rows are made ready for training. */
export const labelColumn = '_label';

/** Doubles below this size that are whole are spelled as integers: 2^53, up to which doubles are exact. */
const exactDoubleLimit = 2 ** 53;

/**
 * SQL for a value's canonical spelling, or NULL. A value is spelled alike as `integer` and as `number`, so that a column which
 * becomes wider keeps its row hashes; `-0` is `0`.
 */
export function canonicalText({ name, type }: Column): string {
  const value = identifier(name);
  switch (type) {
    case 'string':
      return value;
    case 'timestamp':
      return `epoch_us(${value})::VARCHAR`;
    case 'number':
      return (
        `CASE WHEN abs(${value}) < ${exactDoubleLimit} AND trunc(${value}) = ${value} ` +
        `THEN ${value}::BIGINT::VARCHAR ELSE ${value}::VARCHAR END`
      );
    case 'integer':
    case 'boolean':
      return `${value}::VARCHAR`;
    default:
      return unreachable(type);
  }
}

/** Columns whose values are hashed in one statement: what a statement takes in memory grows with its expressions. */
const hashedTogether = 200;

/** The columns in the order in which they are hashed, as many at once as one statement hashes. */
export function hashGroups<T extends { readonly name: string }>(columns: readonly T[]): T[][] {
  const sorted = byName(columns);
  return Array.from({ length: Math.ceil(sorted.length / hashedTogether) }, (_, group) =>
    sorted.slice(group * hashedTogether, (group + 1) * hashedTogether),
  );
}

/** SQL for the digest of one group's values in a row. */
export function groupDigest(group: readonly Column[]): string {
  return `md5(concat(${group.flatMap(delimited).join(', ')}))`;
}

/** SQL for the hash of a row from the digests of its groups; as `rowHash` of all columns. */
export function hashOfDigests(digests: readonly string[]): string {
  return `md5_number_lower(concat(${digests.join(', ')}))`;
}

/**
 * SQL for a row's hash: the lower 64 bits (UBIGINT; the digest's last 8 bytes, little-endian) of the MD5 of its values, columns in the order of their names,
 * of more than 200 columns the digests of 200 each. MD5 because it
 * is the same in every version of the engine, unlike DuckDB's `hash`. Two of ten million different rows share a hash with a
 * probability of 3 in a million (n² / 2^65).
 */
export function rowHash(columns: readonly Column[]): string {
  const [only = [], ...others] = hashGroups(columns);
  if (others.length > 0) return hashOfDigests([only, ...others].map(groupDigest));
  return `md5_number_lower(concat(${only.flatMap(delimited).join(', ')}))`;
}

/**
 * The value with what marks its end, so that no two rows read alike: a string has its length before it, `5:Paris`; other spellings
 * have no semicolon, so one ends them, `15;`. `concat` leaves out what is NULL: a missing value is the mark alone.
 */
function delimited(column: Column): string[] {
  const text = canonicalText(column);
  return column.type === 'string' ? [`length(${text})`, "':'", text] : [text, "';'"];
}

/** By code units, which no locale changes. */
export function byName<T extends { readonly name: string }>(columns: readonly T[]): T[] {
  return columns.toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
}
