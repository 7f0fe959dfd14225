import { createHash } from 'node:crypto';
import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import { type Manifest, type Part, type RowHashSums, type SplitRows, splitNames } from './manifest.schema.ts';
import { byName } from './row-hash.ts';

type PartContent = Pick<Part, 'splitRows' | 'rowHashSums'>;

/**
 * Names a part by its schema and its rows with their sides, in whatever order they stand: 32 hexadecimal digits of SHA-256.
 * Equal sums of 64-bit hashes with equal counts are taken for equal rows, at odds of 2^-64 (a multiset hash by addition).
 */
export function partHashOf(columns: readonly Column[], content: PartContent): string {
  return digest([schemaOf(columns), sidesOf([content])]).slice(0, 32);
}

/** What a part holds, sides apart: the same rows dropped again are the same content, even when the shares have changed since. */
export function contentOf({ splitRows, rowHashSums }: PartContent): string {
  const rows = splitNames.reduce((total, side) => total + splitRows[side], 0);
  const sum = splitNames.reduce((total, side) => total + BigInt(rowHashSums[side]), 0n);
  return `${rows}:${sum}`;
}

/** Names a dataset by its schema, split and rows, in whatever parts they are. */
export function datasetIdOf(
  columns: readonly Column[],
  splitMethod: Manifest['splitMethod'],
  parts: readonly PartContent[],
): string {
  return `ds-${digest([schemaOf(columns), splitMethod, sidesOf(parts)]).slice(0, 16)}`;
}

/** Rows on each side, of all parts together. */
export function totalSplitRows(parts: readonly Pick<Part, 'splitRows'>[]): SplitRows {
  const total = (side: keyof SplitRows) => parts.reduce((sum, { splitRows }) => sum + splitRows[side], 0);
  return { train: total('train'), validation: total('validation'), holdout: total('holdout') };
}

function totalHashSums(parts: readonly Pick<Part, 'rowHashSums'>[]): RowHashSums {
  const total = (side: keyof RowHashSums) =>
    String(parts.reduce((sum, { rowHashSums }) => sum + BigInt(rowHashSums[side]), 0n));
  return { train: total('train'), validation: total('validation'), holdout: total('holdout') };
}

function schemaOf(columns: readonly Column[]) {
  return byName(columns).map(({ name, type }) => [name, type]);
}

function sidesOf(parts: readonly PartContent[]) {
  const rows = totalSplitRows(parts);
  const sums = totalHashSums(parts);
  return splitNames.map((side) => [side, rows[side], sums[side]]);
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
