import type { JsonOperation } from '../../gateway/json-service.ts';
import { checkedParameters } from './checked-parameters.ts';
import type { Engine } from './engine.ts';
import { describedTable, settingsOf } from './table-settings.ts';

export function describeTable(engine: Engine): JsonOperation {
  return async (input) => {
    const name = String(checkedParameters(engine.store, 'DescribeTable', input).TableName);
    return await engine.exclusively(async () => ({
      Table: describedTable(await engine.namedTable(name), await settingsOf(engine, name)),
    }));
  };
}
