import type { JsonOperation } from '../../gateway/json-service.ts';
import type { Engine } from './engine.ts';
import { write } from './write-plan.ts';

export function deleteItem(engine: Engine): JsonOperation {
  return (input) => write(engine, 'DeleteItem', input);
}
