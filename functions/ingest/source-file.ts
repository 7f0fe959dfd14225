import type { Sentence } from '@tidemark/statistics/sentence.ts';
import type { SourceColumn } from './source-column.ts';

/** A file that could be read, as a relation in the file's own types. */
export interface SourceFile {
  readonly format: 'csv' | 'json-lines' | 'parquet';
  /** SQL that stands after FROM. Rows come in the file's order. */
  readonly relation: string;
  /** The columns that datasets of the model hold. */
  readonly columns: readonly SourceColumn[];
  /** All columns' names. */
  readonly names: readonly string[];
  readonly rows: number;
  /** About how many bytes the texts of a row take. */
  readonly rowBytes: number;
  /** What was left out without being asked for. */
  readonly notes: readonly Sentence[];
}

/** What a definition, and the dataset that is there, want of a file. A reader looks at nothing else. */
export interface WantedColumns {
  /** Whether datasets of the model hold a column of this name. */
  isUsed(name: string): boolean;
  /** Whether the definition lists the features, so that a column that it does not name is not used. */
  readonly listsFeatures: boolean;
  /** Columns in which times are looked for even where a typed file holds text. */
  readonly times: readonly string[];
}
