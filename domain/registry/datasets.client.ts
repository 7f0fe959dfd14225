import { type Manifest, manifestSchema } from '../datasets/manifest.schema.ts';
import type { Objects } from '../datasets/objects.client.ts';
import { InvariantError } from '../errors.ts';
import { keys } from './keys.ts';
import { type DatasetRecord, datasetRecordSchema } from './records.schema.ts';
import type { RegistryTable } from './table.client.ts';

/** A dataset as the registry and its manifest describe it. */
export interface Dataset {
  readonly record: DatasetRecord;
  readonly manifest: Manifest;
}

/** Committed datasets. */
export class Datasets {
  readonly #table: RegistryTable;
  readonly #objects: Objects;

  constructor(table: RegistryTable, objects: Objects) {
    this.#table = table;
    this.#objects = objects;
  }

  /** The dataset, or `undefined` if none of that name was committed. */
  async find(model: string, datasetId: string): Promise<Dataset | undefined> {
    const record = await this.#table.get(keys.dataset(model, datasetId), datasetRecordSchema);
    if (record === undefined) return undefined;
    const text = await this.#objects.readText(record.manifest);
    return { record, manifest: manifestSchema.parse(JSON.parse(text)) };
  }

  /** A dataset that must be there. */
  async load(model: string, datasetId: string): Promise<Dataset> {
    const dataset = await this.find(model, datasetId);
    if (dataset) return dataset;
    throw new InvariantError(
      `The registry has no dataset ${datasetId} of ${model}, though it is referred to.`,
    );
  }
}
