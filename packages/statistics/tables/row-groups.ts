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

/** DuckDB's own limit of a dictionary. */
const mostDictionaryBytes = 1024 ** 2;
const dictionaryBytesPerRow = 32;

/**
 * Bytes that a text column's dictionary may have. DuckDB takes them for each column before it writes anything: 2,000 columns would take 2 GB.
 * So many rows as `rowGroupRows` gives take 128 MiB for all columns together. Longer texts are written without a dictionary.
 */
export function dictionaryBytes(groupRows: number): number {
  return Math.min(mostDictionaryBytes, groupRows * dictionaryBytesPerRow);
}
