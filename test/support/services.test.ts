import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Services, startServices } from './services.ts';

let services: Services;
beforeAll(async () => {
  services = await startServices({
    buckets: { data: {} },
    tables: [
      {
        TableName: 'registry',
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      },
    ],
  });
});
afterAll(() => services.stop());

test('an object can be put and read back with the ordinary client', async () => {
  const s3 = new S3Client(services.sdkConfig);

  await s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'greeting', Body: 'hello' }));
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'data', Key: 'greeting' }));

  expect(await Body?.transformToString()).toBe('hello');
});

test('an item can be put and read back with the document client', async () => {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(services.sdkConfig));

  await documents.send(new PutCommand({ TableName: 'registry', Item: { pk: 'MODELS', count: 3 } }));
  const { Item } = await documents.send(new GetCommand({ TableName: 'registry', Key: { pk: 'MODELS' } }));

  expect(Item).toEqual({ pk: 'MODELS', count: 3 });
});
