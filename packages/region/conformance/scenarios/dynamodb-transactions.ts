import {
  type AttributeValue,
  GetItemCommand,
  PutItemCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { Scenario } from '../scenario.ts';
import { TableName, withTable } from './dynamodb-tables.ts';

type Item = Record<string, AttributeValue>;
const thing = (sk: string, more: Item = {}): Item => ({ pk: { S: 'x' }, sk: { S: sk }, ...more });
const put = (sk: string, more: object = {}): TransactWriteItem => ({
  Put: { TableName, Item: thing(sk), ...more },
});
const isNew = { ConditionExpression: 'attribute_not_exists(pk)' };
const withOld = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };

export const dynamoDbTransactions: readonly Scenario[] = [
  {
    service: 'dynamodb',
    name: 'transactions',
    async run(world, steps) {
      await withTable(world);
      const { dynamodb } = world;
      const write = (what: string, TransactItems: TransactWriteItem[], ClientRequestToken?: string) =>
        steps.call(`TransactWriteItems ${what}`, () =>
          dynamodb.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken })),
        );
      const get = (what: string, sk: string) =>
        steps.call(`GetItem ${what}`, () => dynamodb.send(new GetItemCommand({ TableName, Key: thing(sk) })));
      await write('of two', [put('a'), put('b')]);
      await write('of which one fails', [put('c', isNew), put('a', { ...isNew, ...withOld })]);
      await get('that was not written', 'c');
      await write('of each kind', [
        put('c'),
        { Delete: { TableName, Key: thing('b') } },
        {
          Update: {
            TableName,
            Key: thing('d'),
            UpdateExpression: 'SET n = :n',
            ExpressionAttributeValues: { ':n': { N: '1' } },
          },
        },
        { ConditionCheck: { TableName, Key: thing('a'), ConditionExpression: 'attribute_exists(pk)' } },
      ]);
      await get('that was updated', 'd');
      await write('of a check that fails', [
        put('e'),
        { ConditionCheck: { TableName, Key: thing('none'), ConditionExpression: 'attribute_exists(pk)' } },
      ]);
      await write('of one item twice', [put('a'), { Delete: { TableName, Key: thing('a') } }]);
      await write('of nothing', []);
      await write(
        'of 100',
        Array.from({ length: 100 }, (_, index) => put(`n${index}`)),
      );
      await write(
        'of 101',
        Array.from({ length: 101 }, (_, index) => put(`n${index}`)),
      );
      await write('in no table', [put('a'), { Put: { TableName: 'none', Item: thing('a') } }]);
      await write('with a key of another type', [
        { Put: { TableName, Item: { pk: { N: '1' }, sk: { S: 'a' } } } },
      ]);
      await write('with an empty key', [{ Put: { TableName, Item: { pk: { S: '' }, sk: { S: 'a' } } } }]);
      await write('with half a key', [{ Delete: { TableName, Key: { pk: { S: 'x' } } } }]);
      await write('of two kinds in one', [
        { Put: { TableName, Item: thing('a') }, Delete: { TableName, Key: thing('b') } },
      ]);
      await write('with a token', [put('token')], 'token');
      await write('with the token again', [put('token')], 'token');
      await write('with the token for another', [put('other')], 'token');
      await write('with a token that is too long', [put('token')], 't'.repeat(37));
    },
  },
  {
    service: 'dynamodb',
    name: 'reading transactions',
    async run({ dynamodb, ...world }, steps) {
      await withTable({ dynamodb, ...world });
      await dynamodb.send(new PutItemCommand({ TableName, Item: thing('a', { n: { N: '1' } }) }));
      const read = (what: string, gets: { TableName: string; Key: Item; ProjectionExpression?: string }[]) =>
        steps.call(`TransactGetItems ${what}`, () =>
          dynamodb.send(new TransactGetItemsCommand({ TransactItems: gets.map((Get) => ({ Get })) })),
        );
      await read('of one and none', [
        { TableName, Key: thing('a') },
        { TableName, Key: thing('none') },
      ]);
      await read('in part', [{ TableName, Key: thing('a'), ProjectionExpression: 'n' }]);
      await read('of one twice', [
        { TableName, Key: thing('a') },
        { TableName, Key: thing('a') },
      ]);
      await read('of nothing', []);
      await read('in no table', [{ TableName: 'none', Key: thing('a') }]);
      await read('with half a key', [{ TableName, Key: { pk: { S: 'x' } } }]);
    },
  },
];
