import scanAction from 'dynalite/actions/scan.js';
import type { JsonOperation } from '../../gateway/json-service.ts';
import { checkedParameters } from './checked-parameters.ts';
import type { Engine } from './engine.ts';

export function scan(engine: Engine): JsonOperation {
  return async (input) => {
    const parameters = checkedParameters(engine.store, 'Scan', input);
    return await engine.exclusively(() => engine.perform(scanAction, parameters));
  };
}
