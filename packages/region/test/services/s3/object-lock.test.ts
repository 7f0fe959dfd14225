import {
  CreateBucketCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type S3Region, startS3 } from './s3-region.ts';

const day = 86_400_000;
let region: S3Region;
let now = Date.parse('2026-01-01T00:00:00Z');
let Key: string;
let count = 0;

beforeAll(async () => {
  const defaultRetention = { mode: 'GOVERNANCE', days: 10 } as const;
  region = await startS3({
    now: () => now,
    buckets: {
      lockable: { versioned: true, objectLock: true },
      audit: { versioned: true, objectLock: { defaultRetention } },
      plain: { versioned: true },
    },
  });
});
afterAll(() => region.stop());
beforeEach(() => {
  count += 1;
  Key = `locked/${count}`;
});

const put = async (Bucket: string, input: Partial<PutObjectCommandInput> = {}) =>
  (await region.client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ...input }))).VersionId ?? '';
const remove = (Bucket: string, VersionId: string, BypassGovernanceRetention?: boolean) =>
  region.client.send(
    new DeleteObjectCommand({
      Bucket,
      Key,
      VersionId,
      ...(BypassGovernanceRetention && { BypassGovernanceRetention }),
    }),
  );
const inDays = (days: number) => new Date(now + days * day);

describe('a locked version', () => {
  test('cannot be deleted before its time', async () => {
    const id = await put('lockable', { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: inDays(1) });

    await expect(remove('lockable', id)).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(remove('lockable', id, true)).rejects.toMatchObject({ name: 'AccessDenied' });
    now += 2 * day;
    await expect(remove('lockable', id)).resolves.toBeDefined();
  });

  test('under governance can be deleted by who bypasses it', async () => {
    const id = await put('lockable', { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: inDays(1) });

    await expect(remove('lockable', id)).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(remove('lockable', id, true)).resolves.toBeDefined();
  });

  test('under legal hold cannot be deleted at all', async () => {
    const id = await put('lockable', { ObjectLockLegalHoldStatus: 'ON' });

    await expect(remove('lockable', id, true)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('can be hidden by a delete marker', async () => {
    await put('lockable', { ObjectLockLegalHoldStatus: 'ON' });

    await expect(
      region.client.send(new DeleteObjectCommand({ Bucket: 'lockable', Key })),
    ).resolves.toMatchObject({ DeleteMarker: true });
  });

  test('shows its lock', async () => {
    await put('lockable', { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: inDays(1) });

    expect(await region.client.send(new HeadObjectCommand({ Bucket: 'lockable', Key }))).toMatchObject({
      ObjectLockMode: 'GOVERNANCE',
      ObjectLockRetainUntilDate: inDays(1),
    });
  });
});

test('a bucket’s default retention holds for what says nothing', async () => {
  const id = await put('audit');

  await expect(remove('audit', id)).rejects.toMatchObject({ name: 'AccessDenied' });
  expect(await region.client.send(new HeadObjectCommand({ Bucket: 'audit', Key }))).toMatchObject({
    ObjectLockMode: 'GOVERNANCE',
    ObjectLockRetainUntilDate: inDays(10),
  });
});

describe('a lock is refused', () => {
  test.each([
    [
      'in a bucket without Object Lock',
      'plain',
      { ObjectLockLegalHoldStatus: 'ON' as const },
      'InvalidRequest',
    ],
    ['without a date', 'lockable', { ObjectLockMode: 'GOVERNANCE' as const }, 'InvalidArgument'],
    [
      'with a date in the past',
      'lockable',
      { ObjectLockMode: 'GOVERNANCE' as const, ObjectLockRetainUntilDate: new Date(0) },
      'InvalidArgument',
    ],
  ])('%s', async (_title, bucket, input, name) => {
    await expect(put(bucket, input)).rejects.toMatchObject({ name });
  });
});

describe('Object Lock', () => {
  const settings = { versioned: true, eventBridge: false };

  test('is given to a bucket when it is created', async () => {
    await region.client.send(new CreateBucketCommand({ Bucket: 'made', ObjectLockEnabledForBucket: true }));

    await expect(put('made', { ObjectLockLegalHoldStatus: 'ON' })).resolves.toMatch(/^[0-9A-V]{32}$/);
  });

  test('cannot be taken away', async () => {
    await expect(
      region.service.configureBucket('lockable', { ...settings, objectLock: false }),
    ).rejects.toMatchObject({ code: 'InvalidBucketState' });
  });

  test('needs versioning', async () => {
    await expect(
      region.service.configureBucket('new-one', { ...settings, versioned: false, objectLock: true }),
    ).rejects.toMatchObject({ code: 'InvalidBucketState' });
  });
});
