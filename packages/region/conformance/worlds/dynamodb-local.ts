import { DeleteTableCommand, ListTablesCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { clientsOf } from './clients.ts';
import type { Implementation } from './world.ts';

/** DynamoDB Local has terms of its own, so that it is neither a dependency nor fetched here. */
export const dynamoDbLocalAdvice = `Amazon's DynamoDB Local is not compared with. To do so, download it under its own licence,
  https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.html
start it with -inMemory (it needs Java 17), and name its address:
  CONFORMANCE_DYNAMODB_LOCAL=http://127.0.0.1:8000 npm run conformance`;

/** Letters and digits only, or it refuses them. */
const credentials = { accessKeyId: 'conformance', secretAccessKey: 'conformance' };

/** A DynamoDB Local that runs already. Its tables are deleted. */
export function dynamoDbLocal(endpoint: string): Implementation {
  const clients = clientsOf(endpoint, credentials);
  const { dynamodb } = clients;
  return {
    title: 'DynamoDB Local',
    services: ['dynamodb'],
    async fresh() {
      const { TableNames = [] } = await dynamodb.send(new ListTablesCommand({}));
      for (const TableName of TableNames) {
        await dynamodb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
        await dynamodb.send(new DeleteTableCommand({ TableName }));
      }
      return {
        ...clients,
        bucket: () => Promise.reject(new Error('DynamoDB Local has no buckets.')),
        queue: () => Promise.reject(new Error('DynamoDB Local has no queues.')),
      };
    },
    stop: async () => undefined,
  };
}
