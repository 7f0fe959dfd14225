import listTablesAction from 'dynalite/actions/listTables.js';
import type { JsonOperation } from '../../gateway/json-service.ts';
import { checkedParameters } from './checked-parameters.ts';
import type { Engine } from './engine.ts';

export function listTables(engine: Engine): JsonOperation {
  return async (input) => {
    const parameters = checkedParameters(engine.store, 'ListTables', input);
    return await engine.exclusively(() => engine.perform(listTablesAction, parameters));
  };
}
