import type { SourceColumn } from './source-column.ts';

/** A file that could be read, as a relation in the file's own types. */
export interface SourceFile {
  readonly format: 'csv' | 'json-lines' | 'parquet';
  /** SQL that stands after FROM. Rows come in the file's order. */
  readonly relation: string;
  readonly columns: readonly SourceColumn[];
  readonly rows: number;
}
