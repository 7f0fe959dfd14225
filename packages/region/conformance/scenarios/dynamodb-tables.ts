import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTablesCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import type { Scenario } from '../scenario.ts';
import type { World } from '../worlds/world.ts';

/** A table with a text and a text for its key, and an index. */
export const table: CreateTableCommandInput = {
  TableName: 'things',
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
    { AttributeName: 'status', AttributeType: 'S' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-status',
      KeySchema: [
        { AttributeName: 'status', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
};
export const TableName = 'things';

/** Creates the table and waits until it is usable. */
export async function withTable({ dynamodb }: World): Promise<void> {
  await dynamodb.send(new CreateTableCommand(table));
}

export const dynamoDbTables: readonly Scenario[] = [
  {
    service: 'dynamodb',
    name: 'tables',
    async run({ dynamodb }, steps) {
      const create = (what: string, input: Partial<CreateTableCommandInput>) =>
        steps.call(`CreateTable ${what}`, () =>
          dynamodb.send(new CreateTableCommand({ ...table, ...input })),
        );
      await create('with an index', {});
      await create('again', {});
      const named = { TableName };
      await steps.call('DescribeTable', () => dynamodb.send(new DescribeTableCommand(named)));
      await steps.call('DescribeTable of none', () =>
        dynamodb.send(new DescribeTableCommand({ TableName: 'none' })),
      );
      for (const name of ['other', 'zoo']) await create(name, { TableName: name });
      await steps.call('ListTables', () => dynamodb.send(new ListTablesCommand({})));
      const page = await steps.call('ListTables page 1', () =>
        dynamodb.send(new ListTablesCommand({ Limit: 2 })),
      );
      await steps.call('ListTables page 2', () =>
        dynamodb.send(
          new ListTablesCommand({ Limit: 2, ExclusiveStartTableName: page.LastEvaluatedTableName }),
        ),
      );
      await steps.call('ListTables of no table', () => dynamodb.send(new ListTablesCommand({ Limit: 0 })));
      await steps.call('UpdateTable to protect it', () =>
        dynamodb.send(new UpdateTableCommand({ TableName: 'zoo', DeletionProtectionEnabled: true })),
      );
      await steps.call('DeleteTable that is protected', () =>
        dynamodb.send(new DeleteTableCommand({ TableName: 'zoo' })),
      );
      await steps.call('DeleteTable', () => dynamodb.send(new DeleteTableCommand({ TableName: 'other' })));
      await steps.call('DeleteTable of none', () =>
        dynamodb.send(new DeleteTableCommand({ TableName: 'none' })),
      );
      await create('with a short name', { TableName: 'ab' });
      await create('with a name of other characters', { TableName: 'a table' });
      await create('with attributes that no key uses', {
        TableName: 'unused',
        GlobalSecondaryIndexes: undefined,
      });
      await create('with a key that is not defined', {
        TableName: 'undefined-key',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        GlobalSecondaryIndexes: undefined,
      });
      await create('with throughput and on demand', {
        TableName: 'both',
        ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
      });
      await create('with two range keys', {
        TableName: 'ranges',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'RANGE' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      });
    },
  },
  {
    service: 'dynamodb',
    name: 'settings of tables',
    async run(world, steps) {
      await withTable(world);
      const { dynamodb } = world;
      const ttl = (what: string, name: string, Enabled: boolean, AttributeName = 'expiresAt') =>
        steps.call(`UpdateTimeToLive ${what}`, () =>
          dynamodb.send(
            new UpdateTimeToLiveCommand({
              TableName: name,
              TimeToLiveSpecification: { Enabled, AttributeName },
            }),
          ),
        );
      const describe = (what: string, name: string) =>
        steps.call(`DescribeTimeToLive ${what}`, () =>
          dynamodb.send(new DescribeTimeToLiveCommand({ TableName: name })),
        );
      await describe('before', TableName);
      await ttl('off, and off before', TableName, false);
      await ttl('on', TableName, true);
      await describe('after', TableName);
      await ttl('on again', TableName, true);
      await ttl('off by another attribute', TableName, false, 'other');
      await ttl('of none', 'none', true);
      await describe('of none', 'none');
      await describe('of a name that is too short', 'ab');
      const backups = (what: string, name: string, PointInTimeRecoveryEnabled: boolean) =>
        steps.call(`UpdateContinuousBackups ${what}`, () =>
          dynamodb.send(
            new UpdateContinuousBackupsCommand({
              TableName: name,
              PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled },
            }),
          ),
        );
      const described = (what: string, name: string) =>
        steps.call(`DescribeContinuousBackups ${what}`, () =>
          dynamodb.send(new DescribeContinuousBackupsCommand({ TableName: name })),
        );
      await described('before', TableName);
      await backups('on', TableName, true);
      await described('after', TableName);
      await backups('of none', 'none', true);
      await described('of none', 'none');
    },
  },
];
