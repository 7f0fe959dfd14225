import { jsonService } from '../../gateway/json-service.ts';
import type { Service } from '../../gateway/service.ts';
import { batchGetItem } from './batch-get-item.ts';
import { batchWriteItem } from './batch-write-item.ts';
import { createTable } from './create-table.ts';
import { deleteItem } from './delete-item.ts';
import { deleteTable } from './delete-table.ts';
import { describeContinuousBackups } from './describe-continuous-backups.ts';
import { describeTable } from './describe-table.ts';
import { describeTimeToLive } from './describe-time-to-live.ts';
import { Engine, type EngineOptions } from './engine.ts';
import { deleteExpired } from './expiry.ts';
import { getItem } from './get-item.ts';
import { forgetLapsedTokens } from './idempotency.ts';
import { listTables } from './list-tables.ts';
import { listTagsOfResource } from './list-tags-of-resource.ts';
import { dynamoDbPermissions } from './permissions.ts';
import { putItem } from './put-item.ts';
import { query } from './query.ts';
import { repairTables } from './repair-tables.ts';
import { scan } from './scan.ts';
import { transactGetItems } from './transact-get-items.ts';
import { transactWriteItems } from './transact-write-items.ts';
import { updateContinuousBackups } from './update-continuous-backups.ts';
import { updateItem } from './update-item.ts';
import { updateTable } from './update-table.ts';
import { updateTimeToLive } from './update-time-to-live.ts';

export interface DynamoDbOptions extends EngineOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** How often expired items are looked for; DynamoDB promises some days, a laptop can do better. */
  readonly sweepMilliseconds?: number;
  /** Told when a sweep fails. */
  readonly onFault?: (fault: unknown, what: string) => void;
}

export interface DynamoDbService extends Service {
  /** Deletes expired items now. Returns how many. */
  deleteExpired(): Promise<number>;
}

/** Opens the local DynamoDB: dynalite's tables, with transactions, TTL and condition-failure items added. */
export async function dynamoDbService({
  now = Date.now,
  sweepMilliseconds = 60_000,
  onFault = () => undefined,
  ...engineOptions
}: DynamoDbOptions): Promise<DynamoDbService> {
  const engine = await Engine.open(engineOptions);
  await repairTables(engine);

  async function sweep(): Promise<number> {
    await forgetLapsedTokens(engine, now());
    return await deleteExpired(engine, now() / 1000);
  }
  let sweeping: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    sweeping = sweep().catch((fault) => onFault(fault, 'dynamodb: deleting expired items'));
  }, sweepMilliseconds);
  timer.unref();

  const service = jsonService({
    signingName: 'dynamodb',
    version: '1.0',
    permissions: dynamoDbPermissions,
    operations: {
      BatchGetItem: batchGetItem(engine),
      BatchWriteItem: batchWriteItem(engine),
      CreateTable: createTable(engine),
      DeleteItem: deleteItem(engine),
      DeleteTable: deleteTable(engine),
      DescribeContinuousBackups: describeContinuousBackups(engine),
      DescribeTable: describeTable(engine),
      DescribeTimeToLive: describeTimeToLive(engine),
      GetItem: getItem(engine),
      ListTables: listTables(engine),
      ListTagsOfResource: listTagsOfResource(engine),
      PutItem: putItem(engine),
      Query: query(engine),
      Scan: scan(engine),
      TransactGetItems: transactGetItems(engine),
      TransactWriteItems: transactWriteItems(engine, now),
      UpdateContinuousBackups: updateContinuousBackups(engine),
      UpdateItem: updateItem(engine),
      UpdateTable: updateTable(engine),
      UpdateTimeToLive: updateTimeToLive(engine),
    },
    async close() {
      clearInterval(timer);
      await sweeping;
      await engine.close();
    },
  });
  return { ...service, deleteExpired: sweep };
}
