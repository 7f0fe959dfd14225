import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { type CaptureSource, captureSourceOf } from '@tidemark/domain/captures/capture-key.ts';
import { linesOfObject } from '@tidemark/domain/captures/capture-objects.client.ts';
import { readCaptureLine } from '@tidemark/domain/captures/read-captures.ts';
import type { Encoding, FeatureEncoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import { encodedColumnsOf } from '@tidemark/domain/datasets/encoding.ts';
import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import type { MonitoredRow } from '@tidemark/domain/windows/monitored.schema.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DryRunResponse, PredictionResponse } from '../../functions/capture/predict.schema.ts';
import { instanceSettings } from '../deploy/deploy-records.ts';
import { HostedModel } from '../deploy/hosted-model.ts';
import { artifactsBucket, type HostingRegion, startHostingRegion } from '../deploy/hosting-region.ts';
import type { Machine } from '../support/machine.ts';
import { distance } from './encodings.ts';
import { busy, FirehoseServer, taken } from './firehose-server.ts';

let region: HostingRegion;
let machine: Machine;
let firehose: FirehoseServer;
let ask: (event: unknown) => Promise<PredictionResponse | DryRunResponse>;
let model: HostedModel;

beforeAll(async () => {
  region = await startHostingRegion();
  machine = await region.machine('Deploy');
  firehose = await FirehoseServer.start();
  Object.assign(process.env, {
    CAPTURE_STREAM: 'captures',
    AWS_ENDPOINT_URL_FIREHOSE: firehose.endpoint,
  });
  ask = (await import('../../functions/capture/predict.lambda.ts')).handler;
});
afterAll(async () => {
  await firehose.stop();
  await region.stop();
});
beforeEach(async () => {
  model = await HostedModel.onboard(region);
  firehose.verdictOn = () => taken;
  firehose.records.length = 0;
});

async function predict(event: unknown): Promise<PredictionResponse> {
  const answered = await ask(event);
  if ('dryRun' in answered) throw new Error('A prediction was answered as a dry run.');
  return answered;
}

/** Version n has the code 100 n for the origin JFK, and answers n times the sum of what it reads. */
async function goLive(version: number, more: object = {}): Promise<void> {
  await model.register(version, { record: { encoding: await putEncoding(version), ...more } });
  const end = await machine.run(await model.approve(version));
  expect(end).toMatchObject({ status: 'SUCCEEDED' });
}

const answerOf = (version: number, record: { distance: number }) =>
  version * (record.distance + 100 * version);

function encodingOf(version: number): Encoding {
  const origin: FeatureEncoding = {
    kind: 'category',
    column: 'origin',
    values: { JFK: 100 * version },
    other: 0,
    method: 'index',
  };
  return {
    schemaVersion: 1,
    model: model.name,
    problem: 'regression',
    target: { column: 'delay', above: null, classes: [] },
    features: [distance, origin],
    encodedColumns: [distance, origin].flatMap(encodedColumnsOf),
  };
}

async function putEncoding(version: number) {
  const key = `runs/${model.name}/run${version}/encoding.json`;
  const { VersionId } = await new S3Client(region.sdkConfig).send(
    new PutObjectCommand({ Bucket: artifactsBucket, Key: key, Body: JSON.stringify(encodingOf(version)) }),
  );
  return { bucket: artifactsBucket, key, versionId: String(VersionId) };
}

/** A line of a capture as a window of version 1 reads it. */
function read(line: string, source: CaptureSource) {
  return readCaptureLine(line, source, { model: model.name, encodings: new Map([[1, encodingOf(1)]]) });
}

/** What SageMaker captured of the model, once the id is among it. */
async function capturedBy(objects: Objects, inferenceId: string) {
  const rows: MonitoredRow[] = [];
  let ownInvocations = 0;
  for await (const object of objects.list(artifactsBucket, `captures/${model.name}/endpoint/`)) {
    const source = captureSourceOf(object.key);
    if (!source) throw new Error(`${object.key} is no capture`);
    for await (const line of linesOfObject(objects, object)) {
      if (line.kind !== 'line') throw new Error(`${object.key} has a line that is ${line.kind}`);
      const { rows: some, leftOut } = read(line.text, source);
      rows.push(...some);
      ownInvocations += leftOut['own-invocation'] ?? 0;
    }
  }
  return rows.some((row) => row.inferenceId === inferenceId) ? { rows, ownInvocations } : undefined;
}

const record = { distance: 337, origin: 'JFK', carrier: 'XX' };

describe('the prediction function', () => {
  it('predicts raw records, and captures them as windows read them', async () => {
    await goLive(1);

    const response = await predict({
      model: model.name,
      records: [record, { distance: 5, origin: 'JFK' }],
      inferenceIds: ['order-17', 'order-18'],
    });

    expect(response).toEqual({
      model: model.name,
      version: 1,
      predictions: [
        { inferenceId: 'order-17', value: 437 },
        { inferenceId: 'order-18', value: 105 },
      ],
      warnings: [
        {
          code: 'ignored-fields',
          columns: ['carrier'],
          message: 'The model does not read these fields: `carrier`.',
        },
      ],
    });
    expect(firehose.records.flatMap((line) => read(line, { kind: 'function' }).rows)).toMatchObject([
      { inferenceId: 'order-17', version: 1, values: [337, 'JFK', 437], prediction: [437], record },
      { inferenceId: 'order-18', version: 1, values: [5, 'JFK', 105], prediction: [105] },
    ]);
  });

  it('tells in a dry run how records are read, without predicting or capturing', async () => {
    await goLive(1);

    const response = await ask({
      model: model.name,
      records: [{ distance: '337', origin: 'SFO' }],
      dryRun: true,
    });

    expect(response).toEqual({
      model: model.name,
      version: 1,
      dryRun: true,
      records: [
        {
          refused: null,
          columns: {
            distance: { read: 'value', value: 337 },
            origin: { read: 'unknown-category', value: 'SFO' },
          },
        },
      ],
      warnings: [],
    });
    expect(firehose.records).toEqual([]);
  });

  it('makes an id for each record that has none', async () => {
    await goLive(1);

    const { predictions } = await predict({ model: model.name, records: [record, record] });
    const [first, second] = predictions.map(({ inferenceId }) => inferenceId);

    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(second).not.toBe(first);
  });

  it('predicts although nothing can be captured by Firehose', async () => {
    await goLive(1);
    firehose.verdictOn = () => busy;

    const { predictions } = await predict({ model: model.name, records: [record] });

    expect(predictions).toMatchObject([{ value: 437 }]);
  });

  it('is monitored as a direct caller of the same endpoint is', async () => {
    await goLive(1, { deployment: instanceSettings });
    const direct = { EndpointName: model.endpointName, ContentType: 'text/csv', InferenceId: 'direct-17' };
    const hosting = region.sdkConfig;

    await predict({ model: model.name, records: [record], inferenceIds: ['order-17'] });
    await new SageMakerRuntimeClient(hosting).send(new InvokeEndpointCommand({ ...direct, Body: '337,100' }));

    const objects = new Objects(new S3Client(hosting));
    await expect.poll(() => capturedBy(objects, 'direct-17')).toBeDefined();
    const [raw] = firehose.records.flatMap((line) => read(line, { kind: 'function' }).rows);
    expect(await capturedBy(objects, 'direct-17')).toMatchObject({
      rows: [{ inferenceId: 'direct-17', version: 1, values: raw?.values, record: null }],
      // Two stored rows for the proof, one request of the function's.
      ownInvocations: 3,
    });
  });

  it.each([
    ['a bad request', () => ({ model: model.name }), 'InvalidPredictionRequestError'],
    ['an unknown model', () => ({ model: 'nobody', records: [record] }), 'ModelNotFoundError'],
    ['a bad record', () => ({ model: model.name, records: [{ distance: 'far' }] }), 'InvalidRecordError'],
  ])('says what is wrong with %s', async (_, request, name) => {
    await goLive(1);

    await expect(predict(request())).rejects.toMatchObject({ name });
    expect(firehose.records).toEqual([]);
  });

  it('says that nothing is live yet', async () => {
    await expect(predict({ model: model.name, records: [record] })).rejects.toMatchObject({
      name: 'NothingServesError',
    });
  });

  it('goes on with the former version when the next one is not proven', async () => {
    await goLive(1);
    await model.register(2, { behaviour: 'refuses', record: { encoding: await putEncoding(2) } });
    await machine.run(await model.approve(2));

    expect(await predict({ model: model.name, records: [record] })).toMatchObject({ version: 1 });
  });

  it.each([
    ['a serverless endpoint', {}],
    ['instances, in steps', { deployment: { ...instanceSettings, traffic: 'canary', count: 2 } }],
  ])('encodes for the version that answers, all through an update of %s', async (_, more) => {
    await goLive(1, more);
    let deployed = false;
    const deployment = goLive(2, more).finally(() => {
      deployed = true;
    });

    const seen: [number, number][] = [];
    while (!deployed) {
      const { version, predictions } = await predict({ model: model.name, records: [record, record] });
      for (const prediction of predictions) {
        seen.push([version, 'value' in prediction ? prediction.value : Number.NaN]);
      }
    }
    await deployment;

    expect(seen.filter(([version, value]) => value !== answerOf(version, record))).toEqual([]);
    expect(seen.length).toBeGreaterThan(0);
    expect(await predict({ model: model.name, records: [record] })).toMatchObject({
      version: 2,
      predictions: [{ value: answerOf(2, record) }],
    });
  });
});
