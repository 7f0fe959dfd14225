import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { wallClock } from '../../../clock.ts';
import { type LambdaService, lambdaService } from '../../../services/lambda/lambda-service.ts';
import { sqsService } from '../../../services/sqs/sqs-service.ts';
import { nodeModules, startRegion, writeCode } from '../../region.ts';

it('sends an event that failed for good to the queues of its function', async () => {
  // Prepare
  const faults: unknown[] = [];
  let lambda: LambdaService | undefined;
  const region = await startRegion(async (surroundings) => {
    lambda = lambdaService({
      ...surroundings,
      clock: wallClock({ speed: 10_000 }),
      layerModules: nodeModules,
      onFault: (fault) => faults.push(fault),
    });
    return [lambda, await sqsService(surroundings)];
  });
  const sqs = new SQSClient(region.client);
  const client = new LambdaClient(region.client);
  const queue = async (QueueName: string) => {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName }));
    return { QueueUrl, arn: `arn:aws:sqs:eu-west-1:111122223333:${QueueName}` };
  };
  const failed = await queue('failed');
  const dead = await queue('dead');
  await lambda?.createFunction({
    name: 'unlucky',
    codeDirectory: writeCode({
      'index.mjs': 'export const handler = async () => { throw new Error("no luck"); };',
    }),
    handler: 'index.handler',
    environment: {},
    timeoutSeconds: 10,
    memoryMegabytes: 128,
    roleArn: 'arn:aws:iam::111122223333:role/function',
    maximumRetryAttempts: 1,
    onFailureArn: failed.arn,
    deadLetterArn: dead.arn,
  });

  // Act
  await client.send(
    new InvokeCommand({ FunctionName: 'unlucky', InvocationType: 'Event', Payload: '{"model":"m"}' }),
  );

  // Assess
  const receive = async ({ QueueUrl }: { QueueUrl: string }) => {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    return JSON.parse(Messages[0]?.Body ?? 'null');
  };
  expect(await receive(failed)).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 2 },
    requestPayload: { model: 'm' },
    responsePayload: { errorType: 'Error', errorMessage: 'no luck' },
  });
  expect(await receive(dead)).toEqual({ model: 'm' });
  expect(faults).toEqual([]);
  sqs.destroy();
  client.destroy();
  await region.stop();
});
