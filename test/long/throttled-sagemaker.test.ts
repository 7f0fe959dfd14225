import { setTimeout as delay } from 'node:timers/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { regionClients } from '../../local/start/region-clients.ts';
import { builtInModel } from '../../tools/cases/built-in-model.ts';
import { type RegionUnderTest, startRegion } from '../support/region.ts';

const models = 50;
/** Fewer than any account has been seen to have. */
const createsPerSecond = 1;

let subject: RegionUnderTest;
beforeAll(async () => {
  subject = await startRegion({ speed: 60, sagemakerCreatesPerSecond: createsPerSecond });
});
afterAll(() => subject.stop());

it(`${models} models that start at once are all live in the end, at ${createsPerSecond} request a second`, async () => {
  const { registry, dataBucket } = regionClients(subject.region);
  const s3 = new S3Client({ ...subject.region.sdkConfig, forcePathStyle: true });
  const put = (Key: string, Body: string) => s3.send(new PutObjectCommand({ Bucket: dataBucket, Key, Body }));
  const names = Array.from({ length: models }, (_, number) => `model-${number}`);

  for (const name of names) {
    const { definition, data } = builtInModel(name);
    // Files wait for their models, so that all is there before anything begins.
    await put(`incoming/${name}/data.csv`, data);
    await put(`definitions/${name}.yaml`, `${definition}training: { hyperparameters: { num_round: 5 } }\n`);
  }
  const ended = new Map<string, string>();
  while (ended.size < models) {
    for (const name of names) {
      const end = (await registry.events(name)).find(({ type }) =>
        [
          'deployment.succeeded',
          'deployment.rolled-back',
          'training.failed',
          'version.rejected',
          'data.rejected',
        ].includes(type),
      );
      if (end)
        ended.set(
          name,
          end.type === 'deployment.succeeded' ? end.type : `${end.type}: ${end.detail.message}`,
        );
    }
    await delay(2_000);
  }

  expect([...ended.values()]).toEqual(names.map(() => 'deployment.succeeded'));
});
