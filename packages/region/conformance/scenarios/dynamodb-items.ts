import {
  type AttributeValue,
  DeleteItemCommand,
  type DeleteItemCommandInput,
  GetItemCommand,
  type GetItemCommandInput,
  PutItemCommand,
  type PutItemCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Scenario, Steps } from '../scenario.ts';
import type { World } from '../worlds/world.ts';
import { TableName, withTable } from './dynamodb-tables.ts';

type Item = Record<string, AttributeValue>;
const S = (text: string): AttributeValue => ({ S: text });
const N = (number: number | string): AttributeValue => ({ N: String(number) });
const Key: Item = { pk: S('a'), sk: S('1') };

function items({ dynamodb }: World, steps: Steps) {
  type Put = Omit<PutItemCommandInput, 'TableName'>;
  type Get = Partial<GetItemCommandInput>;
  return {
    put: (what: string, input: Put) =>
      steps.call(`PutItem ${what}`, () => dynamodb.send(new PutItemCommand({ TableName, ...input }))),
    get: (what: string, input: Get = {}) =>
      steps.call(`GetItem ${what}`, () => dynamodb.send(new GetItemCommand({ TableName, Key, ...input }))),
    update: (what: string, UpdateExpression: string, input: Partial<UpdateItemCommandInput> = {}) =>
      steps.call(`UpdateItem ${what}`, () =>
        dynamodb.send(
          new UpdateItemCommand({ TableName, Key, UpdateExpression, ReturnValues: 'ALL_NEW', ...input }),
        ),
      ),
    remove: (what: string, input: Partial<DeleteItemCommandInput> = {}) =>
      steps.call(`DeleteItem ${what}`, () =>
        dynamodb.send(new DeleteItemCommand({ TableName, Key, ...input })),
      ),
  };
}

const full: Item = {
  ...Key,
  status: S('new'),
  count: N(1),
  flag: { BOOL: true },
  nothing: { NULL: true },
  bytes: { B: Buffer.from('bytes') },
  list: { L: [N(1), N(2), N(3), N(4), N(5)] },
  map: { M: { inner: S('x'), deep: { M: { er: N(1) } } } },
  texts: { SS: ['a', 'b'] },
  numbers: { NS: ['1', '2'] },
};

/** Conditions on the full item, with what they need. */
const conditions: readonly [string, (Item | undefined)?, Record<string, string>?][] = [
  ['attribute_exists(pk)'],
  ['attribute_not_exists(pk)'],
  ['attribute_exists(map.deep.er)'],
  ['attribute_exists(list[4])'],
  ['attribute_exists(list[5])'],
  ['attribute_type(flag, :type)', { ':type': S('BOOL') }],
  ['attribute_type(flag, :type)', { ':type': S('wrong') }],
  ['begins_with(#status, :start)', { ':start': S('ne') }, { '#status': 'status' }],
  ['begins_with(#count, :start)', { ':start': S('1') }, { '#count': 'count' }],
  ['contains(texts, :text)', { ':text': S('a') }],
  ['contains(list, :number)', { ':number': N(3) }],
  ['contains(map.inner, :text)', { ':text': S('x') }],
  ['size(#list) = :size', { ':size': N(5) }, { '#list': 'list' }],
  ['size(flag) = :size', { ':size': N(1) }],
  ['#count = :one', { ':one': N('1.0') }, { '#count': 'count' }],
  ['#count <> :one', { ':one': N(1) }, { '#count': 'count' }],
  ['#count > :text', { ':text': S('0') }, { '#count': 'count' }],
  ['#count BETWEEN :low AND :high', { ':low': N(0), ':high': N(2) }, { '#count': 'count' }],
  ['#count BETWEEN :high AND :low', { ':low': N(0), ':high': N(2) }, { '#count': 'count' }],
  ['#count IN (:one, :two)', { ':one': N(1), ':two': N(2) }, { '#count': 'count' }],
  ['NOT flag = :true', { ':true': { BOOL: true } }],
  ['missing = :text', { ':text': S('x') }],
  ['missing <> :text', { ':text': S('x') }],
  ['flag = :true AND (missing = :true OR attribute_exists(pk))', { ':true': { BOOL: true } }],
  ['texts = :texts', { ':texts': { SS: ['b', 'a'] } }],
  ['numbers = :numbers', { ':numbers': { NS: ['2', '1.0'] } }],
];

