import getItemAction from 'dynalite/actions/getItem.js';
import db from 'dynalite/db/index.js';
import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import type { JsonOperation } from '../../gateway/json-service.ts';
import { checkedParameters } from './checked-parameters.ts';
import { parseDynamoDbInput, tableNameSchema } from './dynamodb-input.ts';
import type { Engine } from './engine.ts';
import { itemSchema } from './item.schema.ts';
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

const getSchema = z.strictObject({
  TableName: tableNameSchema,
  Key: itemSchema,
  ProjectionExpression: z.string().optional(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).optional(),
});
const inputSchema = z.strictObject({
  TransactItems: z
    .array(z.strictObject({ Get: getSchema }))
    .min(1)
    .max(maxActions),
  ReturnConsumedCapacity: consumedCapacity.optional(),
});
const outputSchema = z.object({ Item: itemSchema.optional() });

/** Reads up to 100 items as they stand at one moment. */
export function transactGetItems(engine: Engine): JsonOperation {
  return async (input) => {
    const { TransactItems, ReturnConsumedCapacity } = parseDynamoDbInput(
      'TransactGetItems',
      inputSchema,
      input,
    );
    refuseCapacity('TransactGetItems', ReturnConsumedCapacity);
    const gets = TransactItems.map(({ Get }) => Get);
    const parameters = gets.map((get) => checkedParameters(engine.store, 'GetItem', { ...get }));
    return await engine.exclusively(async () => {
      await assertDistinctItems(
        engine,
        gets.map(({ TableName, Key }) => ({ tableName: TableName, keyOrItem: Key })),
      );
      const responses: z.infer<typeof outputSchema>[] = [];
      const reasons: CancellationReason[] = [];
      for (const parameter of parameters) {
        try {
          responses.push(outputSchema.parse(await engine.perform(getItemAction, parameter)));
          reasons.push({ Code: 'None' });
        } catch (error) {
          reasons.push(reasonOf(error));
        }
      }
      assertNotCancelled(reasons);
      const bytes = responses.reduce((sum, { Item }) => sum + (Item ? db.itemSize(Item) : 0), 0);
      if (bytes > maxTransactionBytes)
        throw new AwsError('ValidationException', 'The items of a transaction cannot exceed 4 MB together');
      return { Responses: responses };
    });
  };
}
