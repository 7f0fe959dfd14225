import {
  type Input,
  objectIn,
  objectsIn,
  onEverything,
  optionalText,
  type Permissions,
  textOf,
} from '../../gateway/permissions.ts';
import type { AccessRequest, Place } from '../../iam/access-request.ts';

/** What reads and writes alike ask of a customer's key: DynamoDB has the table's key opened for each caller. */
const keyUse = ['kms:Decrypt'];

/** A table by its name or its ARN. */
function tableArn(name: string, { region, accountId }: Place): string {
  return name.startsWith('arn:') ? name : `arn:aws:dynamodb:${region}:${accountId}:table/${name}`;
}

const onTable =
  (action: string): Permissions =>
  (input, place) => [{ action: `dynamodb:${action}`, resource: tableArn(textOf(input, 'TableName'), place) }];

const onItems =
  (action: string): Permissions =>
  (input, place) =>
    onTable(action)(input, place).map((request) => ({ ...request, keyUse }));

/** Reading an index is allowed by the index's own ARN. */
const onTableOrIndex =
  (action: string): Permissions =>
  (input, place) => {
    const index = optionalText(input, 'IndexName');
    return onItems(action)(input, place).map((request) =>
      index === undefined ? request : { ...request, resource: `${request.resource}/index/${index}` },
    );
  };

/** A batch is one action on each of its tables. */
const onTablesOfBatch =
  (action: string): Permissions =>
  (input, place) =>
    Object.keys(objectIn(input, 'RequestItems')).map((name) => ({
      action: `dynamodb:${action}`,
      resource: tableArn(name, place),
      keyUse,
    }));

/** A transaction is allowed by what it does to each item, not as such. */
const byItems =
  (enclosing: string, actions: Readonly<Record<string, string>>): Permissions =>
  (input, place) => {
    const requests = objectsIn(input, 'TransactItems').flatMap((item) => itemRequests(item, actions, place));
    const context = { 'dynamodb:enclosingoperation': enclosing };
    // One question for each action and table: a transaction has up to 100 items, mostly of one table.
    const distinct = new Map(requests.map((request) => [`${request.action} ${request.resource}`, request]));
    return [...distinct.values()].map((request) => ({ ...request, context, keyUse }));
  };

function itemRequests(item: Input, actions: Readonly<Record<string, string>>, place: Place): AccessRequest[] {
  return Object.entries(actions).flatMap(([member, action]) =>
    item[member] === undefined
      ? []
      : [
          {
            action: `dynamodb:${action}`,
            resource: tableArn(textOf(objectIn(item, member), 'TableName'), place),
          },
        ],
  );
}

/** By the Service Authorization Reference of DynamoDB. */
export const dynamoDbPermissions = {
  BatchGetItem: onTablesOfBatch('BatchGetItem'),
  BatchWriteItem: onTablesOfBatch('BatchWriteItem'),
  CreateTable: onTable('CreateTable'),
  DeleteItem: onItems('DeleteItem'),
  DeleteTable: onTable('DeleteTable'),
  DescribeContinuousBackups: onTable('DescribeContinuousBackups'),
  DescribeTable: onTable('DescribeTable'),
  DescribeTimeToLive: onTable('DescribeTimeToLive'),
  GetItem: onItems('GetItem'),
  ListTables: onEverything('dynamodb:ListTables'),
  ListTagsOfResource: (input) => [
    { action: 'dynamodb:ListTagsOfResource', resource: textOf(input, 'ResourceArn') },
  ],
  PutItem: onItems('PutItem'),
  Query: onTableOrIndex('Query'),
  Scan: onTableOrIndex('Scan'),
  TransactGetItems: byItems('TransactGetItems', { Get: 'GetItem' }),
  TransactWriteItems: byItems('TransactWriteItems', {
    ConditionCheck: 'ConditionCheckItem',
    Delete: 'DeleteItem',
    Put: 'PutItem',
    Update: 'UpdateItem',
  }),
  UpdateContinuousBackups: onTable('UpdateContinuousBackups'),
  UpdateItem: onItems('UpdateItem'),
  UpdateTable: onTable('UpdateTable'),
  UpdateTimeToLive: onTable('UpdateTimeToLive'),
} satisfies Record<string, Permissions>;
