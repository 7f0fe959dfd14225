import { keys } from '@tidemark/domain/registry/keys.ts';
import { ModelNotFoundError, Models } from '@tidemark/domain/registry/models.client.ts';
import type { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectRegistry, modelRecord, putModel, registryTableInput } from '../../support/registry.ts';
import { type Services, startServices } from '../../support/services.ts';

let services: Services;
let table: RegistryTable;
let models: Models;

beforeAll(async () => {
  services = await startServices({ tables: [registryTableInput] });
  table = connectRegistry(services);
  models = new Models(table);
});
afterAll(() => services.stop());

describe('models', () => {
  it('are loaded with their definition', async () => {
    await putModel(table, modelRecord('churn'));

    expect(await models.load('churn')).toMatchObject({ model: 'churn', definition: { problem: 'binary' } });
  });

  it('that do not exist are looked for in vain, or are an error that says what to do', async () => {
    expect(await models.find('nobody')).toBeUndefined();
    await expect(models.load('nobody')).rejects.toThrow(ModelNotFoundError);
    await expect(models.load('nobody')).rejects.toThrow(/definitions\/nobody\.yaml/);
  });

  it('are listed by name', async () => {
    const onboardedAt = '2026-03-01T12:00:00.000Z';
    for (const model of ['zebra', 'ant']) {
      await table.put({ Item: { ...keys.modelIndex(model), model, onboardedAt } });
    }

    const listed: string[] = [];
    for await (const { model } of models.list()) listed.push(model);

    expect(listed).toEqual(['ant', 'zebra']);
  });
});
