import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createRegistry, type DynamoDbRegion, startDynamoDb } from './dynamodb-region.ts';

const TableName = 'registry';
let region: DynamoDbRegion;
let pk: string;
let count = 0;

beforeAll(async () => {
  region = await startDynamoDb();
  await createRegistry(region);
});
afterAll(() => region.stop());
beforeEach(() => {
  count += 1;
  pk = `MODEL#${count}`;
});

const put = (sk: string, rest: object = {}) =>
  region.documents.send(new PutCommand({ TableName, Item: { pk, sk, ...rest } }));
const get = async (sk: string) =>
  (await region.documents.send(new GetCommand({ TableName, Key: { pk, sk } }))).Item;

test('items of every type come back as they were put', async () => {
  const item = {
    text: 'é',
    number: -1.5e-10,
    big: 12345678901234567890123456789012345678n,
    bytes: new Uint8Array([0, 255]),
    flag: true,
    nothing: null,
    list: [1, 'two', { three: [3] }],
    map: { nested: { deep: 'x' } },
    set: new Set(['a', 'b']),
  };

  await put('META', item);

  expect(await get('META')).toEqual({ pk, sk: 'META', ...item });
});

describe('a condition that does not hold', () => {
  const failing = { ConditionExpression: 'attribute_not_exists(pk)' };
  const existing = { sk: 'META', revision: 1 };
  const writes = {
    Put: () => new PutCommand({ TableName, Item: { pk, sk: 'META', revision: 2 }, ...failing, ...returning }),
    Update: () =>
      new UpdateCommand({
        TableName,
        Key: { pk, sk: 'META' },
        UpdateExpression: 'SET revision = :two',
        ExpressionAttributeValues: { ':two': 2 },
        ...failing,
        ...returning,
      }),
    Delete: () => new DeleteCommand({ TableName, Key: { pk, sk: 'META' }, ...failing, ...returning }),
  };
  let returning: { ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' } = {};
  const names = ['Put', 'Update', 'Delete'] as const;
  // The commands differ in their types, which `send` cannot take as a union.
  const send = (name: (typeof names)[number]) =>
    name === 'Put'
      ? region.documents.send(writes.Put())
      : name === 'Update'
        ? region.documents.send(writes.Update())
        : region.documents.send(writes.Delete());

  beforeEach(() => put('META', existing));

  test.each(names)('changes nothing: %s', async (name) => {
    returning = {};

    const error = await send(name).catch((caught: unknown) => caught);

    expect(error).toMatchObject({ name: 'ConditionalCheckFailedException', Item: undefined });
    expect(await get('META')).toEqual({ pk, ...existing });
  });

  test.each(names)('returns the item if asked to: %s', async (name) => {
    returning = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };

    await expect(send(name)).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      Item: { pk: { S: pk }, sk: { S: 'META' }, revision: { N: '1' } },
    });
  });
});

test('a condition on a missing item returns no item', async () => {
  const update = new UpdateCommand({
    TableName,
    Key: { pk, sk: 'NONE' },
    UpdateExpression: 'SET a = :a',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: { ':a': 1 },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });

  const error = await region.documents.send(update).catch((caught: unknown) => caught);

  expect(error).toMatchObject({ name: 'ConditionalCheckFailedException', Item: undefined });
});

test('a counter counts, from nothing on', async () => {
  const count = () =>
    region.documents.send(
      new UpdateCommand({
        TableName,
        Key: { pk, sk: 'META' },
        UpdateExpression: 'ADD nextVersion :one SET seen = if_not_exists(seen, :yes)',
        ExpressionAttributeValues: { ':one': 1, ':yes': true },
        ReturnValues: 'ALL_NEW',
      }),
    );

  await count();

  expect((await count()).Attributes).toEqual({ pk, sk: 'META', nextVersion: 2, seen: true });
});

test('a query reads pages in the order of the sort key, either way', async () => {
  for (const version of [3, 1, 2]) await put(`VERSION#0000000${version}`);
  const query = async (ScanIndexForward: boolean, ExclusiveStartKey?: Record<string, unknown>) =>
    region.documents.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': pk, ':prefix': 'VERSION#' },
        ScanIndexForward,
        Limit: 2,
        ...(ExclusiveStartKey && { ExclusiveStartKey }),
      }),
    );

  const first = await query(true);
  const second = await query(true, first.LastEvaluatedKey);
  const backwards = await query(false);

  const keys = ({ Items }: typeof first) => Items?.map(({ sk }) => sk);
  expect(keys(first)).toEqual(['VERSION#00000001', 'VERSION#00000002']);
  expect(keys(second)).toEqual(['VERSION#00000003']);
  expect(keys(backwards)).toEqual(['VERSION#00000003', 'VERSION#00000002']);
});

