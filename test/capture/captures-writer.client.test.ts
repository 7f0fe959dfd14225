import { FirehoseClient } from '@aws-sdk/client-firehose';
import { S3Client } from '@aws-sdk/client-s3';
import { linesOfObject } from '@tidemark/domain/captures/capture-objects.client.ts';
import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CaptureStream } from '../../functions/capture/capture-stream.client.ts';
import { CapturesWriter } from '../../functions/capture/captures-writer.client.ts';
import { type Services, startServices } from '../support/services.ts';
import { busy, FirehoseServer, taken } from './firehose-server.ts';

const bucket = 'artifacts';
const now = new Date('2026-03-01T09:59:59.000Z');
let services: Services;
let firehose: FirehoseServer;
let objects: Objects;
let logged: object[];

beforeAll(async () => {
  services = await startServices({ buckets: { [bucket]: {} } });
  firehose = await FirehoseServer.start();
  objects = new Objects(new S3Client(services.sdkConfig));
});
afterAll(async () => {
  await firehose.stop();
  await services.stop();
});
beforeEach(() => {
  logged = [];
});

function streamOfServer(): CaptureStream {
  const client = new FirehoseClient({
    ...services.sdkConfig,
    endpoint: firehose.endpoint,
    maxAttempts: 1,
  });
  return new CaptureStream('captures', client);
}

function writerTo(destination: string): CapturesWriter {
  return new CapturesWriter({
    stage: 'dev',
    bucket: destination,
    stream: streamOfServer(),
    objects,
    log: (line) => logged.push(line),
  });
}

async function written(model: string) {
  const found: { key: string; lines: unknown[] }[] = [];
  for await (const object of objects.list(bucket, `captures/${model}/`)) {
    const lines = [];
    for await (const line of linesOfObject(objects, object)) lines.push(line);
    found.push({ key: object.key, lines });
  }
  return found;
}

describe('captures', () => {
  it('go to the stream, and nothing is said about it', async () => {
    firehose.verdictOn = () => taken;

    await writerTo(bucket).write('model-a', ['{"a":1}'], now);

    expect(firehose.records).toContain('{"a":1}\n');
    expect(await written('model-a')).toEqual([]);
    expect(logged).toEqual([]);
  });

  it('that the stream does not take are written beside what it delivers, which is measured', async () => {
    firehose.verdictOn = () => busy;

    await writerTo(bucket).write('model-b', ['{"a":1}', '{"b":2}'], now);

    expect(await written('model-b')).toEqual([
      {
        key: expect.stringMatching(
          /^captures\/model-b\/function\/2026\/03\/01\/09\/direct-[0-9a-f-]{36}\.jsonl$/,
        ),
        lines: [
          { kind: 'line', text: '{"a":1}', number: 1 },
          { kind: 'line', text: '{"b":2}', number: 2 },
        ],
      },
    ]);
    expect(logged).toEqual([
      {
        _aws: {
          Timestamp: now.getTime(),
          CloudWatchMetrics: [
            {
              Namespace: 'Tidemark',
              Dimensions: [['Stage'], ['Stage', 'Model']],
              Metrics: [
                { Name: 'CapturesWrittenDirectly', Unit: 'Count' },
                { Name: 'CapturesLost', Unit: 'Count' },
              ],
            },
          ],
        },
        Stage: 'dev',
        Model: 'model-b',
        CapturesWrittenDirectly: 2,
        CapturesLost: 0,
        reasons: ['ServiceUnavailableException: Slow down.'],
      },
    ]);
  });

  it('that nobody takes are counted as lost with both reasons, and fail nothing', async () => {
    firehose.verdictOn = () => busy;

    await writerTo('no-such-bucket').write('model-c', ['{"a":1}'], now);

    expect(logged).toMatchObject([
      {
        CapturesWrittenDirectly: 0,
        CapturesLost: 1,
        reasons: [expect.stringMatching(/Slow down/), expect.stringMatching(/NoSuchBucket/)],
      },
    ]);
  });

  it('are measured by lines that are nothing but JSON, as CloudWatch’s filters want them', async () => {
    firehose.verdictOn = () => busy;
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);

    await new CapturesWriter({ stage: 'dev', bucket, stream: streamOfServer(), objects }).write(
      'model-d',
      ['{"a":1}'],
      now,
    );
    const output = written.mock.calls.map(([chunk]) => String(chunk)).join('');
    written.mockRestore();

    expect(JSON.parse(output)).toMatchObject({ Model: 'model-d', CapturesWrittenDirectly: 1 });
    expect(output).toMatch(/^[^\n]+\n$/);
  });
});
