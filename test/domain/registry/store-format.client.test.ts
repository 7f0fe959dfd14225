import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { InvalidInputError } from '@tidemark/domain/errors.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { modelRecordSchema } from '@tidemark/domain/registry/records.schema.ts';
import { StoreFormatError, storeFormat } from '@tidemark/domain/registry/store-format.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { modelRecord, registryTableInput } from '../../support/registry.ts';
import { type Services, startServices } from '../../support/services.ts';

/** A process looks once at a table, so each test has a table of its own. */
const tables = ['empty', 'first-write', 'at-once', 'older', 'newer', 'unnumbered'] as const;

let services: Services;
let client: DynamoDBDocumentClient;

beforeAll(async () => {
  services = await startServices({
    tables: tables.map((TableName) => ({ ...registryTableInput, TableName })),
  });
  client = DynamoDBDocumentClient.from(new DynamoDBClient(services.sdkConfig));
});
afterAll(() => services.stop());

const registryOf = (name: (typeof tables)[number]) =>
  new RegistryTable(name, new DynamoDBClient(services.sdkConfig));
const itemsOf = async (TableName: string) => (await client.send(new ScanCommand({ TableName }))).Items;
const formatItem = (format: number) => ({ ...keys.storeFormat, format });
const model = { ...keys.meta('churn'), ...modelRecord('churn') };

describe('a store that holds nothing', () => {
  it('is read without writing anything', async () => {
    expect(await registryOf('empty').get(keys.meta('churn'), modelRecordSchema)).toBeUndefined();

    expect(await itemsOf('empty')).toEqual([]);
  });

  it('has the format of the code that writes first', async () => {
    await registryOf('first-write').put({ Item: model });

    expect(await itemsOf('first-write')).toContainEqual(formatItem(storeFormat));
  });

  it('has one format, however many write at once', async () => {
    const names = Array.from({ length: 8 }, (_, number) => `churn-${number}`);

    await Promise.all(
      names.map((name) => registryOf('at-once').put({ Item: { ...keys.meta(name), model: name } })),
    );

    expect(await itemsOf('at-once')).toHaveLength(names.length + 1);
  });
});

describe.each([
  { name: 'older', format: storeFormat - 1, says: `format ${storeFormat - 1}` },
  { name: 'newer', format: storeFormat + 1, says: `format ${storeFormat + 1}` },
  { name: 'unnumbered', format: undefined, says: 'a format older than number 1' },
] as const)('a store that has $says', ({ name, format, says }) => {
  const stored: Readonly<Record<string, unknown>>[] =
    format === undefined
      ? [model, { ...keys.modelIndex('churn'), model: 'churn' }]
      : [model, formatItem(format)];
  beforeAll(async () => {
    for (const Item of stored) await client.send(new PutCommand({ TableName: name, Item }));
  });

  const calls: Record<string, (table: RegistryTable) => Promise<unknown>> = {
    get: (table) => table.get(keys.meta('churn'), modelRecordSchema),
    query: (table) => table.query(keys.modelPk('churn'), 'META', modelRecordSchema).next(),
    put: (table) => table.put({ Item: { ...keys.meta('churn'), model: 'other' } }),
    update: (table) =>
      table.update(
        {
          Key: keys.meta('churn'),
          UpdateExpression: 'ADD nextVersion :one',
          ExpressionAttributeValues: { ':one': 1 },
        },
        z.looseObject({}),
      ),
    transact: (table) => table.transact([{ Delete: { Key: keys.meta('churn') } }]),
    commit: (table) => table.commit([{ Delete: { Key: keys.meta('churn') } }], []),
    recordedEvent: (table) => table.recordedEvent('churn', 'event'),
  };

  it.each(Object.keys(calls))('is left as it is by %s, which says why and what to do', async (call) => {
    const refused = calls[call]?.(registryOf(name));

    await expect(refused).rejects.toThrow(StoreFormatError);
    await expect(refused).rejects.toThrow(InvalidInputError);
    await expect(refused).rejects.toThrow(
      `The registry ${name} has ${says}, and this code stores format ${storeFormat}`,
    );
    await expect(refused).rejects.toThrow('Deploy the former release again');
    expect(await itemsOf(name)).toEqual(expect.arrayContaining([...stored]));
    expect(await itemsOf(name)).toHaveLength(stored.length);
  });

  it('is refused by every method of the registry', () => {
    const methods = Object.getOwnPropertyNames(RegistryTable.prototype).filter(
      (method) => method !== 'constructor',
    );

    expect(Object.keys(calls).toSorted()).toEqual(methods.toSorted());
  });
});
