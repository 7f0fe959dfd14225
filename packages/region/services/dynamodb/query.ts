import queryAction from 'dynalite/actions/query.js';
import type { JsonOperation } from '../../gateway/json-service.ts';
import type { Engine } from './engine.ts';
import { checkedParameters } from './parameters.ts';

export function query(engine: Engine): JsonOperation {
  return async (input) => {
    const parameters = checkedParameters(engine.store, 'Query', input);
    return await engine.exclusively(() => engine.perform(queryAction, parameters));
  };
}
