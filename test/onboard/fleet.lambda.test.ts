import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { objectCreatedSchema } from '@tidemark/domain/events/object-created.schema.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import type { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import type { Onboarding } from '../../functions/onboard/onboarding.schema.ts';
import { connectRegistry, registryTableInput, registryTableName } from '../support/registry.ts';
import { type Services, startServices } from '../support/services.ts';

// Two hundred at once are in each other's way, all the more on a busy machine.
vi.setConfig({ testTimeout: 400_000 });

const bucket = 'data';
const limits = { concurrency: 100, endpoints: 40, large: 7 };
let services: Services;
let s3: S3Client;
let table: RegistryTable;
let onboard: (input: unknown) => Promise<Onboarding>;

beforeAll(async () => {
  services = await startServices({ buckets: { [bucket]: {} }, tables: [registryTableInput] });
  s3 = new S3Client({ ...services.sdkConfig, forcePathStyle: true });
  table = connectRegistry(services);
  // The handler reads its environment when it is loaded, as Lambda gives it.
  Object.assign(process.env, {
    STAGE: 'test',
    TABLE_NAME: registryTableName,
    DATA_BUCKET: bucket,
    ARTIFACTS_BUCKET: 'artifacts',
    CODE_VERSION: 'code',
    AWS_REGION: services.sdkConfig.region,
    AWS_ENDPOINT_URL: services.endpoint,
    AWS_ACCESS_KEY_ID: services.sdkConfig.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: services.sdkConfig.credentials.secretAccessKey,
    SERVERLESS_MAX_CONCURRENCY: String(limits.concurrency),
    SERVERLESS_ENDPOINTS: String(limits.endpoints),
    ENDPOINT_INSTANCES: JSON.stringify({ 'ml.m5.large': limits.large }),
    IMAGES: 'null',
    NETWORK_ISOLATION: 'always',
    TRAINING_MINUTES: '120',
  });
  ({ handler: onboard } = await import('../../functions/onboard/onboard-definition.lambda.ts'));
});
afterAll(() => services.stop());

let executions = 0;

/** Puts a definition and has it dealt with, again when many at once were in each other's way, as the state machine does. */
async function put(name: string, more = ''): Promise<Onboarding> {
  const Body = `name: ${name}\nproblem: binary\ntarget: outcome\n${more}\n`;
  const { VersionId } = await s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: `definitions/${name}.yaml`, Body }),
  );
  const published = await services.eventsOn('default');
  const event = objectCreatedSchema.parse(
    published.find(({ detail }) => Object(Object(detail).object)['version-id'] === VersionId),
  );
  executions += 1;
  const executionArn = `arn:aws:states:eu-west-1:000000000000:execution:onboard:${executions}`;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await onboard({ executionArn, event });
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'RegistryConflictError' || attempt === 40) throw error;
    }
  }
}

async function used(): Promise<Record<string, number>> {
  const item = (await table.get(keys.fleet, z.record(z.string(), z.unknown()))) ?? {};
  return Object.fromEntries(
    Object.entries(item).flatMap(([name, value]) =>
      typeof value === 'number' && value !== 0 ? [[name, value]] : [],
    ),
  );
}

/** What the definitions in the registry need, added up by themselves. */
async function needed(): Promise<Record<string, number>> {
  const models = new Models(table);
  const sums: Record<string, number> = {};
  const add = (name: string, number: number) => {
    sums[name] = (sums[name] ?? 0) + number;
  };
  for await (const { model } of models.list()) {
    const { definition } = await models.load(model);
    if (definition.lifecycle === 'retired') continue;
    if (definition.deployment.kind === 'instance') {
      add(`instances ${definition.deployment.instance}`, definition.deployment.count);
    } else {
      add('serverlessEndpoints', 1);
      add('serverlessConcurrency', definition.deployment.maxConcurrency);
    }
  }
  return sums;
}

const serverless = (concurrency: number) =>
  `deployment: { kind: serverless, maxConcurrency: ${concurrency} }`;
const instances = (count: number, type = 'ml.m5.large') =>
  `deployment: { kind: instance, instance: ${type}, count: ${count} }`;

async function problemOf(name: string, more: string) {
  const { outcome, events } = await put(name, more);
  expect(outcome).toBe('rejected');
  const detail = events[0]?.detail;
  return detail && 'problems' in detail ? detail.problems[0] : undefined;
}

// One story: the sums are those of all models of the registry.
describe('what the endpoints of all models need', () => {
  it('is added up exactly when two hundred definitions come at once, and exactly those beyond a limit are refused', async () => {
    const ends = await Promise.all(
      Array.from({ length: 200 }, (_, number) => put(`many-${number}`, serverless(5))),
    );

    // 100 concurrent requests, 5 each.
    expect(ends.filter(({ outcome }) => outcome === 'onboarded')).toHaveLength(20);
    expect(ends.filter(({ outcome }) => outcome === 'rejected')).toHaveLength(180);
    expect(await used()).toEqual({ serverlessEndpoints: 20, serverlessConcurrency: 100 });
  });

  it('is refused with the quota, what is in use, and what to do', async () => {
    expect(await problemOf('one-more', serverless(1))).toEqual({
      line: 4,
      column: expect.any(Number),
      field: 'deployment.maxConcurrency',
      what: expect.stringMatching(/needs 1 concurrent .* have 100 of 100 .*L-96300102/),
      remedy: expect.stringMatching(/retire a model .* `limits\.serverlessMaxConcurrency` with it\.$/),
    });
    expect(await problemOf('too-many-instances', instances(8))).toMatchObject({
      field: 'deployment.count',
      what: expect.stringMatching(/needs 8 ml\.m5\.large .* have 0 of 7 .*ml\.m5\.large for endpoint usage/),
    });
  });

  it('follows whatever is put, changed, retired and brought back, and refuses nothing that fits', async () => {
    const change = fc.record({
      number: fc.nat(25),
      more: fc.oneof(
        fc.integer({ min: 1, max: 60 }).map(serverless),
        fc.integer({ min: 1, max: 4 }).map((count) => instances(count)),
        fc.integer({ min: 1, max: 9 }).map((count) => instances(count, 'ml.c5.xlarge')),
        fc.constant('lifecycle: retired'),
      ),
    });

    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        const distinct = [...new Map(changes.map((one) => [one.number, one])).values()];
        await Promise.all(distinct.map(({ number, more }) => put(`many-${number}`, more)));

        const sums = await used();
        expect(sums).toEqual(await needed());
        expect(sums.serverlessConcurrency ?? 0).toBeLessThanOrEqual(limits.concurrency);
        expect(sums.serverlessEndpoints ?? 0).toBeLessThanOrEqual(limits.endpoints);
        expect(sums['instances ml.m5.large'] ?? 0).toBeLessThanOrEqual(limits.large);
      }),
      { numRuns: 25 },
    );
  });

  it('is less when a model is retired, which makes room for another', async () => {
    const names: string[] = [];
    for await (const { model } of new Models(table).list()) names.push(model);
    for (const name of names) await put(name, 'lifecycle: retired');

    expect(await put('newcomer', serverless(limits.concurrency))).toMatchObject({ outcome: 'onboarded' });
    expect(await used()).toEqual(await needed());
  });
});
