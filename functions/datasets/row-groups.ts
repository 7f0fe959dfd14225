/** As many rows as DuckDB writes into a row group unless told otherwise. */
export const mostRowGroupRows = 122_880;

/** Rows that DuckDB handles at once; it writes no smaller row groups. */
const vectorRows = 2048;

/** Values of a row group, which is in memory until it is compressed: 16 bytes each, and the texts besides. */
const cellsAtOnce = 4 * 1024 ** 2;
const bytesAtOnce = 64 * 1024 ** 2;

/**
 * Rows per row group of a Parquet file, so that the memory which writing takes does not grow with columns or with the length of texts.
 * @param bytesPerRow mean size of a row's texts
 */
export function rowGroupRows(columns: number, bytesPerRow = 0): number {
  const rows = Math.min(cellsAtOnce / Math.max(1, columns), bytesAtOnce / Math.max(1, bytesPerRow));
  return Math.min(mostRowGroupRows, Math.max(1, Math.floor(rows / vectorRows)) * vectorRows);
}
