import getItemAction from 'dynalite/actions/getItem.js';
import type { JsonOperation } from '../../gateway/json-service.ts';
import { checkedParameters } from './checked-parameters.ts';
import type { Engine } from './engine.ts';

export function getItem(engine: Engine): JsonOperation {
  return async (input) => {
    const parameters = checkedParameters(engine.store, 'GetItem', input);
    return await engine.exclusively(() => engine.perform(getItemAction, parameters));
  };
}