/** Expressions that DynamoDB refuses to read. */
const unreadable: readonly [string, (Item | undefined)?, Record<string, string>?][] = [
  [''],
  ['pk ='],
  ['attribute_exists(pk) AND'],
  ['pk = :missing'],
  ['#missing = :x', { ':x': S('x') }],
  ['pk = :x', { ':x': S('a'), ':unused': S('x') }],
  ['attribute_exists(pk)', undefined, { '#unused': 'x' }],
  ['name = :x', { ':x': S('a') }],
  ['status = :x', { ':x': S('a') }],
  ['size(pk)'],
  ['nosuch(pk)'],
  ['pk = pk'],
  ['contains(pk)'],
  ['attribute_exists(:x)', { ':x': S('a') }],
  ['begins_with(pk, :n)', { ':n': N(1) }],
  ['((pk = :x))', { ':x': S('a') }],
  ['pk = :x', { ':x': {} as AttributeValue }],
];

export const dynamoDbItems: readonly Scenario[] = [
  {
    service: 'dynamodb',
    name: 'items',
    async run(world, steps) {
      await withTable(world);
      const { put, get, remove } = items(world, steps);
      await get('of none');
      await put('full', { Item: full });
      await get('full');
      await get('consistent', { ConsistentRead: true });
      await get('in part', {
        ProjectionExpression: '#s, map.deep, #l[1], missing',
        ExpressionAttributeNames: { '#s': 'status', '#l': 'list' },
      });
      await get('of overlapping parts', { ProjectionExpression: 'map, map.inner' });
      await get('with its capacity', { ReturnConsumedCapacity: 'TOTAL' });
      await put('over it, with the old', { Item: { ...Key, status: S('old') }, ReturnValues: 'ALL_OLD' });
      await put('with the new', { Item: full, ReturnValues: 'ALL_NEW' });
      await put('without a key', { Item: { pk: S('a') } });
      await put('with a key of another type', { Item: { pk: N(1), sk: S('1') } });
      await put('with an empty key', { Item: { pk: S(''), sk: S('1') } });
      await put('with an index key of another type', { Item: { ...Key, status: N(1) } });
      await put('with an empty index key', { Item: { ...Key, status: S('') } });
      await put('with an empty text', { Item: { ...Key, text: S('') } });
      await put('with an empty set', { Item: { ...Key, set: { SS: [] } } });
      await put('with a set of the same', { Item: { ...Key, set: { SS: ['a', 'a'] } } });
      await put('with an empty list and map', { Item: { ...Key, list: { L: [] }, map: { M: {} } } });
      await get('with an empty list and map');
      for (const number of [
        '1e3',
        '+5',
        '-0',
        '00012.500',
        '1e-130',
        '1e126',
        '1e-131',
        'x',
        '',
        '123456789012345678901234567890123456789',
      ])
        await put(`with the number ${number}`, { Item: { ...Key, sk: S(`n${number}`), number: N(number) } });
      await get('with a number', { Key: { pk: S('a'), sk: S('n00012.500') } });
      await put('of 400 KB', { Item: { ...Key, sk: S('big'), text: S('x'.repeat(409_500)) } });
      await put('of more than 400 KB', { Item: { ...Key, sk: S('big'), text: S('x'.repeat(409_700)) } });
      await put('in no table', { Item: Key, TableName: 'none' } as PutItemCommandInput);
      await get('in no table', { TableName: 'none' });
      await get('with half a key', { Key: { pk: S('a') } });
      await get('with a key and more', { Key: { ...Key, more: S('x') } });
      await remove('with the old', { ReturnValues: 'ALL_OLD' });
      await remove('of none', { ReturnValues: 'ALL_OLD' });
      await remove('with the new', { ReturnValues: 'ALL_NEW' });
      await remove('of none under a condition', { ConditionExpression: 'attribute_exists(pk)' });
    },
  },
  {
    service: 'dynamodb',
    name: 'conditions',
    async run(world, steps) {
      await withTable(world);
      const { put } = items(world, steps);
      await put('to compare with', { Item: full });
      for (const [index, [ConditionExpression, values, names]] of [...conditions, ...unreadable].entries())
        await put(`${index + 1} if ${ConditionExpression}`, {
          Item: full,
          ConditionExpression,
          ...(values && { ExpressionAttributeValues: values }),
          ...(names && { ExpressionAttributeNames: names }),
        });
      const failing = { ConditionExpression: 'attribute_not_exists(pk)' };
      await put('with the item that is there', {
        Item: full,
        ...failing,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      const { update, remove } = items(world, steps);
      await update('with the item that is there', 'SET flag = pk', {
        ...failing,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      await remove('with the item that is there', {
        ...failing,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
    },
  },
  {
    service: 'dynamodb',
    name: 'updates',
    async run(world, steps) {
      await withTable(world);
      const { put, update, get } = items(world, steps);
      const values = (input: Item) => ({ ExpressionAttributeValues: input });
      const again = () => world.dynamodb.send(new PutItemCommand({ TableName, Item: full }));
      await update('of none', 'SET flag = :x', values({ ':x': S('x') }));
      await put('to update', { Item: full });
      const each: readonly [string, (Item | undefined)?, Record<string, string>?][] = [
        ['SET flag = :x', { ':x': S('x') }],
        ['SET #count = #count + :n', { ':n': N(5) }, { '#count': 'count' }],
        ['SET #count = :n - #count', { ':n': N('0.1') }, { '#count': 'count' }],
        ['SET fresh = if_not_exists(fresh, :x)', { ':x': S('x') }],
        ['SET flag = if_not_exists(flag, :x)', { ':x': S('x') }],
        ['SET #list = list_append(#list, :l)', { ':l': { L: [N(6)] } }, { '#list': 'list' }],
        ['SET #list = list_append(:l, #list)', { ':l': { L: [N(0)] } }, { '#list': 'list' }],
        ['SET #list[1] = :x, #list[20] = :y', { ':x': S('x'), ':y': S('y') }, { '#list': 'list' }],
        ['SET map.inner = :x, map.other = :x', { ':x': S('y') }],
        ['SET map.missing.inner = :x', { ':x': S('y') }],
        ['SET flag = nothing, nothing = flag'],
        ['REMOVE #list[0], #list[1], #list[2]', undefined, { '#list': 'list' }],
        ['REMOVE #list[9], missing, map.missing', undefined, { '#list': 'list' }],
        ['REMOVE flag, map.deep.er'],
        ['ADD #count :n', { ':n': N(-2) }, { '#count': 'count' }],
        ['ADD fresh :n', { ':n': N(1) }],
        ['ADD texts :t', { ':t': { SS: ['b', 'c'] } }],
        ['ADD flag :n', { ':n': N(1) }],
        ['ADD texts :n', { ':n': { NS: ['1'] } }],
        ['DELETE texts :t', { ':t': { SS: ['a'] } }],
        ['DELETE texts :t', { ':t': { SS: ['a', 'b'] } }],
        ['DELETE missing :t', { ':t': { SS: ['a'] } }],
        ['DELETE flag :t', { ':t': { SS: ['a'] } }],
        [
          'SET flag = :x REMOVE nothing ADD #count :n DELETE texts :t',
          { ':x': S('x'), ':n': N(1), ':t': { SS: ['a'] } },
          { '#count': 'count' },
        ],
        ['SET flag = :x SET nothing = :x', { ':x': S('x') }],
        ['SET flag = :x, flag = :x', { ':x': S('x') }],
        ['SET map = :x, map.inner = :x', { ':x': S('x') }],
        ['SET pk = :x', { ':x': S('x') }],
        ['SET #status = :n', { ':n': N(1) }, { '#status': 'status' }],
        ['SET #status = :x', { ':x': S('') }, { '#status': 'status' }],
        ['SET flag = :x + :n', { ':x': S('x'), ':n': N(1) }],
        ['SET flag = flag + :n', { ':n': N(1) }],
        ['SET flag = missing', undefined],
        ['SET flag = missing + :n', { ':n': N(1) }],
        ['SET #list = list_append(flag, :l)', { ':l': { L: [] } }, { '#list': 'list' }],
        ['SET texts = :t', { ':t': { SS: [] } }],
        ['flag = :x', { ':x': S('x') }],
        ['SET flag'],
        [''],
      ];
      for (const [index, [expression, input, names]] of each.entries()) {
        await again();
        await update(`${index + 1} by ${expression}`, expression, {
          ...(input && values(input)),
          ...(names && { ExpressionAttributeNames: names }),
        });
      }
      for (const ReturnValues of ['NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW'] as const) {
        await again();
        await update(`with ${ReturnValues}`, 'SET map.inner = :x, fresh = :x REMOVE flag', {
          ...values({ ':x': S('y') }),
          ReturnValues,
        });
      }
      await get('in the end');
    },
  },
];
