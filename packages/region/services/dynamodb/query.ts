import queryAction from 'dynalite/actions/query.js';
import type { JsonOperation } from '../../gateway/json-service.ts';
import { checkedParameters } from './checked-parameters.ts';
import type { Engine } from './engine.ts';

export function query(engine: Engine): JsonOperation {
  return async (input) => {
    const parameters = checkedParameters(engine.store, 'Query', input);
    return await engine.exclusively(() => engine.perform(queryAction, parameters));
  };
}
