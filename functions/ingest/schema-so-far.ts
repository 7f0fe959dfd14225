import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import { code, say } from '@tidemark/statistics/sentence.ts';
import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import { type FileColumn, type ReferenceSchema, widened } from './schema-rules.ts';
import { isColumnUsed } from './used-columns.ts';

/** The dataset that a batch adds to, or replaces. */
export interface AcceptedBefore {
  readonly datasetId: string;
  readonly columns: readonly Column[];
  /** Values that the target had then. */
  readonly targetValues: readonly string[];
  /** Parts that it has. */
  readonly parts: number;
}

/** What the next file of a batch is held against: the dataset so far, and the files before it that were accepted. */
export class SchemaSoFar {
  readonly #mode: Definition['ingestion']['mode'];
  #reference: ReferenceSchema | undefined;

  constructor(definition: Definition, accepted: AcceptedBefore | undefined) {
    this.#mode = definition.ingestion.mode;
    if (accepted === undefined) return;
    const before = accepted.columns.filter(({ name }) => isColumnUsed(definition, name));
    this.#reference = {
      // A batch that replaces the dataset redefines what its columns hold.
      columns: before.map(({ name, type }) => ({ name, type: this.#mode === 'replace' ? null : type })),
      origin: say`the dataset ${code(accepted.datasetId)}`,
      mayGrow: this.#mode === 'replace',
    };
  }

  /** `undefined` before the first file of a model. */
  get reference(): ReferenceSchema | undefined {
    return this.#reference;
  }

  /** Takes in the columns of a file that is accepted. */
  add(key: string, columns: readonly FileColumn[]): void {
    this.#reference = {
      columns: widened(this.#reference?.columns ?? [], columns),
      origin: this.#reference?.origin ?? say`the file ${code(key)} of this batch`,
      mayGrow: false,
    };
  }
}
