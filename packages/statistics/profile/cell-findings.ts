import type { ColumnProfile } from './profile.schema.ts';

/** What the cells of a column that were looked at came to. */
export interface CellFindings extends Omit<ColumnProfile, 'name' | 'type' | 'rows' | 'missing'> {
  /** Cells with a value. */
  readonly present: number;
}

/** Of a column without any value. */
export const noFindings: CellFindings = {
  present: 0,
  unreadable: 0,
  distinct: { estimate: 0, standardError: 0, registers: null },
  minimum: null,
  maximum: null,
  moments: null,
  quantiles: null,
  earliest: null,
  latest: null,
  top: null,
  histogram: null,
  categories: null,
};
