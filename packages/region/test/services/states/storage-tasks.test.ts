import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { wallClock } from '../../../clock.ts';
import { dynamoDbService } from '../../../services/dynamodb/dynamodb-service.ts';
import { s3Service } from '../../../services/s3/s3-service.ts';
import { type StatesService, statesService } from '../../../services/states/states-service.ts';
import { startRegion } from '../../region.ts';

const ignoredEvents = { emit: async () => undefined };
const sdk = (service: string, action: string, Arguments: object) => ({
  Type: 'Task',
  Resource: `arn:aws:states:::aws-sdk:${service}:${action}`,
  Arguments,
});

it('lets a machine use S3 and DynamoDB through their SDKs', async () => {
  // Prepare
  let states: StatesService | undefined;
  const region = await startRegion(async (surroundings) => {
    states = statesService({ ...surroundings, clock: wallClock(), events: ignoredEvents });
    return [
      states,
      await s3Service({ ...surroundings, directory: `${surroundings.directory}/s3`, events: ignoredEvents }),
      await dynamoDbService({ ...surroundings, directory: `${surroundings.directory}/dynamodb` }),
    ];
  });
  const s3 = new S3Client(region.client);
  const dynamodb = new DynamoDBClient(region.client);
  await s3.send(new CreateBucketCommand({ Bucket: 'a-bucket' }));
  await dynamodb.send(
    new CreateTableCommand({
      TableName: 'registry',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  );
  const arn = states?.createStateMachine({
    name: 'storage',
    roleArn: 'arn:aws:iam::111122223333:role/machine',
    definition: JSON.stringify({
      QueryLanguage: 'JSONata',
      StartAt: 'Write',
      States: {
        Write: { ...sdk('s3', 'putObject', { Bucket: 'a-bucket', Key: 'k', Body: { n: 1 } }), Next: 'Read' },
        Read: {
          ...sdk('s3', 'getObject', { Bucket: 'a-bucket', Key: 'k' }),
          Output: '{% $parse($states.result.Body) %}',
          Next: 'Put',
        },
        Put: {
          ...sdk('dynamodb', 'putItem', {
            TableName: 'registry',
            Item: { pk: { S: 'x' }, n: { N: '{% $string($states.input.n + 1) %}' } },
          }),
          Next: 'Get',
        },
        Get: {
          Type: 'Task',
          Resource: 'arn:aws:states:::dynamodb:getItem',
          Arguments: { TableName: 'registry', Key: { pk: { S: 'x' } } },
          Output: '{% $states.result.Item %}',
          Next: 'Missing',
        },
        Missing: {
          ...sdk('s3', 'getObject', { Bucket: 'a-bucket', Key: 'nothing' }),
          Catch: [
            {
              ErrorEquals: ['S3.NoSuchKeyException'],
              Output: '{% {"item": $states.input} %}',
              Next: 'Done',
            },
          ],
          End: true,
        },
        Done: { Type: 'Succeed' },
      },
    }),
  });

  // Act
  const started = states?.startExecution(arn ?? '', '{}');
  const end = await states?.executionOver(started?.executionArn ?? '');

  // Assess
  expect(end?.cause).toBeUndefined();
  expect(JSON.parse(end?.output ?? 'null')).toEqual({ item: { pk: { S: 'x' }, n: { N: '2' } } });
  s3.destroy();
  dynamodb.destroy();
  await region.stop();
});
