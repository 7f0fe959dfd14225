import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Gateway } from '../../../../local/gateway/gateway.ts';
import { Roles } from '../../../../local/gateway/roles.ts';
import {
  type DynamoDbOptions,
  type DynamoDbService,
  dynamoDbService,
} from '../../../../local/services/dynamodb/dynamodb-service.ts';

const place = { region: 'eu-west-1', accountId: '000000000000' };

export interface DynamoDbRegion {
  readonly service: DynamoDbService;
  readonly client: DynamoDBClient;
  readonly documents: DynamoDBDocumentClient;
  stop(): Promise<void>;
}

/** The local DynamoDB over HTTP: in memory, or on disk with a `directory`. */
export async function startDynamoDb(options: Partial<DynamoDbOptions> = {}): Promise<DynamoDbRegion> {
  const service = await dynamoDbService({ ...place, ...options });
  const gateway = await Gateway.start({ ...place, services: [service], roles: new Roles() });
  const client = new DynamoDBClient({
    region: place.region,
    endpoint: gateway.endpoint,
    credentials: { accessKeyId: 'developer', secretAccessKey: 'unchecked' },
    maxAttempts: 1,
  });
  return {
    service,
    client,
    documents: DynamoDBDocumentClient.from(client),
    async stop() {
      client.destroy();
      await gateway.stop();
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
