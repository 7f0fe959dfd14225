import { setImmediate } from 'node:timers/promises';
import deleteTableAction from 'dynalite/actions/deleteTable.js';
import { AwsError } from '../../aws-error.ts';
import type { JsonOperation } from '../../gateway/json-service.ts';
import { checkedParameters } from './checked-parameters.ts';
import type { Engine } from './engine.ts';
import { settingsOf, settingsPrefix } from './table-settings.ts';

/** Deletes a table, which is gone when the call returns; DynamoDB takes some seconds longer. */
export function deleteTable(engine: Engine): JsonOperation {
  return async (input) => {
    const parameters = checkedParameters(engine.store, 'DeleteTable', input);
    return await engine.exclusively(() => removeTable(engine, String(parameters.TableName), parameters));
  };
}

/** Within the engine's turn. */
export async function removeTable(
  engine: Engine,
  name: string,
  parameters: Record<string, unknown>,
): Promise<unknown> {
  if ((await settingsOf(engine, name)).deletionProtection)
    throw new AwsError(
      'ValidationException',
      `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first: ${name}`,
    );
  const output = await engine.perform(deleteTableAction, parameters);
  await engine.apply([{ type: 'del', key: settingsPrefix + name }]);
  // dynalite drops the table's own record by a timer.
  while ((await engine.record(`table~${name}`)) !== undefined) await setImmediate();
  return output;
}
