/** Rows of features, and a label per row when the data carries one. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Row-major, `rows * columns` long. A missing value is NaN; a value of exactly -1 is `MINUS_ONE`. */
  readonly values: Float32Array;
  /** One per row; empty for data without labels. */
  readonly labels: Float32Array;
}

/** The WebAssembly build passes `missing = -1` to XGBoost, so -1 means "missing" to it and cannot mean minus one. */
export const MISSING_SENTINEL = -1;

/**
 * Stands for a real -1: the next float32 towards zero. Shifted in training and at prediction alike, so a split
 * learned on one holds for the other.
 */
export const MINUS_ONE = Math.fround(-1 + 2 ** -24);

/** A feature as a matrix stores it. */
export function featureValue(value: number): number {
  return value === MISSING_SENTINEL ? MINUS_ONE : value;
}
