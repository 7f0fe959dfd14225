import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import { identifier, literal } from '@tidemark/statistics/tables/sql.ts';
import type { Manifest } from './manifest.schema.ts';
import { canonicalText, rowHashColumn } from './row-hash.ts';

/** What decides on the side of a row. An entity comes before the time: it must not be on two sides, whenever its rows were. */
export function splitMethodOf({
  entity,
  time,
}: {
  readonly entity?: string | undefined;
  readonly time?: string | undefined;
}): Manifest['splitMethod'] {
  if (entity !== undefined) return 'entity';
  return time === undefined ? 'hash' : 'time';
}

/** Shares of the rows, 0 to 1, that are kept from training. */
export interface SplitShares {
  readonly validation: number;
  readonly holdout: number;
}

/** Instants, inclusive: up to the first for training, up to the second for validation, the rest for the hold-out. */
export interface TimeCuts {
  readonly train: string;
  readonly validation: string;
}

/** SQL for the side of a row by its hash: identical rows are on one side, in whatever file. */
export function splitByHash({ validation, holdout }: SplitShares): string {
  const row = identifier(rowHashColumn);
  return sides(`${row} < ${hashLimit(holdout)}`, `${row} < ${hashLimit(holdout + validation)}`);
}

/**
 * SQL for the side of a row by the entity that it belongs to: all rows of one are on one side, in whatever file. A row without an entity
 * has the side that its own hash gives it.
 */
export function splitByEntity(entity: Column, { validation, holdout }: SplitShares): string {
  const hash = `coalesce(md5_number_lower(${canonicalText(entity)}), ${identifier(rowHashColumn)})`;
  return sides(`${hash} < ${hashLimit(holdout)}`, `${hash} < ${hashLimit(holdout + validation)}`);
}

/** SQL for the side of a row by its time. Rows of one instant are on one side. */
export function splitByTime(timeColumn: string, cuts: TimeCuts): string {
  const time = identifier(timeColumn);
  return sides(
    `${time} > TIMESTAMP ${literal(cuts.validation)}`,
    `${time} > TIMESTAMP ${literal(cuts.train)}`,
  );
}

function sides(isHoldout: string, isValidation: string): string {
  return `CASE WHEN ${isHoldout} THEN 'holdout' WHEN ${isValidation} THEN 'validation' ELSE 'train' END`;
}

/** The share's place among all 64-bit hashes. A double's 53 bits cannot count them, so the share is taken of 2^32. */
function hashLimit(share: number): string {
  return String(BigInt(Math.round(share * 2 ** 32)) * 2n ** 32n);
}
