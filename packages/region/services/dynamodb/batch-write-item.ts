import batchWriteItemAction from 'dynalite/actions/batchWriteItem.js';
import type { JsonOperation } from '../../gateway/json-service.ts';
import { checkedParameters } from './checked-parameters.ts';
import type { Engine } from './engine.ts';
import { assertStorable } from './storable-item.ts';
import { WriteBuffer } from './write-buffer.ts';

/** All writes of a batch land together here; DynamoDB promises that for each item only. */
export function batchWriteItem(engine: Engine): JsonOperation {
  return async (input) => {
    const parameters = checkedParameters(engine.store, 'BatchWriteItem', input);
    return await engine.exclusively(async () => {
      const buffer = new WriteBuffer(engine.store);
      const output = await engine.perform(batchWriteItemAction, parameters, buffer.store);
      await assertStorable(engine, buffer.changes, 'PutItem');
      await engine.apply(buffer.changes);
      return output;
    });
  };
}
