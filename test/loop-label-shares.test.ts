import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { linesOfObject } from '@tidemark/domain/captures/capture-objects.client.ts';
import { captureKeys } from '@tidemark/domain/names.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ProductUser } from './support/product-user.ts';
import { type RegionUnderTest, startRegion } from './support/region.ts';
import { makeSmallModel } from './support/small-model.ts';

const small = makeSmallModel();
let subject: RegionUnderTest;
let user: ProductUser;

beforeAll(async () => {
  subject = await startRegion();
  user = new ProductUser(subject.region, 'churn');
});
afterAll(async () => {
  await subject.stop();
  rmSync(small.directory, { recursive: true, force: true });
});

/** As many labels as a file has, each of a prediction of its own. */
const files = { 'lab-1.csv': 30, 'lab-2.csv': 20, 'stranger.csv': 900 };
const idsOf = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${name}-${index}`);

async function predictAll(): Promise<void> {
  const { objects, artifactsBucket } = user.clients;
  const lambda = new LambdaClient(subject.region.sdkConfig);
  for (const [name, count] of Object.entries(files)) {
    const inferenceIds = idsOf(name, count);
    const records = inferenceIds.map((_, row) => ({
      age: 18 + (row % 60),
      plan: 'plus',
      balance: row / 8 + count,
    }));
    const { FunctionError } = await lambda.send(
      new InvokeCommand({
        FunctionName: subject.region.outputs.PredictFunctionName,
        Payload: JSON.stringify({ model: 'churn', records, inferenceIds }),
      }),
    );
    expect(FunctionError).toBeUndefined();
  }
  const wanted = Object.values(files).reduce((sum, count) => sum + count, 0);
  for (let seen = 0; seen < wanted; await delay(200)) {
    seen = 0;
    for await (const object of objects.list(artifactsBucket, captureKeys('churn').byFunction)) {
      for await (const _ of linesOfObject(objects, object)) seen += 1;
    }
  }
}

async function labelAll(): Promise<void> {
  for (const [name, count] of Object.entries(files)) {
    const label = name === 'stranger.csv' ? 'yes' : 'no';
    const file = join(small.directory, name);
    writeFileSync(
      file,
      `inference_id,label\n${idsOf(name, count)
        .map((id) => `${id},${label}\n`)
        .join('')}`,
    );
    await user.clients.uploads.put(`labels/churn/${name}`, file);
  }
}

it('a retraining takes of a file that labels most rows no more than half of what is trained, and says so', async () => {
  await user.dropDefinition(small.definition);
  await user.event('model.onboarded');
  await user.dropData('customers.csv', small.data);
  await user.event('deployment.succeeded');
  await predictAll();
  await labelAll();

  const stateMachineArn = subject.region.outputs.RetrainStateMachineArn;
  await new SFNClient(subject.region.sdkConfig).send(
    new StartExecutionCommand({ stateMachineArn, input: '{ "model": "churn" }' }),
  );

  const { detail: started } = await user.event('retraining.started');
  const { detail: committed } = await user.event('dataset.committed', 2);
  // 400 rows, 50 of the others, and as many of the stranger's again.
  expect(committed.rows).toBe(900);
  expect(started.labels).toMatchObject({
    datasetRows: 900,
    files: 3,
    largest: { key: 'labels/churn/stranger.csv', rows: 450 },
    maximumShare: 0.5,
    heldBack: { rows: 450, files: [{ key: 'labels/churn/stranger.csv', rows: 450 }] },
  });
  expect(started.message).toContain('450 labelled rows were held back');
  await user.event('version.gated', 2);
}, 300_000);
