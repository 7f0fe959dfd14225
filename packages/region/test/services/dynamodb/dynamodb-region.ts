import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  type DynamoDbOptions,
  type DynamoDbService,
  dynamoDbService,
} from '../../../services/dynamodb/dynamodb-service.ts';
import { place, serve } from '../serve.ts';

export interface DynamoDbRegion {
  readonly service: DynamoDbService;
  readonly client: DynamoDBClient;
  readonly documents: DynamoDBDocumentClient;
  stop(): Promise<void>;
}

/** The local DynamoDB over HTTP: in memory, or on disk with a `directory`. */
export async function startDynamoDb(options: Partial<DynamoDbOptions> = {}): Promise<DynamoDbRegion> {
  const service = await dynamoDbService({ ...place, ...options });
  const served = await serve(service);
  const client = new DynamoDBClient(served.clientConfig);
  return {
    service,
    client,
    documents: DynamoDBDocumentClient.from(client),
    async stop() {
      client.destroy();
      await served.stop();
    },
  };
}

/** A table as the registry's: `pk` and `sk`, and an index by `status`. */
export const registry = {
  TableName: 'registry',
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
} as const satisfies CreateTableCommandInput;

export async function createRegistry({ client }: DynamoDbRegion): Promise<void> {
  await client.send(new CreateTableCommand(structuredClone(registry)));
}
