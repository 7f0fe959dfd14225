import { randomUUID } from 'node:crypto';
import {
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactGetCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createRegistry, type DynamoDbRegion, startDynamoDb } from './dynamodb-region.ts';

const TableName = 'registry';
let region: DynamoDbRegion;
let now = Date.parse('2026-01-01T00:00:00Z');
let pk: string;
let count = 0;

beforeAll(async () => {
  region = await startDynamoDb({ now: () => now });
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
const transact = (TransactItems: TransactWriteCommandInput['TransactItems'], ClientRequestToken?: string) =>
  region.documents.send(
    new TransactWriteCommand({ TransactItems, ...(ClientRequestToken && { ClientRequestToken }) }),
  );
const increment = { UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': 1 } };

test('a promotion happens as a whole', async () => {
  await put('VERSION#2', { status: 'deploying' });
  await put('META', { liveVersion: 1 });

  await transact([
    {
      ConditionCheck: {
        TableName,
        Key: { pk, sk: 'VERSION#1' },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
    {
      Update: {
        TableName,
        Key: { pk, sk: 'VERSION#2' },
        UpdateExpression: 'SET #status = :live',
        ConditionExpression: '#status = :deploying',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':live': 'live', ':deploying': 'deploying' },
      },
    },
    { Delete: { TableName, Key: { pk, sk: 'META' } } },
    { Put: { TableName, Item: { pk, sk: 'EVENT#1', type: 'promoted' } } },
  ]);

  expect(await get('VERSION#2')).toMatchObject({ status: 'live' });
  expect(await get('META')).toBeUndefined();
  expect(await get('EVENT#1')).toMatchObject({ type: 'promoted' });
});

describe('a transaction with a condition that does not hold', () => {
  const attempt = () =>
    transact([
      { Put: { TableName, Item: { pk, sk: 'NEW' } } },
      {
        Update: {
          TableName,
          Key: { pk, sk: 'META' },
          UpdateExpression: 'SET n = :two',
          ConditionExpression: 'n = :zero',
          ExpressionAttributeValues: { ':zero': 0, ':two': 2 },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      { Delete: { TableName, Key: { pk, sk: 'OTHER' } } },
      {
        ConditionCheck: {
          TableName,
          Key: { pk, sk: 'NONE' },
          ConditionExpression: 'attribute_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
    ]);

  beforeEach(async () => {
    await put('META', { n: 1 });
    await put('OTHER', { status: `s-${count}` });
  });

  test('changes nothing', async () => {
    await expect(attempt()).rejects.toMatchObject({ name: 'TransactionCanceledException' });

    expect(await get('NEW')).toBeUndefined();
    expect(await get('META')).toMatchObject({ n: 1 });
    expect(await get('OTHER')).toBeDefined();
  });

  test('says why for each action, in the order of the request', async () => {
    await expect(attempt()).rejects.toMatchObject({
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, None, ConditionalCheckFailed]',
      CancellationReasons: [
        { Code: 'None' },
        {
          Code: 'ConditionalCheckFailed',
          Message: 'The conditional request failed',
          Item: { pk: { S: pk }, sk: { S: 'META' }, n: { N: '1' } },
        },
        { Code: 'None' },
        { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
      ],
    });
  });
});

test('an update that does not fit its item cancels the transaction', async () => {
  await put('TEXT', { n: 'text' });

  await expect(
    transact([
      { Put: { TableName, Item: { pk, sk: 'NEW' } } },
      { Update: { TableName, Key: { pk, sk: 'TEXT' }, ...increment } },
    ]),
  ).rejects.toMatchObject({
    CancellationReasons: [
      { Code: 'None' },
      { Code: 'ValidationError', Message: 'An operand in the update expression has an incorrect data type' },
    ],
  });
  expect(await get('NEW')).toBeUndefined();
});

test('indexes change with the transaction', async () => {
  const status = `indexed-${count}`;
  await transact([
    { Put: { TableName, Item: { pk, sk: 'A', status } } },
    { Put: { TableName, Item: { pk, sk: 'B', status } } },
  ]);

  const { Items } = await region.documents.send(
    new QueryCommand({
      TableName,
      IndexName: 'by-status',
      KeyConditionExpression: '#status = :status',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':status': status },
    }),
  );

  expect(Items?.map(({ sk }) => sk)).toEqual(['A', 'B']);
});

describe('a client request token', () => {
  test('makes a repeated transaction happen once', async () => {
    const token = randomUUID();
    const actions = [{ Update: { TableName, Key: { pk, sk: 'META' }, ...increment } }];

    await transact(actions, token);
    await transact(actions, token);

    expect(await get('META')).toMatchObject({ n: 1 });
  });

  test('cannot come back with other actions', async () => {
    const token = randomUUID();
    await transact([{ Update: { TableName, Key: { pk, sk: 'META' }, ...increment } }], token);

    await expect(
      transact([{ Update: { TableName, Key: { pk, sk: 'OTHER' }, ...increment } }], token),
    ).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
  });

  test('lapses after ten minutes', async () => {
    const token = randomUUID();
    const actions = [{ Update: { TableName, Key: { pk, sk: 'META' }, ...increment } }];
    await transact(actions, token);

    now += 10 * 60 * 1000;
    await region.service.deleteExpired();
    await transact(actions, token);

    expect(await get('META')).toMatchObject({ n: 2 });
  });

  test('of a cancelled transaction can be used again', async () => {
    const token = randomUUID();
    const actions = [
      {
        Update: {
          TableName,
          Key: { pk, sk: 'META' },
          ...increment,
          ConditionExpression: 'attribute_exists(pk)',
        },
      },
    ];
    await expect(transact(actions, token)).rejects.toMatchObject({ name: 'TransactionCanceledException' });
    await put('META');

    await transact(actions, token);

    expect(await get('META')).toMatchObject({ n: 1 });
  });
});

describe('a transaction is refused', () => {
  const check = (sk: string) => ({
    ConditionCheck: { TableName, Key: { pk, sk }, ConditionExpression: 'attribute_exists(pk)' },
  });

  test('with two actions on one item', async () => {
    const attempt = transact([{ Put: { TableName, Item: { pk, sk: 'A' } } }, check('A')]);

    await expect(attempt).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Transaction request cannot include multiple operations on one item',
    });
  });

  test('with more than a hundred actions', async () => {
    const actions = Array.from({ length: 101 }, (_, index) => ({
      Put: { TableName, Item: { pk, sk: `${index}` } },
    }));

    await expect(transact(actions)).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(transact(actions.slice(0, 100))).resolves.toBeDefined();
  });

  test('with items of more than four megabytes together', async () => {
    const actions = Array.from({ length: 12 }, (_, index) => ({
      Put: { TableName, Item: { pk, sk: `${index}`, text: 'x'.repeat(390_000) } },
    }));

    await expect(transact(actions)).rejects.toMatchObject({ name: 'ValidationException' });
    expect(await get('0')).toBeUndefined();
  });

  test('with two kinds of action in one entry', async () => {
    const entry = { Put: { TableName, Item: { pk, sk: 'A' } }, Delete: { TableName, Key: { pk, sk: 'A' } } };

    await expect(transact([entry])).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('on an unknown table', async () => {
    await expect(transact([{ Put: { TableName: 'missing', Item: { pk } } }])).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('with a parameter that would be ignored', async () => {
    const command = new TransactWriteCommand({
      TransactItems: [check('A')],
      ReturnConsumedCapacity: 'TOTAL',
    });

    await expect(region.documents.send(command)).rejects.toThrow(/ReturnConsumedCapacity|expected "NONE"/);
  });
});

describe('TransactGetItems', () => {
  const read = (...sks: string[]) =>
    region.documents.send(
      new TransactGetCommand({ TransactItems: sks.map((sk) => ({ Get: { TableName, Key: { pk, sk } } })) }),
    );

  test('reads items in the order of the request, with a gap for one that is missing', async () => {
    await put('A', { n: 1 });
    await put('B', { n: 2 });

    const { Responses } = await read('B', 'NONE', 'A');

    expect(Responses).toEqual([{ Item: { pk, sk: 'B', n: 2 } }, {}, { Item: { pk, sk: 'A', n: 1 } }]);
  });

  test('projects', async () => {
    await put('A', { n: 1, other: 2 });

    const { Responses } = await region.documents.send(
      new TransactGetCommand({
        TransactItems: [{ Get: { TableName, Key: { pk, sk: 'A' }, ProjectionExpression: 'n' } }],
      }),
    );

    expect(Responses).toEqual([{ Item: { n: 1 } }]);
  });

  test('refuses the same item twice', async () => {
    await expect(read('A', 'A')).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

// Recorded on AWS by LocalStack (8b9a79f): test_dynamodb.py::test_dynamodb_idempotent_writing, 8 October 2025.
test('a token recognises the same transaction with the attributes of its item in another order', async () => {
  const token = randomUUID();
  const item = (rest: object) => [{ Put: { TableName, Item: rest } }];
  await transact(item({ pk, sk: 'META', name: 'n', map: { a: 1, b: 2 } }), token);

  await expect(
    transact(item({ map: { b: 2, a: 1 }, name: 'n', sk: 'META', pk }), token),
  ).resolves.toBeDefined();
  await expect(transact(item({ pk, sk: 'META', name: 'other' }), token)).rejects.toMatchObject({
    name: 'IdempotentParameterMismatchException',
  });
});

test.each(['TOTAL', 'INDEXES'] as const)(
  'a transaction refuses by name to tell the %s capacity',
  async (capacity) => {
    await expect(
      region.documents.send(
        new TransactGetCommand({
          TransactItems: [{ Get: { TableName, Key: { pk, sk: 'META' } } }],
          ReturnConsumedCapacity: capacity,
        }),
      ),
    ).rejects.toMatchObject({ name: 'NotImplemented' });
    await expect(
      region.documents.send(
        new TransactWriteCommand({
          TransactItems: [{ Put: { TableName, Item: { pk, sk: 'META' } } }],
          ReturnConsumedCapacity: capacity,
        }),
      ),
    ).rejects.toMatchObject({ name: 'NotImplemented' });
  },
);

test('the ARN of a table in place of its name is refused by name', async () => {
  await expect(
    region.documents.send(
      new GetCommand({
        TableName: `arn:aws:dynamodb:eu-west-1:111122223333:table/${TableName}`,
        Key: { pk, sk: 'META' },
      }),
    ),
  ).rejects.toMatchObject({ name: 'NotImplemented', message: expect.stringContaining('ARN') });
});
