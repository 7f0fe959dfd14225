import { setImmediate } from 'node:timers/promises';
import createTableAction from 'dynalite/actions/createTable.js';
import { AwsError } from '../../aws-error.ts';
import type { JsonOperation } from '../../gateway/json-service.ts';
import { parseInput } from '../../gateway/parse-input.ts';
import { checkedParameters } from './checked-parameters.ts';
import type { Engine } from './engine.ts';
import { describedTable, settingsChange, settingsFrom, settingsParametersSchema } from './table-settings.ts';

/** Creates a table, which is `ACTIVE` when the call returns; DynamoDB takes some seconds longer. */
export function createTable(engine: Engine): JsonOperation {
  return async ({ DeletionProtectionEnabled, TableClass, SSESpecification, Tags, ...input }) => {
    const parameters = checkedParameters(engine.store, 'CreateTable', input);
    const settings = settingsFrom(
      parseInput('dynamodb:CreateTable', settingsParametersSchema, {
        DeletionProtectionEnabled,
        TableClass,
        SSESpecification,
        Tags,
      }),
    );
    const name = String(parameters.TableName);
    return await engine.exclusively(async () => {
      if (await engine.hasTable(name))
        throw new AwsError('ResourceInUseException', `Table already exists: ${name}`);
      await engine.perform(createTableAction, parameters);
      await engine.apply([settingsChange(name, settings)]);
      return { TableDescription: describedTable(await whenActive(engine, name), settings) };
    });
  };
}

/** dynalite turns a new table active by a timer. Waiting for it here keeps the half-made table unseen. */
async function whenActive(engine: Engine, name: string) {
  for (;;) {
    try {
      return await engine.table(name);
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error;
      await setImmediate();
    }
  }
}
