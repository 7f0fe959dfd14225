import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  ListDeliveryStreamsCommand,
  PutRecordBatchCommand,
  PutRecordCommand,
  StartDeliveryStreamEncryptionCommand,
} from '@aws-sdk/client-firehose';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { wallClock } from '../../../clock.ts';
import { Gateway } from '../../../gateway/gateway.ts';
import { Roles } from '../../../gateway/roles.ts';
import type { Service } from '../../../gateway/service.ts';
import { unlimited } from '../../../iam/access.ts';
import { type FirehoseService, firehoseService } from '../../../services/firehose/firehose-service.ts';
import { type S3Service, s3Service } from '../../../services/s3/s3-service.ts';
import { ManualTime } from '../../manual-time.ts';
import { place } from '../serve.ts';

const role = 'arn:aws:iam::000000000000:role/firehose';
const query = [
  { ParameterName: 'MetadataExtractionQuery', ParameterValue: '{model:.model}' },
  { ParameterName: 'JsonParsingEngine', ParameterValue: 'JQ-1.6' },
];
const captures = {
  BucketARN: 'arn:aws:s3:::artifacts',
  RoleARN: role,
  Prefix: 'captures/!{partitionKeyFromQuery:model}/function/!{timestamp:yyyy/MM/dd/HH}/',
  ErrorOutputPrefix: 'capture-errors/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/',
  BufferingHints: { IntervalInSeconds: 300, SizeInMBs: 64 },
  CompressionFormat: 'GZIP',
  DynamicPartitioningConfiguration: { Enabled: true, RetryOptions: { DurationInSeconds: 300 } },
  ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'MetadataExtraction', Parameters: query }] },
};
const plain = {
  BucketARN: captures.BucketARN,
  RoleARN: role,
  BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 1 },
};

let directory: string;
let time: ManualTime;
let service: FirehoseService;
let s3: S3Service;
let gateway: Gateway;
let client: FirehoseClient;
let objects: S3Client;
let writers: (string | undefined)[];
let failures: string[];

/** S3, with the callers of PutObject noted. */
function watched(inner: S3Service): Service {
  return {
    signingName: 's3',
    guard: inner.guard,
    async handle(request, response, call) {
      if (request.method === 'PUT') writers.push(call.caller.roleArn);
      await inner.handle(request, response, call);
    },
    close: async () => await inner.close?.(),
  };
}

async function start({ withBucket = true, starts = true } = {}): Promise<void> {
  const roles = new Roles(unlimited);
  s3 = await s3Service({
    ...place,
    directory: join(directory, 's3'),
    events: { emit: async () => undefined },
  });
  service = await firehoseService({
    ...place,
    directory: join(directory, 'firehose'),
    roles,
    endpoint: () => gateway.endpoint,
    time,
    // A second of back-off lasts a millisecond.
    clock: wallClock({ speed: 1000 }),
    onFailedDelivery: (_stream, why) => failures.push(why),
    onFault: (fault) => {
      throw fault;
    },
  });
  gateway = await Gateway.start({ ...place, services: [service, watched(s3)], roles });
  const config = {
    region: place.region,
    endpoint: gateway.endpoint,
    credentials: roles.developer,
    maxAttempts: 1,
  };
  client = new FirehoseClient(config);
  objects = new S3Client({ ...config, forcePathStyle: true });
  if (withBucket) await makeBucket();
  if (starts) await service.start();
}

const makeBucket = () =>
  s3.configureBucket('artifacts', { versioned: false, eventBridge: false, objectLock: false, lifecycle: [] });

async function stop(): Promise<void> {
  client.destroy();
  objects.destroy();
  await service.pause();
  await gateway.stop();
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'firehose-'));
  time = new ManualTime('2026-03-01T14:58:00Z');
  writers = [];
  failures = [];
  await start();
});
afterEach(async () => {
  await stop();
  await rm(directory, { recursive: true });
});

const put = (...records: unknown[]) =>
  client.send(
    new PutRecordBatchCommand({
      DeliveryStreamName: 'captures',
      Records: records.map((record) => ({
        Data: Buffer.from(typeof record === 'string' ? record : `${JSON.stringify(record)}\n`),
      })),
    }),
  );
