import batchGetItemAction from 'dynalite/actions/batchGetItem.js';
import type { JsonOperation } from '../../gateway/json-service.ts';
import { checkedParameters } from './checked-parameters.ts';
import type { Engine } from './engine.ts';

export function batchGetItem(engine: Engine): JsonOperation {
  return async (input) => {
    const parameters = checkedParameters(engine.store, 'BatchGetItem', input);
    return await engine.exclusively(() => engine.perform(batchGetItemAction, parameters));
  };
}
