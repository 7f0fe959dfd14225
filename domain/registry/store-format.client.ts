import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { keys } from './keys.ts';
import { StoreFormatError, storeFormat, storeFormatRecordSchema } from './store-format.ts';

/** Tables that this process has found to be of its format: one look is enough, because a store keeps its format. */
const known = new Set<string>();

/**
 * Lets a process touch the registry only if the store has the format of this code.
 * @param access a store that holds nothing yet gets this code's format before its first write
 * @throws StoreFormatError
 */
export async function admit(
  client: DynamoDBDocumentClient,
  tableName: string,
  access: 'read' | 'write',
): Promise<void> {
  if (known.has(tableName)) return;
  const stored = await formatOf(client, tableName);
  if (stored === undefined) {
    if (await holdsModels(client, tableName)) throw new StoreFormatError(tableName, undefined);
    if (access === 'read') return;
    await begin(client, tableName);
    return await admit(client, tableName, access);
  }
  if (stored !== storeFormat) throw new StoreFormatError(tableName, stored);
  known.add(tableName);
}

async function formatOf(client: DynamoDBDocumentClient, TableName: string): Promise<number | undefined> {
  const { Item } = await client.send(
    new GetCommand({ TableName, Key: keys.storeFormat, ConsistentRead: true }),
  );
  return Item === undefined ? undefined : storeFormatRecordSchema.parse(Item).format;
}

/** Stores had models before they had a number. */
async function holdsModels(client: DynamoDBDocumentClient, TableName: string): Promise<boolean> {
  const { Count = 0 } = await client.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'pk = :models',
      ExpressionAttributeValues: { ':models': keys.modelIndexPk },
      ConsistentRead: true,
      Limit: 1,
    }),
  );
  return Count > 0;
}

/** The first to write decides; the others find out by looking again. */
async function begin(client: DynamoDBDocumentClient, TableName: string): Promise<void> {
  try {
    await client.send(
      new PutCommand({
        TableName,
        Item: { ...keys.storeFormat, format: storeFormat },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
