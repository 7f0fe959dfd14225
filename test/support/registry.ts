import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { definitionHash } from '@tidemark/domain/definition/definition-hash.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import type { ModelRecord } from '@tidemark/domain/registry/records.schema.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type { Services } from './services.ts';

export const registryTableName = 'registry';

/** The registry as `infra/foundation/stores.ts` makes it: `startServices({ tables: [registryTableInput] })`. */
export const registryTableInput: CreateTableCommandInput = {
  TableName: registryTableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
};

/** A registry client of its own, as another process would have. */
export function connectRegistry({ sdkConfig }: Services): RegistryTable {
  return new RegistryTable(registryTableName, new DynamoDBClient(sdkConfig));
}

/** The record of a model that was just onboarded from a minimal definition. */
export function modelRecord(model: string, more: Partial<ModelRecord> = {}): ModelRecord {
  const definition: Definition = definitionSchema.parse({
    name: model,
    problem: 'binary',
    target: 'outcome',
  });
  return {
    model,
    definition,
    definitionHash: definitionHash(definition),
    definitionObject: { bucket: 'data', key: `definitions/${model}.yaml`, versionId: 'v1' },
    definitionSequencer: '01',
    onboardedAt: '2026-03-01T12:00:00.000Z',
    updatedAt: '2026-03-01T12:00:00.000Z',
    nextVersion: 1,
    latestDatasetId: null,
    liveVersion: null,
    lease: null,
    ...more,
  };
}

/** The same model, retired by its definition. */
export function retired(record: ModelRecord): ModelRecord {
  const definition: Definition = { ...record.definition, lifecycle: 'retired' };
  return { ...record, definition, definitionHash: definitionHash(definition) };
}

/** Puts a model's record as it is. */
export async function putModel(table: RegistryTable, record: ModelRecord): Promise<void> {
  await table.put({ Item: { ...keys.meta(record.model), ...record } });
}
