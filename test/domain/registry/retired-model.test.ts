import { keys } from '@tidemark/domain/registry/keys.ts';
import {
  isRetired,
  ModelRetiredError,
  requireActive,
  whileActive,
} from '@tidemark/domain/registry/retired-model.ts';
import { RegistryConflictError, type RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  connectRegistry,
  modelRecord,
  putModel,
  registryTableInput,
  retired,
} from '../../support/registry.ts';
import { type Services, startServices } from '../../support/services.ts';

const active = modelRecord('churn');

describe('a model', () => {
  it('is active unless its definition says otherwise', () => {
    expect(isRetired(active)).toBe(false);
    expect(() => requireActive(active)).not.toThrow();
  });

  it('that is retired says why and what to do', () => {
    expect(isRetired(retired(active))).toBe(true);
    expect(() => requireActive(retired(active))).toThrow(ModelRetiredError);
    expect(new ModelRetiredError('churn').message).toBe(
      'churn is retired: its definition says `lifecycle: retired`. To bring it back, put definitions/churn.yaml again with ' +
        '`lifecycle: active`.',
    );
  });
});

describe('a write that holds while a model is active', () => {
  let services: Services;
  let table: RegistryTable;

  beforeAll(async () => {
    services = await startServices({ tables: [registryTableInput] });
    table = connectRegistry(services);
  });
  afterAll(() => services.stop());
  beforeEach(() => putModel(table, active));

  const write = () =>
    table.transact([
      {
        ConditionCheck: {
          Key: keys.meta('churn'),
          ConditionExpression: whileActive.condition,
          ExpressionAttributeNames: { ...whileActive.names },
          ExpressionAttributeValues: { ...whileActive.values },
        },
      },
    ]);

  it('holds for an active one', async () => {
    await expect(write()).resolves.toBeUndefined();
  });

  it('holds for one from before definitions had a lifecycle', async () => {
    const { lifecycle: _, ...definition } = active.definition;
    await table.put({ Item: { ...keys.meta('churn'), ...active, definition } });

    await expect(write()).resolves.toBeUndefined();
  });

  it('fails for a retired one', async () => {
    await putModel(table, retired(active));

    await expect(write()).rejects.toThrow(RegistryConflictError);
  });
});
