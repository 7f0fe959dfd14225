import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { Endpoints } from '@tidemark/domain/endpoints/endpoints.client.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import type { ModelRecord } from '@tidemark/domain/registry/records.schema.ts';
import { ModelRetiredError } from '@tidemark/domain/registry/retired-model.ts';
import type { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ServingVersions } from '../../functions/capture/serving-versions.client.ts';
import { versionRecord } from '../deploy/deploy-records.ts';
import { connectRegistry, modelRecord, putModel, registryTableInput, retired } from '../support/registry.ts';
import { type Services, startServices } from '../support/services.ts';
import { distance, encodingOf } from './encodings.ts';

const model = 'flight-delay';
const config = (version: number) => `tidemark-dev-${model}-v${version}-abc123`;

let services: Services;
let sagemaker: Server;
let table: RegistryTable;
let objects: Objects;
let endpoints: Endpoints;
let versions: ServingVersions;
/** What SageMaker says of the endpoint, and how often it was asked. */
let described: object;
let asked: number;

beforeAll(async () => {
  services = await startServices({ tables: [registryTableInput], buckets: { artifacts: {} } });
  table = connectRegistry(services);
  objects = new Objects(new S3Client(services.sdkConfig));
  sagemaker = createServer((request, response) => {
    const known = request.headers['x-amz-target'] === 'SageMaker.DescribeEndpoint';
    asked += 1;
    response.writeHead(known ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(described));
  });
  await new Promise<void>((resolve) => sagemaker.listen(0, '127.0.0.1', resolve));
  const { port } = sagemaker.address() as AddressInfo;
  const client = new SageMakerClient({ ...services.sdkConfig, endpoint: `http://127.0.0.1:${port}` });
  endpoints = new Endpoints(client);
});
afterAll(async () => {
  sagemaker.closeAllConnections();
  sagemaker.close();
  await services.stop();
});
beforeEach(async () => {
  asked = 0;
  versions = new ServingVersions('dev', table, endpoints, objects);
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-01T12:00:00Z') });
  await becomes({ liveVersion: 1 }, 1);
});
afterEach(() => void vi.useRealTimers());

async function becomes(record: Partial<ModelRecord>, has: number, gets?: number): Promise<void> {
  await putModel(table, modelRecord(model, record));
  described = {
    EndpointStatus: gets === undefined ? 'InService' : 'Updating',
    EndpointConfigName: config(has),
    ...(gets !== undefined && { PendingDeploymentSummary: { EndpointConfigName: config(gets) } }),
  };
}
const lease = { owner: 'deployment-1', purpose: 'deploy', until: '2026-03-01T12:30:00.000Z' } as const;
const afterSeconds = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

describe('a look', () => {
  it('asks SageMaker once a minute while nothing is deployed', async () => {
    for (const seconds of [0, 1, 58, 2]) {
      afterSeconds(seconds);
      expect((await versions.look(model, false)).serving).toEqual({ kind: 'settled', version: 1 });
    }

    expect(asked).toBe(2);
  });

  it('asks again at once when the registry says that something else is live', async () => {
    await versions.look(model, false);
    await becomes({ liveVersion: 2 }, 2);

    expect((await versions.look(model, false)).serving).toEqual({ kind: 'settled', version: 2 });
  });

  it('asks every five seconds while something is deployed', async () => {
    await becomes({ liveVersion: 1, lease }, 1, 2);

    for (const seconds of [0, 2, 2, 2]) {
      afterSeconds(seconds);
      expect((await versions.look(model, false)).serving).toEqual({ kind: 'changing', versions: [1, 2] });
    }

    expect(asked).toBe(2);
  });

  it('relies on nothing that it saw before when it is asked not to', async () => {
    await versions.look(model, false);
    await versions.look(model, true);

    expect(asked).toBe(2);
  });

  it('is refused at once when the model is retired, though its endpoint still answers', async () => {
    await versions.look(model, false);
    await putModel(table, retired(modelRecord(model, { liveVersion: 1 })));

    await expect(versions.look(model, false)).rejects.toThrow(new ModelRetiredError(model).message);
    expect(asked).toBe(1);
  });

  it('is unchanged as long as nobody has done anything with the model', async () => {
    const look = await versions.look(model, false);

    expect(await versions.unchangedSince(look)).toBe(true);
  });

  it.each([
    ['a deployment has taken the model', { liveVersion: 1, lease }],
    ['another version is live', { liveVersion: 2 }],
    ['the same version went live again', { liveVersion: 1, updatedAt: '2026-03-01T13:00:00.000Z' }],
  ])('is changed when %s', async (_, record) => {
    const look = await versions.look(model, false);
    await becomes(record, 1);

    expect(await versions.unchangedSince(look)).toBe(false);
  });
});

describe('a version', () => {
  async function register(smoke: object): Promise<void> {
    const pins = {
      encoding: await objects.putJson('artifacts', 'runs/encoding.json', encodingOf(distance)),
      smoke: await objects.putJson('artifacts', 'runs/smoke.json', smoke),
    };
    await table.put({ Item: { ...keys.version(model, 7), ...versionRecord(7), ...pins } });
  }
  const rows = [{ features: '1', prediction: [0.5] }];

  it('is loaded with its encoding and stored rows, once', async () => {
    await register({ schemaVersion: 1, model, runId: 'r', rows });
    const first = await versions.version(model, 7);

    expect(first).toEqual({ version: 7, encoding: encodingOf(distance), witnesses: rows });
    expect(await versions.version(model, 7)).toBe(first);
  });

  it('that does not exist is named', async () => {
    await expect(versions.version(model, 8)).rejects.toThrow(
      'The registry has no version 8 of flight-delay.',
    );
  });

  it('whose files are not what train writes is a defect', async () => {
    await register({ rows: [] });

    await expect(versions.version(model, 7)).rejects.toMatchObject({ name: 'InvariantError' });
  });
});
