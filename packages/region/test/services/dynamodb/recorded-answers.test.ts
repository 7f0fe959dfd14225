import {
  CreateTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTagsOfResourceCommand,
  ScanCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRegistry, type DynamoDbRegion, registry, startDynamoDb } from './dynamodb-region.ts';

/** Errors as DynamoDB's API reference gives them, or as others have verified them on AWS; each title names the source. */
let region: DynamoDbRegion;
const { TableName } = registry;

beforeAll(async () => {
  region = await startDynamoDb();
  await createRegistry(region);
});
afterAll(() => region.stop());

it('CreateTable says which table exists already (moto 0af643a, test_create_table_already_exists)', async () => {
  await expect(region.client.send(new CreateTableCommand(structuredClone(registry)))).rejects.toMatchObject({
    name: 'ResourceInUseException',
    message: 'Table already exists: registry',
  });
});

it.each([
  new DescribeTableCommand({ TableName: 'none' }),
  new DescribeTimeToLiveCommand({ TableName: 'none' }),
])(
  'an operation on a table says which is not there (LocalStack 8b9a79f, test_dynamodb.snapshot.json): %#',
  async (command) => {
    await expect(
      command instanceof DescribeTableCommand ? region.client.send(command) : region.client.send(command),
    ).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Requested resource not found: Table: none not found',
    });
  },
);

it('DescribeTimeToLive refuses a name that no table can have (dynalite 3.2.1, test/describeTimeToLive.js)', async () => {
  await expect(region.client.send(new DescribeTimeToLiveCommand({ TableName: 'ab' }))).rejects.toMatchObject({
    name: 'ValidationException',
    message:
      "1 validation error detected: Value at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3",
  });
});

it('ListTagsOfResource refuses what is not an ARN of a table (dynalite 3.2.1, test/listTagsOfResource.js)', async () => {
  await expect(
    region.client.send(new ListTagsOfResourceCommand({ ResourceArn: 'registry' })),
  ).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'Invalid TableArn: Invalid ResourceArn provided as input registry',
  });
});

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html, Errors
it('operations on backups have an error of their own for a table that is not there', async () => {
  const missing = { name: 'TableNotFoundException', message: 'Table not found: none' };
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };

  await expect(
    region.client.send(new DescribeContinuousBackupsCommand({ TableName: 'none' })),
  ).rejects.toMatchObject(missing);
  await expect(
    region.client.send(
      new UpdateContinuousBackupsCommand({ TableName: 'none', PointInTimeRecoverySpecification }),
    ),
  ).rejects.toMatchObject(missing);
});

it.each<TransactWriteItem>([
  { Put: { TableName, Item: { pk: { S: '' }, sk: { S: 'a' } } } },
  { Delete: { TableName, Key: { pk: { S: 'a' }, sk: { S: '' } } } },
])(
  'a transaction refuses an empty key as such (moto 0af643a, test_transaction_with_empty_key): %j',
  async (action) => {
    await expect(
      region.client.send(new TransactWriteItemsCommand({ TransactItems: [action] })),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(
        'The AttributeValue for a key attribute cannot contain an empty string value',
      ),
    });
  },
);

it('a transaction of 101 actions is refused by its length', async () => {
  const Get = { TableName, Key: { pk: { S: 'a' }, sk: { S: 'a' } } };

  await expect(
    region.client.send(
      new TransactGetItemsCommand({ TransactItems: Array.from({ length: 101 }, () => ({ Get })) }),
    ),
  ).rejects.toMatchObject({
    name: 'ValidationException',
    message:
      "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to 100",
  });
});

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html, Segment
it('Scan refuses its first segment without their number', async () => {
  await expect(region.client.send(new ScanCommand({ TableName, Segment: 0 }))).rejects.toMatchObject({
    name: 'ValidationException',
    message:
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
  });
});
