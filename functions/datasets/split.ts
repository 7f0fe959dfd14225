import { rowHashColumn } from './row-hash.ts';
import { identifier, literal } from './sql.ts';

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
