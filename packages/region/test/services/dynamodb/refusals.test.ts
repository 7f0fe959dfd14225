import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createRegistry, type DynamoDbRegion, startDynamoDb } from './dynamodb-region.ts';

/** What DynamoDB refuses, by its quotas page, by DynamoDB Local 2.6.0, and by moto's tests that were verified on AWS (0af643a). */
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
  pk = `REFUSED#${count}`;
});

const sk = 'META';
const put = (item: object) => region.documents.send(new PutCommand({ TableName, Item: { pk, sk, ...item } }));
const get = async () => (await region.documents.send(new GetCommand({ TableName, Key: { pk, sk } }))).Item;
const update = (UpdateExpression: string, values?: object) =>
  region.documents.send(
    new UpdateCommand({
      TableName,
      Key: { pk, sk },
      UpdateExpression,
      ...(values && { ExpressionAttributeValues: values }),
    }),
  );
const invalid = (message: string) => ({
  name: 'ValidationException',
  message: expect.stringContaining(message),
});

const emptyKeyOfIndex =
  'A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: by-status, IndexKey: status';

it.each([
  { what: 'PutItem', write: () => put({ status: '' }) },
  {
    what: 'BatchWriteItem',
    write: () =>
      region.documents.send(
        new BatchWriteCommand({
          RequestItems: { [TableName]: [{ PutRequest: { Item: { pk, sk, status: '' } } }] },
        }),
      ),
  },
  {
    what: 'TransactWriteItems',
    write: () =>
      region.documents.send(
        new TransactWriteCommand({ TransactItems: [{ Put: { TableName, Item: { pk, sk, status: '' } } }] }),
      ),
  },
])('$what refuses an empty text for the key of an index, and writes nothing', async ({ write }) => {
  await expect(write()).rejects.toMatchObject(invalid(emptyKeyOfIndex));

  expect(await get()).toBeUndefined();
});

it('UpdateItem refuses an empty text for the key of an index, and changes nothing', async () => {
  await put({ status: 'live' });

  await expect(
    region.documents.send(
      new UpdateCommand({
        TableName,
        Key: { pk, sk },
        UpdateExpression: 'SET #status = :empty',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':empty': '' },
      }),
    ),
  ).rejects.toMatchObject(
    invalid('attempted to update a secondary index key to a value that is not supported'),
  );
  expect(await get()).toMatchObject({ status: 'live' });
});

it.each([
  {
    ask: { Select: 'ALL_PROJECTED_ATTRIBUTES' as const },
    message: 'can be used only when Querying using an IndexName',
  },
  { ask: { Select: 'SPECIFIC_ATTRIBUTES' as const }, message: 'Must specify the AttributesToGet' },
  {
    ask: { Select: 'COUNT' as const, ProjectionExpression: 'pk' },
    message: 'when choosing to get only the Count',
  },
  {
    ask: { Select: 'ALL_ATTRIBUTES' as const, ProjectionExpression: 'pk' },
    message: 'when choosing to get ALL_ATTRIBUTES',
  },
])('Query and Scan refuse $ask, which contradicts itself', async ({ ask, message }) => {
  const query = new QueryCommand({
    TableName,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': pk },
    ...ask,
  });

  await expect(region.documents.send(query)).rejects.toMatchObject(invalid(message));
  await expect(region.documents.send(new ScanCommand({ TableName, ...ask }))).rejects.toMatchObject(
    invalid(message.replace('Querying', 'Scanning')),
  );
});

it('an expression has at most 4 KB', async () => {
  const of = (bytes: number) => {
    const rest = ' OR attribute_exists(a)';
    const many = `attribute_not_exists(pk)${rest.repeat(Math.floor((bytes - 24) / rest.length))}`;
    return many.padEnd(bytes, ' ');
  };
  const write = (ConditionExpression: string) =>
    region.documents.send(new PutCommand({ TableName, Item: { pk, sk }, ConditionExpression }));

  await expect(write(of(4097))).rejects.toMatchObject(
    invalid('Expression size has exceeded the maximum allowed size'),
  );
  await expect(write(of(4096))).resolves.toBeDefined();
});

it.each([
  { operands: 100, refused: false },
  { operands: 101, refused: true },
])('IN with $operands operands is refused: $refused', async ({ operands, refused }) => {
  const names = Array.from({ length: operands }, (_, index) => `:v${index}`);
  const scan = region.documents.send(
    new ScanCommand({
      TableName,
      FilterExpression: `a IN (${names.join(',')})`,
      ExpressionAttributeValues: Object.fromEntries(names.map((name, index) => [name, index])),
    }),
  );

  if (refused)
    await expect(scan).rejects.toMatchObject(invalid('IN operator is provided with too many operands'));
  else await expect(scan).resolves.toMatchObject({ Items: [] });
});

it.each([
  { levels: 32, refused: false },
  { levels: 33, refused: true },
  { levels: 100, refused: true },
])('an attribute of $levels levels is refused: $refused', async ({ levels, refused }) => {
  let value: unknown = 'deep';
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { inner: value };

  const writing = put({ value });

  if (refused) await expect(writing).rejects.toMatchObject(invalid('Nesting Levels have exceeded'));
  else await expect(writing).resolves.toBeDefined();
});

it('a sum of more than 38 digits is refused', async () => {
  await put({ n: 10n ** 37n });

  await expect(update('ADD n :x', { ':x': 0.1 })).rejects.toMatchObject(invalid('38 significant digits'));
  expect(await get()).toMatchObject({ n: 10n ** 37n });
});

it.each(['ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW'] as const)(
  'DeleteItem does not return %s, and deletes nothing',
  async (ReturnValues) => {
    await put({});

    await expect(
      region.documents.send(new DeleteCommand({ TableName, Key: { pk, sk }, ReturnValues })),
    ).rejects.toMatchObject(invalid('Return values set to invalid value'));
    expect(await get()).toBeDefined();
  },
);

it('the name of an attribute has less than 64 KB', async () => {
  const named = (bytes: number) =>
    region.client.send(
      new PutItemCommand({
        TableName,
        Item: { pk: { S: pk }, sk: { S: sk }, ['n'.repeat(bytes)]: { S: 'x' } },
      }),
    );

  await expect(named(65_536)).rejects.toMatchObject(invalid('Attribute name is too large'));
  await expect(named(65_535)).resolves.toBeDefined();
});

// moto's issue 5748, verified on AWS, and DynamoDB Local: every path is of the item as it was.
it('REMOVE takes the elements that the item had, in whatever order they are named', async () => {
  const all = [0, 1, 2, 3, 4, 5, 6, 7];
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.constantFrom(...all), { minLength: 1 }), async (indexes) => {
      await put({ els: all, doc: { els: all } });

      await update(`REMOVE ${indexes.flatMap((index) => [`els[${index}]`, `doc.els[${index}]`]).join(', ')}`);

      const left = all.filter((element) => !indexes.includes(element));
      expect(await get()).toMatchObject({ els: left, doc: { els: left } });
    }),
    { numRuns: 30 },
  );
});

it('SET beside REMOVE means the elements that the item had', async () => {
  await put({ els: ['a', 'b', 'c', 'd'] });

  await update('REMOVE els[0], els[2] SET els[3] = :x', { ':x': 'new' });

  expect(await get()).toMatchObject({ els: ['b', 'new'] });
});
