import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRegistry, type DynamoDbRegion, registry, startDynamoDb } from './dynamodb-region.ts';

const TableName = 'registry';
const definition = () => structuredClone(registry);
let region: DynamoDbRegion;
let now = Date.parse('2026-01-01T00:00:00Z');

beforeEach(async () => {
  region = await startDynamoDb({ now: () => now });
});
afterEach(() => region.stop());

test('a table is there as soon as it is created', async () => {
  await region.client.send(new CreateTableCommand(definition()));
  await waitUntilTableExists({ client: region.client, maxWaitTime: 30 }, { TableName });

  const { Table } = await region.client.send(new DescribeTableCommand({ TableName }));
  const { TableNames } = await region.client.send(new ListTablesCommand({}));

  expect(Table).toMatchObject({
    TableStatus: 'ACTIVE',
    TableArn: 'arn:aws:dynamodb:eu-west-1:000000000000:table/registry',
    KeySchema: registry.KeySchema,
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    DeletionProtectionEnabled: false,
    GlobalSecondaryIndexes: [{ IndexName: 'by-status', IndexStatus: 'ACTIVE' }],
  });
  expect(TableNames).toEqual([TableName]);
});

test('settings that dynalite does not know are kept and described', async () => {
  await region.client.send(
    new CreateTableCommand({
      ...definition(),
      DeletionProtectionEnabled: true,
      SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: 'arn:key' },
      Tags: [{ Key: 'stage', Value: 'dev' }],
    }),
  );

  const { Table } = await region.client.send(new DescribeTableCommand({ TableName }));
  const { Tags } = await region.client.send(
    new ListTagsOfResourceCommand({ ResourceArn: Table?.TableArn ?? '' }),
  );

  expect(Table).toMatchObject({
    DeletionProtectionEnabled: true,
    SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: 'arn:key' },
  });
  expect(Tags).toEqual([{ Key: 'stage', Value: 'dev' }]);
});

test('a table is created once', async () => {
  await createRegistry(region);

  await expect(createRegistry(region)).rejects.toMatchObject({ name: 'ResourceInUseException' });
});

test('a table with a stream is refused', async () => {
  const StreamSpecification = { StreamEnabled: true };

  await expect(
    region.client.send(new CreateTableCommand({ ...definition(), StreamSpecification })),
  ).rejects.toMatchObject({ name: 'NotImplemented' });
});

test('deletion protection protects until it is taken away', async () => {
  await region.client.send(new CreateTableCommand({ ...definition(), DeletionProtectionEnabled: true }));
  await expect(region.client.send(new DeleteTableCommand({ TableName }))).rejects.toMatchObject({
    name: 'ValidationException',
  });

  await region.client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
  await region.client.send(new DeleteTableCommand({ TableName }));

  await expect(region.client.send(new DescribeTableCommand({ TableName }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('a deleted table takes its items with it', async () => {
  await createRegistry(region);
  await region.documents.send(new PutCommand({ TableName, Item: { pk: 'p', sk: 's' } }));
  await region.client.send(new DeleteTableCommand({ TableName }));
  await createRegistry(region);

  const { Item } = await region.documents.send(new GetCommand({ TableName, Key: { pk: 'p', sk: 's' } }));

  expect(Item).toBeUndefined();
});

describe('time to live', () => {
  const enable = (Enabled: boolean) =>
    region.client.send(
      new UpdateTimeToLiveCommand({
        TableName,
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled },
      }),
    );
  const put = (sk: string, expiresAt?: unknown) =>
    region.documents.send(
      new PutCommand({ TableName, Item: { pk: 'p', sk, ...(expiresAt !== undefined && { expiresAt }) } }),
    );
  const isThere = async (sk: string) =>
    (await region.documents.send(new GetCommand({ TableName, Key: { pk: 'p', sk } }))).Item !== undefined;

  beforeEach(() => createRegistry(region));

  test('is described, and changed once', async () => {
    const described = () => region.client.send(new DescribeTimeToLiveCommand({ TableName }));
    const before = await described();
    await enable(true);

    expect(before.TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'DISABLED' });
    expect((await described()).TimeToLiveDescription).toEqual({
      TimeToLiveStatus: 'ENABLED',
      AttributeName: 'expiresAt',
    });
    await expect(enable(true)).rejects.toMatchObject({ message: 'TimeToLive is already enabled' });
  });

  test('deletes what has expired, and only that', async () => {
    await enable(true);
    const seconds = now / 1000;
    await put('past', seconds - 1);
    await put('now', seconds);
    await put('future', seconds + 60);
    await put('never');
    await put('text', String(seconds - 1));
    await put('mistaken', (seconds - 6 * 365 * 86_400) as number);

    const deleted = await region.service.deleteExpired();

    expect(deleted).toBe(2);
    for (const sk of ['past', 'now']) expect(await isThere(sk)).toBe(false);
    for (const sk of ['future', 'never', 'text', 'mistaken']) expect(await isThere(sk)).toBe(true);
  });

  test('deletes more items than fit in one turn', async () => {
    await enable(true);
    for (let index = 0; index < 130; index += 1) await put(`${index}`, 1 + now / 1000);
    now += 2000;

    expect(await region.service.deleteExpired()).toBe(130);
  });

  test('deletes nothing when it is off', async () => {
    await put('past', now / 1000 - 1);

    expect(await region.service.deleteExpired()).toBe(0);
  });
});

test('point-in-time recovery is recorded', async () => {
  await createRegistry(region);
  const described = async () =>
    (await region.client.send(new DescribeContinuousBackupsCommand({ TableName })))
      .ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  expect(await described()).toEqual({ PointInTimeRecoveryStatus: 'DISABLED' });

  await region.client.send(
    new UpdateContinuousBackupsCommand({
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 },
    }),
  );

  expect(await described()).toEqual({ PointInTimeRecoveryStatus: 'ENABLED', RecoveryPeriodInDays: 7 });
});

test('tables, items, settings and tokens outlive a restart', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'dynamodb-'));
  let onDisk = await startDynamoDb({ directory });
  await createRegistry(onDisk);
  await onDisk.client.send(
    new UpdateTimeToLiveCommand({
      TableName,
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    }),
  );
  const transaction = new TransactWriteCommand({
    TransactItems: [
      {
        Update: {
          TableName,
          Key: { pk: 'p', sk: 's' },
          UpdateExpression: 'ADD n :one',
          ExpressionAttributeValues: { ':one': 1 },
        },
      },
    ],
    ClientRequestToken: 'one-and-the-same',
  });
  await onDisk.documents.send(transaction);
  await onDisk.stop();

  onDisk = await startDynamoDb({ directory });
  await onDisk.documents.send(transaction);
  const { Item } = await onDisk.documents.send(new GetCommand({ TableName, Key: { pk: 'p', sk: 's' } }));
  const { TimeToLiveDescription } = await onDisk.client.send(new DescribeTimeToLiveCommand({ TableName }));

  expect(Item).toEqual({ pk: 'p', sk: 's', n: 1 });
  expect(TimeToLiveDescription?.TimeToLiveStatus).toBe('ENABLED');
  await onDisk.stop();
  await rm(directory, { recursive: true });
});

test('a call in another protocol or for another operation is refused', async () => {
  const { ExportTableToPointInTimeCommand } = await import('@aws-sdk/client-dynamodb');

  await expect(
    region.client.send(new ExportTableToPointInTimeCommand({ TableArn: 'arn:x', S3Bucket: 'b' })),
  ).rejects.toMatchObject({ name: 'NotImplemented', $metadata: { httpStatusCode: 501 } });
});
