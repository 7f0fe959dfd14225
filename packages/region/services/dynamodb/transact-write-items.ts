import db from 'dynalite/db/index.js';
import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import type { JsonOperation } from '../../gateway/json-service.ts';
import { checkCondition } from './condition-check.ts';
import { parseDynamoDbInput, tableNameSchema } from './dynamodb-input.ts';
import type { Engine, StoreChange } from './engine.ts';
import { idempotencyOf } from './idempotency.ts';
import { itemSchema } from './item.schema.ts';
import { UnstorableItemError } from './storable-item.ts';
import {
  assertDistinctItems,
  assertNotCancelled,
  type CancellationReason,
  consumedCapacity,
  maxActions,
  maxTransactionBytes,
  reasonOf,
  refuseCapacity,
} from './transaction.ts';
import { checkedWrite, planWrite } from './write-plan.ts';

const conditionFields = {
  TableName: tableNameSchema,
  ConditionExpression: z.string().optional(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).optional(),
  ExpressionAttributeValues: itemSchema.optional(),
  ReturnValuesOnConditionCheckFailure: z.enum(['ALL_OLD', 'NONE']).optional(),
};
const actionSchema = z.strictObject({
  ConditionCheck: z
    .strictObject({ ...conditionFields, Key: itemSchema, ConditionExpression: z.string() })
    .optional(),
  Put: z.strictObject({ ...conditionFields, Item: itemSchema }).optional(),
  Delete: z.strictObject({ ...conditionFields, Key: itemSchema }).optional(),
  Update: z.strictObject({ ...conditionFields, Key: itemSchema, UpdateExpression: z.string() }).optional(),
});
const inputSchema = z.strictObject({
  TransactItems: z.array(actionSchema).min(1).max(maxActions),
  ClientRequestToken: z.string().min(1).max(36).optional(),
  ReturnConsumedCapacity: consumedCapacity.optional(),
  ReturnItemCollectionMetrics: z.literal('NONE').optional(),
});

/** One action, checked as far as it can be without its item. */
interface Action {
  readonly tableName: string;
  readonly keyOrItem: z.infer<typeof itemSchema>;
  /** The changes it makes to items as they are; throws if it cannot be done. */
  readonly plan: () => Promise<readonly StoreChange[]>;
}

/**
 * Writes up to 100 items, all or none. Nothing else is read or written meanwhile, so no transaction is ever cancelled
 * with `TransactionConflict`: the later one waits, where DynamoDB refuses it.
 */
export function transactWriteItems(engine: Engine, now: () => number): JsonOperation {
  return async (input) => {
    const { TransactItems, ClientRequestToken, ReturnConsumedCapacity } = parseDynamoDbInput(
      'TransactWriteItems',
      inputSchema,
      input,
    );
    refuseCapacity('TransactWriteItems', ReturnConsumedCapacity);
    const actions = TransactItems.map((item) => actionOf(engine, item));
    return await engine.exclusively(async () => {
      const idempotency = await idempotencyOf(engine, ClientRequestToken, TransactItems, now());
      if (idempotency.isRepeat) return {};
      await assertDistinctItems(engine, actions);
      const changes = await planAll(actions);
      await engine.apply([...changes, ...idempotency.changes]);
      return {};
    });
  };
}

function actionOf(
  engine: Engine,
  { ConditionCheck, Put, Delete, Update }: z.infer<typeof actionSchema>,
): Action {
  const given = [ConditionCheck, Put, Delete, Update].filter((action) => action !== undefined);
  if (given.length !== 1)
    throw new AwsError(
      'ValidationException',
      'TransactItems can only contain one of Check, Put, Update or Delete',
    );
  if (ConditionCheck)
    return {
      tableName: ConditionCheck.TableName,
      keyOrItem: ConditionCheck.Key,
      plan: checkCondition(engine, ConditionCheck),
    };
  const [operation, write] = Put
    ? (['PutItem', Put] as const)
    : Update
      ? (['UpdateItem', Update] as const)
      : (['DeleteItem', Delete] as const);
  if (write === undefined) throw new Error('unreachable: one action is given');
  const checked = checkedWrite(engine, operation, write);
  return {
    tableName: write.TableName,
    keyOrItem: 'Item' in write ? write.Item : write.Key,
    plan: async () => (await planWrite(engine, checked)).changes,
  };
}

async function planAll(actions: readonly Action[]): Promise<StoreChange[]> {
  const changes: StoreChange[] = [];
  const reasons: CancellationReason[] = [];
  for (const action of actions) {
    try {
      changes.push(...(await action.plan()));
      reasons.push({ Code: 'None' });
    } catch (error) {
      if (error instanceof UnstorableItemError) throw error;
      reasons.push(reasonOf(error));
    }
  }
  assertNotCancelled(reasons);
  assertSize(changes);
  return changes;
}

function assertSize(changes: readonly StoreChange[]): void {
  const bytes = changes
    .filter(({ key }) => key.startsWith('item-'))
    .reduce(
      (sum, change) => sum + (change.type === 'put' ? db.itemSize(itemSchema.parse(change.value)) : 0),
      0,
    );
  if (bytes > maxTransactionBytes)
    throw new AwsError('ValidationException', 'The items of a transaction cannot exceed 4 MB together');
}
