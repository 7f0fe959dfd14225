import db from 'dynalite/db/index.js';
import type * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import { checkedParameters } from './checked-parameters.ts';
import { awsErrorOf, type Engine } from './engine.ts';
import { itemSchema } from './item.schema.ts';

interface ConditionCheck {
  readonly TableName: string;
  readonly Key: z.infer<typeof itemSchema>;
  readonly ConditionExpression: string;
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE' | undefined;
}

/** Prepares a transaction's ConditionCheck, which changes nothing and throws unless its condition holds. */
export function checkCondition(
  engine: Engine,
  { ReturnValuesOnConditionCheckFailure: onFailure, ...check }: ConditionCheck,
): () => Promise<readonly []> {
  // A DeleteItem has the same parameters, so its rules check them and parse the condition.
  const parameters = checkedParameters(engine.store, 'DeleteItem', { ...check });
  const key = itemSchema.parse(parameters.Key);
  return async () => {
    const table = await engine.table(check.TableName);
    const invalidKey = db.validateKey(key, table);
    if (invalidKey) throw awsErrorOf(invalidKey);
    const item = await engine.item(table, db.createKey(key, table));
    if (!db.checkConditional(parameters, item)) return [];
    throw new AwsError(
      'ConditionalCheckFailedException',
      'The conditional request failed',
      400,
      onFailure === 'ALL_OLD' && item ? { Item: item } : {},
    );
  };
}
