import { randomBytes } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type S3Region, startS3 } from './s3-region.ts';

const Bucket = 'data';
let region: S3Region;
beforeEach(async () => {
  region = await startS3({ buckets: { [Bucket]: { versioned: true } } });
});
afterEach(() => region.stop());

const files = async (folder: string) =>
  (await readdir(join(region.directory, folder), { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );

test('objects, versions, buckets and unfinished uploads outlive a restart', async () => {
  const first = await region.client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'first' }));
  await region.client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'second', Metadata: { a: '1' } }));
  const upload = { Bucket, Key: 'big' };
  const { UploadId } = await region.client.send(new CreateMultipartUploadCommand(upload));
  const { ETag } = await region.client.send(
    new UploadPartCommand({ ...upload, UploadId, PartNumber: 1, Body: 'part' }),
  );

  region = await region.restart();

  const current = await region.client.send(new GetObjectCommand({ Bucket, Key: 'k' }));
  expect(await current.Body?.transformToString()).toBe('second');
  expect(current.Metadata).toEqual({ a: '1' });
  const { VersionId } = first;
  const old = await region.client.send(new GetObjectCommand({ Bucket, Key: 'k', VersionId }));
  expect(await old.Body?.transformToString()).toBe('first');
  const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] };
  await region.client.send(new CompleteMultipartUploadCommand({ ...upload, UploadId, MultipartUpload }));
  const completed = await region.client.send(new GetObjectCommand(upload));
  expect(await completed.Body?.transformToString()).toBe('part');
});

test('versions written after a restart are newer, even if the clock went back', async () => {
  const before = await region.client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'before' }));
  const { directory } = region;
  await region.service.close?.();

  const past = Date.parse('2020-01-01T00:00:00Z');
  region = await startS3({ directory, now: () => past });
  const after = await region.client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'after' }));

  const { Body } = await region.client.send(new GetObjectCommand({ Bucket, Key: 'k' }));
  expect(await Body?.transformToString()).toBe('after');
  expect((after.VersionId ?? '') > (before.VersionId ?? '')).toBe(true);
});

test('an upload whose client hangs up leaves nothing', async () => {
  const { host, hostname, port } = new URL(region.endpoint);
  const socket = connect(Number(port), hostname);
  socket.write(
    [
      `PUT /${Bucket}/cut HTTP/1.1`,
      `host: ${host}`,
      `authorization: AWS4-HMAC-SHA256 Credential=${region.accessKeyId}/20260101/eu-west-1/s3/aws4_request`,
      'content-length: 1000000',
      '',
      'only the beginning',
    ].join('\r\n'),
  );
  await expect.poll(() => files('incoming')).toHaveLength(1);

  socket.destroy();

  await expect.poll(() => files('incoming')).toEqual([]);
  await expect(region.client.send(new HeadObjectCommand({ Bucket, Key: 'cut' }))).rejects.toMatchObject({
    name: 'NotFound',
  });
});

test('what a crash left on disk without a record is cleared away at the start', async () => {
  await region.client.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'kept' }));
  await writeFile(join(region.directory, 'incoming', 'half'), 'half');
  await mkdir(join(region.directory, 'blobs', 'zz'), { recursive: true });
  await writeFile(join(region.directory, 'blobs', 'zz', 'orphan'), 'orphan');

  region = await region.restart();

  expect(await files('incoming')).toEqual([]);
  expect(await files('blobs')).toHaveLength(1);
  const { Body } = await region.client.send(new GetObjectCommand({ Bucket, Key: 'kept' }));
  expect(await Body?.transformToString()).toBe('kept');
});

test('an object that is deleted while it is read is read to its end', async () => {
  const content = randomBytes(20 * 1024 * 1024);
  const { VersionId } = await region.client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: content }));
  const { Body } = await region.client.send(new GetObjectCommand({ Bucket, Key: 'k' }));

  await region.client.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId }));

  const read = Buffer.from((await Body?.transformToByteArray()) ?? []);
  expect(read.equals(content)).toBe(true);
  await expect.poll(() => files('blobs')).toEqual([]);
});
