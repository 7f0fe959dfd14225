import { setTimeout as delay } from 'node:timers/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  type HistoryEvent,
  paginateGetExecutionHistory,
  paginateListExecutions,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RegionClients, regionClients } from '../../laptop/start/region-clients.ts';
import { machinesOf } from '../../laptop/start/region-map.ts';
import { builtInModel } from '../../tools/cases/built-in-model.ts';
import { isFull } from '../support/long-size.ts';
import { type RegionUnderTest, startRegion } from '../support/region.ts';

const models = isFull ? 50 : 12;
/** Waits are real where there are fifty, as a laptop takes minutes over them. */
const speed = isFull ? 1 : 3;
/** A second of the laptop: divided like waits, SageMaker would hardly ever be asked too fast. Fewer than any account has been seen to have. */
const createsPerSecond = 1 / speed;

let subject: RegionUnderTest;
let clients: RegionClients;
beforeAll(async () => {
  subject = await startRegion({ speed, sagemakerCreatesPerSecond: createsPerSecond });
  clients = regionClients(subject.region);
});
afterAll(() => subject.stop());

it(`${models} models that start at once are all live in the end, while SageMaker takes a request each ${speed} s`, {
  timeout: 3_600_000,
}, async () => {
  const s3 = new S3Client({ ...subject.region.sdkConfig, forcePathStyle: true });
  const put = (Key: string, Body: string) =>
    s3.send(new PutObjectCommand({ Bucket: clients.dataBucket, Key, Body }));
  const names = Array.from({ length: models }, (_, number) => `model-${number}`);

  for (const name of names) {
    const { definition, data } = builtInModel(name);
    // Files wait for their models, so that all is there before anything begins.
    await put(`incoming/${name}/data.csv`, data);
    await put(`definitions/${name}.yaml`, `${definition}training: { hyperparameters: { num_round: 5 } }\n`);
  }
  const ends: string[] = [];
  for (const name of names) ends.push(await endOf(name));

  expect(ends).toEqual(names.map(() => 'deployment.succeeded'));
  const refused = await throttledRequests();
  console.info(`SageMaker refused ${refused} requests of ${models} models as too many.`);
  // Of each model two requests follow each other at once, twice.
  expect(refused).toBeGreaterThan(models);
});

const ending: readonly string[] = [
  'deployment.succeeded',
  'deployment.rolled-back',
  'training.failed',
  'version.rejected',
  'data.rejected',
  'definition.rejected',
];

/** What came of a model, as soon as something has. */
async function endOf(model: string): Promise<string> {
  for (;;) {
    const end = (await clients.registry.events(model)).find(({ type }) => ending.includes(type));
    if (end?.type === 'deployment.succeeded') return end.type;
    if (end) return `${model}: ${end.type}: ${end.detail.message}`;
    await delay(2_000);
  }
}

const isThrottled = ({ taskFailedEventDetails: failed }: HistoryEvent): boolean =>
  failed?.resourceType?.endsWith('sagemaker') === true && failed.cause?.includes('Rate exceeded') === true;

async function throttledRequests(): Promise<number> {
  const client = new SFNClient(subject.region.sdkConfig);
  let count = 0;
  for (const { arn: stateMachineArn, capability } of machinesOf(subject.region.resources)) {
    if (capability !== 'train' && capability !== 'deploy') continue;
    for await (const { executions } of paginateListExecutions({ client }, { stateMachineArn })) {
      for (const { executionArn } of executions ?? []) {
        for await (const { events } of paginateGetExecutionHistory({ client }, { executionArn }))
          count += events?.filter(isThrottled).length ?? 0;
      }
    }
  }
  return count;
}
