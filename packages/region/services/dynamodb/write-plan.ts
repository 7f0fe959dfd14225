import deleteItem from 'dynalite/actions/deleteItem.js';
import putItem from 'dynalite/actions/putItem.js';
import updateItem from 'dynalite/actions/updateItem.js';
import { AwsError } from '../../aws-error.ts';
import { checkedParameters } from './checked-parameters.ts';
import type { Engine, StoreChange } from './engine.ts';
import { assertStorable } from './storable-item.ts';
import { WriteBuffer } from './write-buffer.ts';

const actions = { PutItem: putItem, UpdateItem: updateItem, DeleteItem: deleteItem };
export type WriteOperation = keyof typeof actions;

/** What a write answers, and what it changes once the plan is applied. */
export interface WritePlan {
  readonly output: unknown;
  readonly changes: readonly StoreChange[];
}

export interface CheckedWrite {
  readonly operation: WriteOperation;
  readonly parameters: Record<string, unknown>;
  /** Whether an item that fails the condition is returned on the error. */
  readonly returnsExistingItem: boolean;
}

/** Checks the input of a single write. Needs no turn: it looks at no item. */
export function checkedWrite(
  engine: Engine,
  operation: WriteOperation,
  { ReturnValuesOnConditionCheckFailure: onFailure, ...input }: Readonly<Record<string, unknown>>,
): CheckedWrite {
  if (onFailure !== undefined && onFailure !== 'NONE' && onFailure !== 'ALL_OLD')
    throw new AwsError(
      'ValidationException',
      'ReturnValuesOnConditionCheckFailure can only be ALL_OLD or NONE',
    );
  return {
    operation,
    parameters: checkedParameters(engine.store, operation, input),
    returnsExistingItem: onFailure === 'ALL_OLD',
  };
}

/**
 * Works out a write against the items as they are, without applying it. Call it within the engine's turn.
 * @throws AwsError `ConditionalCheckFailedException`, with `Item` where the caller asked for it
 */
export async function planWrite(
  engine: Engine,
  { operation, parameters, returnsExistingItem }: CheckedWrite,
): Promise<WritePlan> {
  const buffer = new WriteBuffer(engine.store);
  try {
    const output = await engine.perform(actions[operation], parameters, buffer.store);
    if (operation !== 'DeleteItem') await assertStorable(engine, buffer.changes, operation);
    return { output, changes: buffer.changes };
  } catch (error) {
    const isFailedCondition = error instanceof AwsError && error.code === 'ConditionalCheckFailedException';
    if (!isFailedCondition || !returnsExistingItem || buffer.existingItem === undefined) throw error;
    throw new AwsError(error.code, error.message, error.statusCode, { Item: buffer.existingItem });
  }
}

/** Checks, plans and applies one write. */
export async function write(
  engine: Engine,
  operation: WriteOperation,
  input: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const checked = checkedWrite(engine, operation, input);
  return await engine.exclusively(async () => {
    const { output, changes } = await planWrite(engine, checked);
    await engine.apply(changes);
    return output;
  });
}
