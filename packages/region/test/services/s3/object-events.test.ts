import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterEach, describe, expect, test } from 'vitest';
import { type S3Region, type SentEvent, startS3 } from './s3-region.ts';

let region: S3Region;
afterEach(() => region.stop());

const Bucket = 'data';
const Key = 'incoming/m/ä b.csv';
const start = async (versioned: boolean) => {
  region = await startS3({ buckets: { [Bucket]: { versioned, eventBridge: true } } });
};
const put = (Body: string) => region.client.send(new PutObjectCommand({ Bucket, Key, Body }));
const lastEvent = async () => (await region.sentEvents()).at(-1);

describe('a creation', () => {
  test('is an event with everything about the object', async () => {
    await start(true);
    const { VersionId, $metadata } = await put('hello');

    expect(await lastEvent()).toEqual({
      'detail-type': 'Object Created',
      source: 'aws.s3',
      resources: ['arn:aws:s3:::data'],
      detail: {
        version: '0',
        bucket: { name: Bucket },
        object: {
          key: Key,
          size: 5,
          etag: '5d41402abc4b2a76b9719d911017c592',
          'version-id': VersionId,
          sequencer: expect.stringMatching(/^[0-9a-f]{16}$/),
        },
        'request-id': $metadata.requestId,
        requester: '000000000000',
        'source-ip-address': '127.0.0.1',
        reason: 'PutObject',
      },
    });
  });

  test('has no version id without versioning', async () => {
    await start(false);
    await put('hello');

    expect((await lastEvent())?.detail).not.toHaveProperty('object.version-id');
  });

  test('by copy says so', async () => {
    await start(true);
    await put('hello');
    await region.client.send(
      new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: encodeURI(`${Bucket}/${Key}`) }),
    );

    expect((await lastEvent())?.detail).toMatchObject({
      reason: 'CopyObject',
      object: { key: 'copy', size: 5 },
    });
  });

  test('in parts is one event, on completion', async () => {
    await start(true);
    const { UploadId } = await region.client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const { ETag } = await region.client.send(
      new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: 'x' }),
    );
    expect(await region.sentEvents()).toEqual([]);
    const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] };
    await region.client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }));

    expect(await region.sentEvents()).toHaveLength(1);
    expect((await lastEvent())?.detail).toMatchObject({
      reason: 'CompleteMultipartUpload',
      object: { etag: expect.stringMatching(/-1$/), size: 1 },
    });
  });
});

describe('a deletion', () => {
  test('that creates a delete marker says so', async () => {
    await start(true);
    await put('x');
    const { VersionId } = await region.client.send(new DeleteObjectCommand({ Bucket, Key }));

    expect(await lastEvent()).toMatchObject({
      'detail-type': 'Object Deleted',
      detail: {
        object: { key: Key, 'version-id': VersionId },
        reason: 'DeleteObject',
        'deletion-type': 'Delete Marker Created',
      },
    });
  });

  test('of a version is permanent', async () => {
    await start(true);
    const { VersionId } = await put('x');
    await region.client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));

    expect((await lastEvent())?.detail).toMatchObject({
      object: { 'version-id': VersionId },
      'deletion-type': 'Permanently Deleted',
    });
  });

  test('without versioning is permanent, and of nothing is no event', async () => {
    await start(false);
    await put('x');
    for (let time = 0; time < 2; time += 1)
      await region.client.send(new DeleteObjectCommand({ Bucket, Key }));

    const events = await region.sentEvents();

    expect(events.map((event) => event['detail-type'])).toEqual(['Object Created', 'Object Deleted']);
    expect(events[1]?.detail).toMatchObject({ 'deletion-type': 'Permanently Deleted' });
  });
});

test('sequencers of one key go up with every change', async () => {
  await start(true);
  for (const body of ['1', '2', '3']) await put(body);
  await region.client.send(new DeleteObjectCommand({ Bucket, Key }));
  await put('4');

  const sequencers = (await region.sentEvents()).map(
    ({ detail }) => (detail as { object: { sequencer: string } }).object.sequencer,
  );

  expect(new Set(sequencers).size).toBe(5);
  expect([...sequencers].sort()).toEqual(sequencers);
});

test('a refused write is no event', async () => {
  await start(true);
  await put('x');
  await put('y').catch(() => undefined);
  await region.client
    .send(new PutObjectCommand({ Bucket, Key, Body: 'z', IfNoneMatch: '*' }))
    .catch(() => undefined);

  expect(await region.sentEvents()).toHaveLength(2);
});

test('a bucket without EventBridge sends nothing', async () => {
  region = await startS3({ buckets: { quiet: { versioned: true } } });
  await region.client.send(new PutObjectCommand({ Bucket: 'quiet', Key, Body: 'x' }));

  expect(await region.sentEvents()).toEqual([]);
});

test('an event that the bus did not take is sent after a restart', async () => {
  const faults: string[] = [];
  region = await startS3({
    buckets: { [Bucket]: { eventBridge: true } },
    events: {
      emit: async () => {
        throw new Error('the bus is down');
      },
    },
    onFault: (_fault, what) => faults.push(what),
  });
  await put('x');
  await region.service.idle();
  expect(faults).toEqual(['s3: sending an event to the default bus']);
  const taken: SentEvent[] = [];

  // The same directory with a bus that works.
  const { directory } = region;
  const stopped = region;
  await stopped.restart().then((again) => again.service.close?.());
  region = await startS3({ directory, events: { emit: async (event) => void taken.push(event) } });
  await region.service.idle();

  expect(taken).toMatchObject([{ 'detail-type': 'Object Created', detail: { object: { key: Key } } }]);
});
