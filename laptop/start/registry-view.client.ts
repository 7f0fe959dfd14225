import { domainEventSchema } from '@tidemark/domain/events/domain-events.schema.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import {
  type ModelRecord,
  type RunRecord,
  runRecordSchema,
  type VersionRecord,
  versionRecordSchema,
} from '@tidemark/domain/registry/records.schema.ts';
import type { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type * as z from 'zod';

export type RecordedEvent = z.infer<typeof domainEventSchema>;

/** Reads a model's state as anybody can: from the registry's table. */
export class RegistryView {
  readonly #table: RegistryTable;
  readonly #models: Models;

  constructor(table: RegistryTable) {
    this.#table = table;
    this.#models = new Models(table);
  }

  model(model: string): Promise<ModelRecord | undefined> {
    return this.#models.find(model);
  }

  async modelNames(): Promise<string[]> {
    return (await collect(this.#models.list())).map(({ model }) => model);
  }

  /** By number. */
  versions(model: string): Promise<VersionRecord[]> {
    return collect(this.#table.query(keys.modelPk(model), keys.versionPrefix, versionRecordSchema));
  }

  run(model: string, runId: string): Promise<RunRecord | undefined> {
    return this.#table.get(keys.run(model, runId), runRecordSchema);
  }

  /** By time. */
  events(model: string): Promise<RecordedEvent[]> {
    return collect(this.#table.query(keys.modelPk(model), keys.eventPrefix, domainEventSchema));
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
