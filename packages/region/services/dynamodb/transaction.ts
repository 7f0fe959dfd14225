import type { Item } from 'dynalite/db/index.js';
import db from 'dynalite/db/index.js';
import * as z from 'zod';
import { AwsError, unsupported } from '../../aws-error.ts';
import type { Engine } from './engine.ts';

export const consumedCapacity = z.enum(['NONE', 'TOTAL', 'INDEXES']);

/** DynamoDB's limits on a transaction: actions, and bytes of all items together. */
export const maxActions = 100;
export const maxTransactionBytes = 4 * 1024 * 1024;

/** Why one action of a transaction could not be done; `Code` is the string `None` where it could. */
export interface CancellationReason {
  readonly Code: 'None' | 'ConditionalCheckFailed' | 'ValidationError';
  readonly Message?: string;
  readonly Item?: unknown;
}

/** What an error thrown by one action means for its transaction; errors that are not about the action pass through. */
export function reasonOf(error: unknown): CancellationReason {
  if (!(error instanceof AwsError)) throw error;
  if (error.code === 'ConditionalCheckFailedException')
    return { Code: 'ConditionalCheckFailed', Message: error.message, ...error.members };
  if (error.code === 'ValidationException') return { Code: 'ValidationError', Message: error.message };
  throw error;
}

/** Throws `TransactionCanceledException` unless every reason is `None`. `reasons` are in request order. */
export function assertNotCancelled(reasons: readonly CancellationReason[]): void {
  const codes = reasons.map(({ Code }) => Code);
  if (codes.every((code) => code === 'None')) return;
  throw new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
    400,
    { CancellationReasons: reasons },
  );
}

/** Throws if two actions are on one item, or one on an empty key. Keys that do not fit their table are left to the actions themselves. */
export async function assertDistinctItems(
  engine: Engine,
  targets: readonly { readonly tableName: string; readonly keyOrItem: Item }[],
): Promise<void> {
  const seen = new Set<string>();
  for (const { tableName, keyOrItem } of targets) {
    const table = await engine.table(tableName);
    const names = table.KeySchema.map(({ AttributeName }) => AttributeName);
    const key = Object.fromEntries(Object.entries(keyOrItem).filter(([name]) => names.includes(name)));
    assertNoEmptyKey(key);
    if (db.validateKey(key, table)) continue;
    const identity = `${tableName}/${db.createKey(key, table)}`;
    if (seen.has(identity))
      throw new AwsError(
        'ValidationException',
        'Transaction request cannot include multiple operations on one item',
      );
    seen.add(identity);
  }
}

/** An empty key is refused as such, and not as a reason for cancelling (moto 0af643a, `test_transaction_with_empty_key`, verified on AWS). */
function assertNoEmptyKey(key: Item): void {
  const empty = Object.entries(key).find(([, { S, B }]) => S === '' || B === '');
  if (empty)
    throw new AwsError(
      'ValidationException',
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${empty[0]}`,
    );
}

/** @throws AwsError `NotImplemented` where consumed capacity is asked for, which transactions do not tell */
export function refuseCapacity(operation: string, wanted: string | undefined): void {
  if (wanted !== undefined && wanted !== 'NONE')
    throw unsupported(`dynamodb:${operation} with ReturnConsumedCapacity ${wanted}`);
}
