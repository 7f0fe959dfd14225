import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterEach, describe, expect, test } from 'vitest';
import type { BucketConfiguration } from '../../../services/s3/bucket-configuration.ts';
import { type S3Region, startS3 } from './s3-region.ts';

const Bucket = 'data';
const day = 24 * 60 * 60 * 1000;
let region: S3Region;
let now: number;
afterEach(() => region.stop());

async function start(configuration: Partial<BucketConfiguration>): Promise<void> {
  now = Date.parse('2026-01-01T12:00:00Z');
  region = await startS3({ now: () => now, buckets: { [Bucket]: { eventBridge: true, ...configuration } } });
}
const put = async (Key: string) =>
  (await region.client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }))).VersionId;
const isThere = (Key: string) =>
  region.client.send(new GetObjectCommand({ Bucket, Key })).then(
    () => true,
    () => false,
  );
const versions = async () => {
  const { Versions = [], DeleteMarkers = [] } = await region.client.send(
    new ListObjectVersionsCommand({ Bucket }),
  );
  return { versions: Versions.map(({ VersionId }) => VersionId), markers: DeleteMarkers.length };
};
async function sweepAfter(milliseconds: number): Promise<void> {
  now += milliseconds;
  await region.service.sweepLifecycle();
}

describe('an expiration', () => {
  test('is due at the midnight that ends its last day, and only for its prefix', async () => {
    await start({ lifecycle: [{ prefix: 'tmp/', expirationDays: 2 }] });
    await put('tmp/a');
    await put('kept');

    await sweepAfter(2 * day);
    expect(await isThere('tmp/a')).toBe(true);
    await sweepAfter(day / 2);

    expect(await isThere('tmp/a')).toBe(false);
    expect(await isThere('kept')).toBe(true);
  });

  test('is an event that no request caused', async () => {
    await start({ lifecycle: [{ expirationDays: 1 }] });
    await put('a');
    await sweepAfter(2 * day);

    const { detail } = (await region.sentEvents()).at(-1) ?? {};

    expect(detail).toMatchObject({
      reason: 'Lifecycle Expiration',
      'deletion-type': 'Permanently Deleted',
      requester: 's3.amazonaws.com',
    });
    expect(detail).not.toHaveProperty('source-ip-address');
  });

  test('leaves the versions of a versioned bucket, until they are due themselves', async () => {
    await start({ versioned: true, lifecycle: [{ expirationDays: 1, noncurrentExpirationDays: 3 }] });
    const version = await put('a');

    await sweepAfter(2 * day);
    expect(await versions()).toEqual({ versions: [version], markers: 1 });
    await sweepAfter(2 * day);
    expect(await versions()).toEqual({ versions: [version], markers: 1 });
    await sweepAfter(2 * day);

    expect(await versions()).toEqual({ versions: [], markers: 1 });
  });
});

test('an older version expires by the time since it was replaced', async () => {
  await start({ versioned: true, lifecycle: [{ noncurrentExpirationDays: 1 }] });
  await put('a');
  now += 30 * day;
  const current = await put('a');

  await sweepAfter(day);
  expect((await versions()).versions).toHaveLength(2);
  await sweepAfter(day);

  expect((await versions()).versions).toEqual([current]);
});

test('a delete marker without versions behind it is cleared away', async () => {
  await start({ versioned: true, lifecycle: [{ expiresLoneDeleteMarkers: true }] });
  const VersionId = await put('a');
  await region.client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));

  await sweepAfter(0);
  expect((await versions()).markers).toBe(1);
  await region.client.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId }));
  await sweepAfter(0);

  expect((await versions()).markers).toBe(0);
});

test('an unfinished upload is aborted', async () => {
  await start({ lifecycle: [{ abortUploadDays: 7 }] });
  const { UploadId } = await region.client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'big' }));
  const part = () =>
    region.client.send(new UploadPartCommand({ Bucket, Key: 'big', UploadId, PartNumber: 1, Body: 'x' }));

  await sweepAfter(7 * day);
  await part();
  await sweepAfter(day);

  await expect(part()).rejects.toMatchObject({ name: 'NoSuchUpload' });
});

test('a locked version stays until its lock has ended', async () => {
  const defaultRetention = { mode: 'COMPLIANCE', days: 10 } as const;
  await start({
    versioned: true,
    objectLock: { defaultRetention },
    lifecycle: [{ noncurrentExpirationDays: 1 }],
  });
  await put('a');
  await put('a');

  await sweepAfter(5 * day);
  expect((await versions()).versions).toHaveLength(2);
  await sweepAfter(6 * day);

  expect((await versions()).versions).toHaveLength(1);
});
