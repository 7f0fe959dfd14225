import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Services, startServices } from './services.ts';

let services: Services;
beforeAll(async () => {
  services = await startServices({
    buckets: { data: {} },
    buses: ['tidemark'],
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

test('an event put on a custom bus can be read there', async () => {
  const eventBridge = new EventBridgeClient(services.sdkConfig);

  const entry = { EventBusName: 'tidemark', Source: 'tidemark', DetailType: 'model.onboarded' };
  await eventBridge.send(new PutEventsCommand({ Entries: [{ ...entry, Detail: '{"model":"m"}' }] }));

  expect(await services.eventsOn('tidemark')).toMatchObject([
    { source: 'tidemark', 'detail-type': 'model.onboarded', detail: { model: 'm' } },
  ]);
});

test('an object that is put becomes an event on the default bus', async () => {
  const s3 = new S3Client(services.sdkConfig);

  await s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'incoming/m/a.csv', Body: 'a,b' }));

  expect(await services.eventsOn('default')).toContainEqual(
    expect.objectContaining({
      'detail-type': 'Object Created',
      detail: expect.objectContaining({
        object: expect.objectContaining({ key: 'incoming/m/a.csv', size: 3 }),
      }),
    }),
  );
});
