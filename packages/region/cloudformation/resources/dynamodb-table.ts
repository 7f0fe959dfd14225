import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
  type TableDescription,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { customerKeyArn } from '../encryption-key.ts';
import { type ResourceContext, resourceType } from '../resource-type.ts';

const properties = {
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(
    z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  KeySchema: z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) })),
  BillingMode: z.literal('PAY_PER_REQUEST'),
  DeletionProtectionEnabled: z.boolean().default(false),
  TimeToLiveSpecification: z.strictObject({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
  /** Of encryption only the key matters: how items rest on a disk of the laptop changes no answer. */
  SSESpecification: z
    .strictObject({
      SSEEnabled: z.boolean(),
      SSEType: z.literal('KMS').optional(),
      KMSMasterKeyId: z.string().optional(),
    })
    .optional(),
  PointInTimeRecoverySpecification: z
    .strictObject({ PointInTimeRecoveryEnabled: z.boolean(), RecoveryPeriodInDays: z.int().optional() })
    .optional(),
};
type Properties = z.infer<z.ZodObject<typeof properties>>;

export const dynamoDbTable = resourceType({
  type: 'AWS::DynamoDB::Table',
  properties,
  ignored: {
    Tags: 'nothing reads them',
  },
  kept: {
    async put(table, context) {
      const name = nameOf(table, context);
      const { dynamodb } = context.services;
      const existing = await describe(dynamodb, name);
      if (existing) checkUnchanged(existing, table, context);
      else await create(dynamodb, name, table);
      await update(dynamodb, name, table);
    },
    read: (name, { dynamodb }) => read(dynamodb, name),
  },
  async apply(table, context) {
    const name = nameOf(table, context);
    const arn = `arn:aws:dynamodb:${context.region}:${context.accountId}:table/${name}`;
    const key = customerKeyArn(table.SSESpecification?.KMSMasterKeyId, context);
    if (key !== undefined) context.services.roles.putKeyOf(arn, key);
    return { ref: name, attributes: { Arn: arn } };
  },
  remove: async (TableName, { dynamodb }) =>
    void (await dynamodb.send(new DeleteTableCommand({ TableName }))),
});

const nameOf = ({ TableName }: Properties, { name }: ResourceContext): string =>
  TableName ?? name({ maximum: 255 });

async function read(client: DynamoDBClient, TableName: string): Promise<unknown> {
  const table = await describe(client, TableName);
  if (table === undefined) return undefined;
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
  const backups = await client.send(new DescribeContinuousBackupsCommand({ TableName }));
  const recovery = backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  return {
    KeySchema: table.KeySchema,
    DeletionProtectionEnabled: table.DeletionProtectionEnabled,
    TimeToLiveDescription,
    recovery: [recovery?.PointInTimeRecoveryStatus, recovery?.RecoveryPeriodInDays],
  };
}

async function describe(client: DynamoDBClient, TableName: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** CloudFormation would make a new table and leave the items behind. */
function checkUnchanged(
  { KeySchema, AttributeDefinitions }: TableDescription,
  table: Properties,
  { error }: ResourceContext,
): void {
  const keys = (attributes: readonly unknown[] | undefined) => JSON.stringify(attributes);
  if (keys(KeySchema) === keys(table.KeySchema)) {
    if (keys(AttributeDefinitions) === keys(table.AttributeDefinitions)) return;
  }
  throw error('the keys of an existing table cannot change: start afresh (--fresh)', 'KeySchema');
}

async function create(client: DynamoDBClient, TableName: string, table: Properties): Promise<void> {
  const { AttributeDefinitions, KeySchema, BillingMode } = table;
  await client.send(new CreateTableCommand({ TableName, AttributeDefinitions, KeySchema, BillingMode }));
}

async function update(client: DynamoDBClient, TableName: string, table: Properties): Promise<void> {
  const { DeletionProtectionEnabled, TimeToLiveSpecification, PointInTimeRecoverySpecification } = table;
  await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled }));
  const described = await client.send(new DescribeTimeToLiveCommand({ TableName }));
  const isEnabled = described.TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED';
  // Repeating what is already so is an error in DynamoDB.
  if (TimeToLiveSpecification && TimeToLiveSpecification.Enabled !== isEnabled) {
    await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
  }
  if (PointInTimeRecoverySpecification) {
    await client.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
  }
}
