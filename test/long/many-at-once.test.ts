import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { paginateListExecutions, SFNClient } from '@aws-sdk/client-sfn';
import { manifestSchema } from '@tidemark/domain/datasets/manifest.schema.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { datasetRecordSchema } from '@tidemark/domain/registry/records.schema.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { batchesRecordSchema } from '../../functions/ingest/batch.schema.ts';
import { type RegionClients, regionClients } from '../../laptop/start/region-clients.ts';
import { machinesOf } from '../../laptop/start/region-map.ts';
import { isFull } from '../support/long-size.ts';
import { type RegionUnderTest, startRegion } from '../support/region.ts';

const definitions = isFull ? 200 : 20;
const files = isFull ? 2_000 : 200;
const rowsPerFile = 4;
/** Of the last of the files: every hundredth cannot be read. */
const badEvery = isFull ? 100 : 20;
const putsAtOnce = 20;
const restMilliseconds = 5_000;
/** Listing some thousand executions takes the region from its work. */
const lookMilliseconds = 2_000;

let subject: RegionUnderTest;
let clients: RegionClients;
let s3: S3Client;
let sfn: SFNClient;

beforeAll(async () => {
  // Two functions run at a time: a tenth of what AWS gives a new account.
  subject = await startRegion({ processes: true, speed: 60 });
  clients = regionClients(subject.region);
  s3 = new S3Client({ ...subject.region.sdkConfig, forcePathStyle: true });
  sfn = new SFNClient(subject.region.sdkConfig);
});
afterAll(() => subject.stop());

const put = (Key: string, Body: string) =>
  s3.send(new PutObjectCommand({ Bucket: clients.dataBucket, Key, Body }));

async function putAll(objects: readonly { readonly key: string; readonly body: string }[]): Promise<void> {
  const next = objects.values();
  const worker = async () => {
    for (const { key, body } of next) await put(key, body);
  };
  await Promise.all(Array.from({ length: putsAtOnce }, worker));
}

/** How many executions there are of each status. */
async function counts(): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const { arn: stateMachineArn, capability } of machinesOf(subject.region.resources)) {
    for await (const page of paginateListExecutions({ client: sfn, pageSize: 1000 }, { stateMachineArn })) {
      for (const { status } of page.executions ?? []) {
        const name = `${capability} ${status}`;
        found[name] = (found[name] ?? 0) + 1;
      }
    }
  }
  return found;
}

/** Waits until so many executions have begun, none runs, and none begins any more. */
async function rest(begun: Readonly<Record<string, number>>): Promise<Record<string, number>> {
  let [last, since] = ['', Date.now()];
  for (;;) {
    const now = await counts();
    const text = JSON.stringify(now);
    if (text !== last) [last, since] = [text, Date.now()];
    const isRunning = Object.keys(now).some((name) => name.endsWith('RUNNING'));
    const hasBegun = Object.entries(begun).every(([capability, least]) => begunOf(now, capability) >= least);
    if (hasBegun && !isRunning && Date.now() - since >= restMilliseconds) return now;
    await delay(lookMilliseconds);
  }
}

const begunOf = (counted: Readonly<Record<string, number>>, capability: string): number =>
  Object.entries(counted)
    .filter(([name]) => name.startsWith(`${capability} `))
    .reduce((sum, [, count]) => sum + count, 0);

const definitionOf = (name: string) =>
  `name: ${name}\nproblem: binary\ntarget: cancelled\ntraining: { hyperparameters: { num_round: 5 } }\n`;

function file(number: number): { readonly key: string; readonly body: string } {
  const key = `incoming/many/${String(number).padStart(5, '0')}.csv`;
  if (number % badEvery === badEvery - 1) return { key, body: 'age,balance,cancelled\n1,2\n' };
  const rows = Array.from({ length: rowsPerFile }, (_, row) => {
    const value = number * rowsPerFile + row;
    return `${18 + (value % 60)},${(value * 7919) % 10_007},${value % 60 > 30 === (value % 7 !== 0) ? 'yes' : 'no'}`;
  });
  return { key, body: `age,balance,cancelled\n${rows.join('\n')}\n` };
}

describe(`${definitions} definitions and ${files} small files at once`, () => {
  it('end in models, a dataset and quarantine, and leave nothing open', { timeout: 7_200_000 }, async () => {
    await put('definitions/many.yaml', definitionOf('many'));
    await rest({ onboard: 1 });
    const names = Array.from({ length: definitions }, (_, number) => `model-${number}`);
    const dropped = Array.from({ length: files }, (_, number) => file(number));

    await putAll([
      ...names.map((name) => ({ key: `definitions/${name}.yaml`, body: definitionOf(name) })),
      ...dropped,
    ]);
    const ended = await rest({ onboard: definitions + 1, ingest: files });

    console.info(ended);
    // Nothing has failed, seen or unseen.
    expect(Object.keys(ended).filter((name) => !name.endsWith('SUCCEEDED'))).toEqual([]);
    expect((await clients.registry.modelNames()).toSorted()).toEqual([...names, 'many'].toSorted());
    for (const name of names)
      expect((await clients.registry.model(name))?.monitored?.definitionHash, name).toBeDefined();
    const table = new RegistryTable(clients.registryTable, new DynamoDBClient(subject.region.sdkConfig));
    expect((await table.get(keys.batches('many'), batchesRecordSchema))?.openBatch).toBeUndefined();
    expect(await places(table)).toEqual(
      new Map(
        dropped.map(({ key, body }) => [
          key,
          body.includes('yes') || body.includes('no') ? 'dataset' : 'quarantine',
        ]),
      ),
    );
  });
});

/** Where each file is. */
async function places(table: RegistryTable): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const { manifest } of table.query(keys.modelPk('many'), 'DATASET#', datasetRecordSchema)) {
    const { parts } = manifestSchema.parse(JSON.parse(await clients.objects.readText(manifest)));
    for (const { sources } of parts) for (const { key } of sources) found.set(key, 'dataset');
  }
  for await (const { key } of clients.objects.list(clients.dataBucket, 'quarantine/many/')) {
    const path = /^quarantine\/many\/[^/]+\/files\/(.+)$/.exec(key)?.[1];
    if (path !== undefined) found.set(`incoming/many/${path}`, 'quarantine');
  }
  return new Map([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