const keys = async () =>
  ((await objects.send(new ListObjectsV2Command({ Bucket: 'artifacts' }))).Contents ?? []).map(
    ({ Key = '' }) => Key,
  );
async function contents(key: string): Promise<string> {
  const { Body } = await objects.send(new GetObjectCommand({ Bucket: 'artifacts', Key: key }));
  const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
  return (key.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

describe('records', () => {
  test('reach S3 when the interval is over, an object per partition, as the stream’s role', async () => {
    await service.putDeliveryStream('captures', captures);
    const { FailedPutCount, RequestResponses } = await put({ model: 'm1', n: 1 }, { model: 'm2', n: 2 });
    time.advance(100);
    await put({ model: 'm1', n: 3 });
    expect(await keys()).toEqual([]);
    time.advance(200);
    await expect.poll(keys).toHaveLength(2);

    const [first = '', second = ''] = await keys();
    expect(first).toMatch(
      /^captures\/m1\/function\/2026\/03\/01\/14\/captures-1-2026-03-01-14-58-00-[0-9a-f-]{36}\.gz$/,
    );
    expect(second).toMatch(/^captures\/m2\/function\/2026\/03\/01\/14\//);
    expect(await contents(first)).toBe('{"model":"m1","n":1}\n{"model":"m1","n":3}\n');
    expect(writers).toEqual([role, role]);
    expect(FailedPutCount).toBe(0);
    expect(RequestResponses).toHaveLength(2);
  });

  test('reach S3 before that when there are enough of them', async () => {
    await service.putDeliveryStream('captures', plain);
    const megabyte = 'x'.repeat(600_000);
    await put(megabyte);
    expect(await keys()).toEqual([]);
    await put(megabyte);

    await expect.poll(keys).toEqual([expect.stringMatching(/^2026\/03\/01\/14\/captures-1-/)]);
  });

  test('that cannot be partitioned go to the error output, with the reason', async () => {
    await service.putDeliveryStream('captures', captures);
    await put({ model: 'm1' }, 'no JSON', { other: 1 });
    time.advance(300);
    await expect.poll(keys).toHaveLength(2);

    const [key = ''] = await keys();
    const lines = (await contents(key))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(key).toMatch(/^capture-errors\/processing-failed\/2026\/03\/01\/14\//);
    expect(lines).toMatchObject(
      [
        { errorCode: 'DynamicPartitioning.MetadataExtractionFailed', errorMessage: /not JSON/ },
        { errorMessage: /model has no value/ },
      ].map((line) => ({ ...line, errorMessage: expect.stringMatching(line.errorMessage) })),
    );
    expect(lines.map(({ rawData }) => Buffer.from(rawData, 'base64').toString())).toEqual([
      'no JSON',
      '{"other":1}\n',
    ]);
  });

  test('get a delimiter where the stream adds one', async () => {
    await service.putDeliveryStream('captures', {
      ...plain,
      ProcessingConfiguration: {
        Enabled: true,
        Processors: [
          {
            Type: 'AppendDelimiterToRecord',
            Parameters: [{ ParameterName: 'Delimiter', ParameterValue: '\\n' }],
          },
        ],
      },
    });
    await client.send(
      new PutRecordCommand({ DeliveryStreamName: 'captures', Record: { Data: Buffer.from('a') } }),
    );
    await put('b');
    time.advance(60);
    await expect.poll(keys).toHaveLength(1);

    expect(await contents((await keys())[0] ?? '')).toBe('a\nb\n');
  });

  test('outlive a restart, and wait no longer for it', async () => {
    await service.putDeliveryStream('captures', captures);
    await put({ model: 'm1' });
    await stop();
    time.advance(301);
    await start();

    await expect.poll(keys).toEqual([expect.stringMatching(/^captures\/m1\/function\/2026\/03\/01\/14\//)]);
  });

  test('that arrive while an earlier run’s are taken up are written once', async () => {
    await service.putDeliveryStream('captures', plain);
    await stop();
    await start({ starts: false });
    await Promise.all([put('a'), put('b'), service.start(), put('c')]);
    time.advance(60);
    await expect.poll(keys).toHaveLength(1);

    expect([...(await contents((await keys())[0] ?? ''))].sort()).toEqual(['a', 'b', 'c']);
  });

  test('are written once S3 takes them', async () => {
    await rm(join(directory, 's3'), { recursive: true, force: true });
    await stop();
    await start({ withBucket: false });
    await service.putDeliveryStream('captures', plain);
    await put('kept');
    time.advance(60);
    await expect.poll(() => failures.length).toBeGreaterThan(0);
    await makeBucket();

    await expect.poll(keys).toHaveLength(1);
    expect(failures[0]).toContain('NoSuchBucket');
  });

  test.each([
    ['for a stream that does not exist', 'missing', ['a'], 'ResourceNotFoundException'],
    ['that are larger than 1,000 KiB', 'captures', ['x'.repeat(1_024_001)], 'InvalidArgumentException'],
    [
      'that are together larger than 4 MiB',
      'captures',
      Array.from({ length: 5 }, () => 'x'.repeat(1_000_000)),
      'InvalidArgumentException',
    ],
    [
      'of which there are more than 500',
      'captures',
      Array.from({ length: 501 }, () => 'x'),
      'ValidationException',
    ],
  ])('are refused %s', async (_title, DeliveryStreamName, data, name) => {
    await service.putDeliveryStream('captures', plain);
    const Records = data.map((text) => ({ Data: Buffer.from(text) }));

    await expect(
      client.send(new PutRecordBatchCommand({ DeliveryStreamName, Records })),
    ).rejects.toMatchObject({ name });
  });
});

describe('a stream', () => {
  test('is described, and listed by name', async () => {
    await service.putDeliveryStream('captures', captures);
    await service.putDeliveryStream('another', plain);

    const { DeliveryStreamDescription } = await client.send(
      new DescribeDeliveryStreamCommand({ DeliveryStreamName: 'captures' }),
    );
    expect(DeliveryStreamDescription).toMatchObject({
      DeliveryStreamARN: 'arn:aws:firehose:eu-west-1:000000000000:deliverystream/captures',
      DeliveryStreamStatus: 'ACTIVE',
      VersionId: '1',
      Destinations: [
        { ExtendedS3DestinationDescription: { Prefix: captures.Prefix, CompressionFormat: 'GZIP' } },
      ],
    });
    expect(await client.send(new ListDeliveryStreamsCommand({ Limit: 1 }))).toMatchObject({
      DeliveryStreamNames: ['another'],
      HasMoreDeliveryStreams: true,
    });
  });

  test('that is deleted takes its records along', async () => {
    await service.putDeliveryStream('captures', plain);
    await put('gone');
    await service.deleteDeliveryStream('captures');
    await service.putDeliveryStream('other', plain);
    time.advance(600);

    await expect(put('late')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(await keys()).toEqual([]);
  });

  test.each([
    [
      'a Lambda processor',
      { ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'Lambda' }] } },
      /Lambda/,
    ],
    [
      'a query that jq alone understands',
      {
        ...captures,
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [
            {
              Type: 'MetadataExtraction',
              Parameters: [{ ParameterName: 'MetadataExtractionQuery', ParameterValue: '{m:.a|tostring}' }],
            },
          ],
        },
      },
      /of the form/,
    ],
    ['an unknown expression', { Prefix: '!{timestamp:EEE}/', ErrorOutputPrefix: 'e/' }, /EEE/],
    ['expressions and no error prefix', { Prefix: '!{timestamp:yyyy}/' }, /ErrorOutputPrefix/],
    ['partitions in too small a buffer', { ...captures, BufferingHints: { SizeInMBs: 5 } }, /64/],
    ['partitions without a query', { DynamicPartitioningConfiguration: { Enabled: true } }, /together/],
  ])('with %s is refused', async (_title, changes, message) => {
    await expect(service.putDeliveryStream('captures', { ...plain, ...changes })).rejects.toThrow(message);
  });
});

test('what is not served says so', async () => {
  await expect(
    client.send(new StartDeliveryStreamEncryptionCommand({ DeliveryStreamName: 'captures' })),
  ).rejects.toMatchObject({ name: 'NotImplemented' });
});