test('an index follows its items', async () => {
  const status = `pending-${count}`;
  const found = async () =>
    (
      await region.documents.send(
        new QueryCommand({
          TableName,
          IndexName: 'by-status',
          KeyConditionExpression: '#status = :status',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: { ':status': status },
        }),
      )
    ).Items?.map(({ sk }) => sk);
  await put('A', { status });
  await put('B', { status });
  await put('B', { status: 'other' });
  expect(await found()).toEqual(['A']);

  await region.documents.send(new DeleteCommand({ TableName, Key: { pk, sk: 'A' } }));

  expect(await found()).toEqual([]);
});

test('batches write and read several items', async () => {
  await put('OLD');

  await region.documents.send(
    new BatchWriteCommand({
      RequestItems: {
        [TableName]: [
          { PutRequest: { Item: { pk, sk: 'A' } } },
          { PutRequest: { Item: { pk, sk: 'B' } } },
          { DeleteRequest: { Key: { pk, sk: 'OLD' } } },
        ],
      },
    }),
  );
  const Keys = ['A', 'B', 'OLD'].map((sk) => ({ pk, sk }));
  const { Responses } = await region.documents.send(
    new BatchGetCommand({ RequestItems: { [TableName]: { Keys } } }),
  );

  expect(Responses?.[TableName]?.map(({ sk }) => sk).sort()).toEqual(['A', 'B']);
});

test('a scan filters and projects', async () => {
  await put('A', { size: 5, kept: 'yes' });
  await put('B', { size: 50, kept: 'no' });

  const { Items, ScannedCount } = await region.documents.send(
    new ScanCommand({
      TableName,
      FilterExpression: 'pk = :pk AND #size < :limit',
      ProjectionExpression: 'kept',
      ExpressionAttributeNames: { '#size': 'size' },
      ExpressionAttributeValues: { ':pk': pk, ':limit': 10 },
    }),
  );

  expect(Items).toEqual([{ kept: 'yes' }]);
  expect(ScannedCount).toBeGreaterThanOrEqual(2);
});

describe('what would be ignored or answered wrongly is refused', () => {
  test.each([
    ['a parameter from before expressions', { Expected: { pk: { Exists: false } } }, 'Expected'],
    [
      'comparing a map',
      { ConditionExpression: 'a = :m', ExpressionAttributeValues: { ':m': { M: {} } } },
      "comparing a map or a list with '='",
    ],
    [
      'looking for a list, inside another condition',
      {
        ConditionExpression: 'a > :n AND NOT b IN (:l)',
        ExpressionAttributeValues: { ':n': { N: '1' }, ':l': { L: [] } },
      },
      "comparing a map or a list with 'in'",
    ],
  ])('%s', async (_title, input, message) => {
    const command = new PutItemCommand({ TableName, Item: { pk: { S: pk }, sk: { S: 'X' } }, ...input });

    await expect(region.client.send(command)).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining(message),
    });
  });
});

describe('errors are DynamoDB’s', () => {
  test.each([
    ['an unknown table', { TableName: 'missing', Item: { pk: 'p', sk: 's' } }, 'ResourceNotFoundException'],
    ['a missing key', { TableName, Item: { pk: 'p' } }, 'ValidationException'],
    ['an empty key', { TableName, Item: { pk: '', sk: 's' } }, 'ValidationException'],
    [
      'a broken expression',
      { TableName, Item: { pk: 'p', sk: 's' }, ConditionExpression: 'pk =' },
      'ValidationException',
    ],
    [
      'a reserved word',
      { TableName, Item: { pk: 'p', sk: 's' }, ConditionExpression: 'attribute_exists(status)' },
      'ValidationException',
    ],
    [
      'an item above 400 KB',
      { TableName, Item: { pk: 'p', sk: 's', text: 'x'.repeat(410_000) } },
      'ValidationException',
    ],
  ])('%s', async (_title, input, name) => {
    await expect(region.documents.send(new PutCommand(input))).rejects.toMatchObject({ name });
  });
});
