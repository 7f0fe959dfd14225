import batchGetItemAction from 'dynalite/actions/batchGetItem.js';
import type { JsonOperation } from '../../gateway/json-service.ts';
import type { Engine } from './engine.ts';
import { checkedParameters } from './parameters.ts';

export function batchGetItem(engine: Engine): JsonOperation {
  return async (input) => {
    const parameters = checkedParameters(engine.store, 'BatchGetItem', input);
    return await engine.exclusively(() => engine.perform(batchGetItemAction, parameters));
  };
}
