import { NotFoundError } from '../errors.ts';
import { keys } from './keys.ts';
import {
  type ModelIndexRecord,
  type ModelRecord,
  modelIndexRecordSchema,
  modelRecordSchema,
} from './records.schema.ts';
import type { RegistryTable } from './table.client.ts';

/** No definition of this name was ever accepted. */
export class ModelNotFoundError extends NotFoundError {
  override readonly name = 'ModelNotFoundError';

  constructor(readonly model: string) {
    super(
      `There is no model called ${model}. Put its definition at definitions/${model}.yaml in the data bucket first.`,
    );
  }
}

/** The models of the registry. */
export class Models {
  readonly #table: RegistryTable;

  constructor(table: RegistryTable) {
    this.#table = table;
  }

  /** The model's record, or `undefined` if it was never onboarded. */
  find(model: string): Promise<ModelRecord | undefined> {
    return this.#table.get(keys.meta(model), modelRecordSchema);
  }

  /** The model's record. @throws ModelNotFoundError */
  async load(model: string): Promise<ModelRecord> {
    const record = await this.find(model);
    if (!record) throw new ModelNotFoundError(model);
    return record;
  }

  /** Every model, by name. */
  list(): AsyncGenerator<ModelIndexRecord> {
    return this.#table.query(keys.modelIndexPk, keys.modelPk(''), modelIndexRecordSchema);
  }
}
