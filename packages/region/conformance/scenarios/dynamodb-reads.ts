import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  type ScanCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Scenario } from '../scenario.ts';
import type { World } from '../worlds/world.ts';
import { TableName, withTable } from './dynamodb-tables.ts';

type Item = Record<string, AttributeValue>;
const S = (text: string): AttributeValue => ({ S: text });
const thing = (pk: string, sk: string, more: Item = {}): Item => ({ pk: S(pk), sk: S(sk), ...more });

async function fill({ dynamodb }: World): Promise<void> {
  for (const [index, sk] of ['a', 'a1', 'b', 'c', 'd'].entries())
    await dynamodb.send(
      new PutItemCommand({
        TableName,
        Item: thing('x', sk, { n: { N: String(index) }, ...(index % 2 === 0 && { status: S('even') }) }),
      }),
    );
  await dynamodb.send(new PutItemCommand({ TableName, Item: thing('y', 'a', { status: S('even') }) }));
}

const byKey = (one: Item, other: Item) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);

export const dynamoDbReads: readonly Scenario[] = [
  {
    service: 'dynamodb',
    name: 'queries',
    async run(world, steps) {
      await withTable(world);
      await fill(world);
      const query = (
        what: string,
        KeyConditionExpression: string,
        values: Item,
        input: Partial<QueryCommandInput> = {},
      ) =>
        steps.call(`Query ${what}`, () =>
          world.dynamodb.send(
            new QueryCommand({
              TableName,
              KeyConditionExpression,
              ExpressionAttributeValues: values,
              ...input,
            }),
          ),
        );
      const x = { ':pk': S('x') };
      await query('of a partition', 'pk = :pk', x);
      await query('of none', 'pk = :pk', { ':pk': S('none') });
      await query('backwards', 'pk = :pk', x, { ScanIndexForward: false });
      for (const condition of [
        'sk = :a',
        'sk < :a',
        'sk <= :a',
        'sk > :a',
        'sk >= :a',
        'begins_with(sk, :a)',
      ])
        await query(`by ${condition}`, `pk = :pk AND ${condition}`, { ...x, ':a': S('a') });
      await query('between', 'pk = :pk AND sk BETWEEN :a AND :b', { ...x, ':a': S('a1'), ':b': S('c') });
      await query('between in disorder', 'pk = :pk AND sk BETWEEN :a AND :b', {
        ...x,
        ':a': S('c'),
        ':b': S('a'),
      });
      await query('with a filter', 'pk = :pk', { ...x, ':n': { N: '2' } }, { FilterExpression: 'n > :n' });
      await query('counting', 'pk = :pk', x, { Select: 'COUNT' });
      await query('in part', 'pk = :pk', x, { ProjectionExpression: 'n' });
      await query(
        'by an index',
        '#s = :s',
        { ':s': S('even') },
        {
          IndexName: 'by-status',
          ExpressionAttributeNames: { '#s': 'status' },
        },
      );
      await query(
        'by an index, consistently',
        '#s = :s',
        { ':s': S('even') },
        {
          IndexName: 'by-status',
          ExpressionAttributeNames: { '#s': 'status' },
          ConsistentRead: true,
        },
      );
      await query('by an index of none', 'pk = :pk', x, { IndexName: 'none' });
      await query('with its capacity', 'pk = :pk', x, { ReturnConsumedCapacity: 'TOTAL' });
      const first = await query('page 1', 'pk = :pk', x, { Limit: 2 });
      const second = await query('page 2', 'pk = :pk', x, {
        Limit: 2,
        ExclusiveStartKey: first.LastEvaluatedKey,
      });
      await query('page 3', 'pk = :pk', x, { Limit: 2, ExclusiveStartKey: second.LastEvaluatedKey });
      await query('of all, with a limit of them', 'pk = :pk', x, { Limit: 5 });
      await query(
        'of a filtered page',
        'pk = :pk',
        { ...x, ':n': { N: '2' } },
        { Limit: 2, FilterExpression: 'n > :n' },
      );
      await query('with half a start', 'pk = :pk', x, { ExclusiveStartKey: { pk: S('x') } });
      await query('with the start of another partition', 'pk = :pk', x, {
        ExclusiveStartKey: thing('y', 'a'),
      });
      await query('with a limit of 0', 'pk = :pk', x, { Limit: 0 });
      await query('without the partition', 'sk = :sk', { ':sk': S('a') });
      await query('of a range of partitions', 'pk > :pk', x);
      await query('of another attribute', 'pk = :pk AND n = :n', { ...x, ':n': { N: '1' } });
      await query('or', 'pk = :pk OR sk = :pk', x);
      await query('with a key in the filter', 'pk = :pk', x, { FilterExpression: 'sk = :pk' });
      await query('of another type', 'pk = :pk', { ':pk': { N: '1' } });
      await query('that selects what is projected', 'pk = :pk', x, { Select: 'ALL_PROJECTED_ATTRIBUTES' });
      await query('that selects nothing named', 'pk = :pk', x, { Select: 'SPECIFIC_ATTRIBUTES' });
      await query('in no table', 'pk = :pk', x, { TableName: 'none' });
    },
  },
  {
    service: 'dynamodb',
    name: 'scans',
    async run(world, steps) {
      await withTable(world);
      await fill(world);
      const scan = (what: string, input: Partial<ScanCommandInput> = {}) =>
        steps.call(`Scan ${what}`, async () => {
          const answer = await world.dynamodb.send(new ScanCommand({ TableName, ...input }));
          return { ...answer, Items: answer.Items?.sort(byKey) };
        });
      await scan('of all');
      await scan('with a filter', {
        FilterExpression: 'sk = :a',
        ExpressionAttributeValues: { ':a': S('a') },
      });
      await scan('counting', { Select: 'COUNT' });
      await scan('of an index', { IndexName: 'by-status' });
      await scan('of an only segment', { Segment: 0, TotalSegments: 1 });
      await scan('of a segment beyond', { Segment: 2, TotalSegments: 2 });
      await scan('of a segment of none', { Segment: 0 });
      await scan('in no table', { TableName: 'none' });
      const all: Item[] = [];
      let start: Item | undefined;
      do {
        const page: { Items?: Item[] | undefined; LastEvaluatedKey?: Item | undefined } =
          await world.dynamodb.send(new ScanCommand({ TableName, Limit: 2, ExclusiveStartKey: start }));
        all.push(...(page.Items ?? []));
        start = page.LastEvaluatedKey;
      } while (start);
      steps.note('Scan of all pages', { Items: all.sort(byKey) });
    },
  },
  {
    service: 'dynamodb',
    name: 'batches',
    async run(world, steps) {
      await withTable(world);
      const write = (what: string, requests: object[], name = TableName) =>
        steps.call(`BatchWriteItem ${what}`, () =>
          world.dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [name]: requests } })),
        );
      const read = (what: string, Keys: Item[], more: object = {}, name = TableName) =>
        steps.call(`BatchGetItem ${what}`, async () => {
          const answer = await world.dynamodb.send(
            new BatchGetItemCommand({ RequestItems: { [name]: { Keys, ...more } } }),
          );
          return { ...answer, Responses: { [name]: answer.Responses?.[name]?.sort(byKey) } };
        });
      const put = (sk: string) => ({ PutRequest: { Item: thing('x', sk) } });
      const remove = (sk: string) => ({ DeleteRequest: { Key: thing('x', sk) } });
      await write('of three', [put('a'), put('b'), put('c')]);
      await write('of a deletion', [remove('a'), put('d')]);
      await write('of nothing', []);
      await write(
        'of 26',
        Array.from({ length: 26 }, (_, index) => put(`n${index}`)),
      );
      await write('of the same twice', [put('a'), remove('a')]);
      await write('in no table', [put('a')], 'none');
      await write('without a key', [{ PutRequest: { Item: { pk: S('x') } } }]);
      await read('of three', [thing('x', 'a'), thing('x', 'b'), thing('x', 'c')]);
      await read('in part', [thing('x', 'b')], { ProjectionExpression: 'sk' });
      await read('of nothing', []);
      await read('of the same twice', [thing('x', 'b'), thing('x', 'b')]);
      await read(
        'of 101',
        Array.from({ length: 101 }, (_, index) => thing('x', `n${index}`)),
      );
      await read('in no table', [thing('x', 'a')], {}, 'none');
      await read('with half a key', [{ pk: S('x') }]);
    },
  },
];
