import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type S3Region, startS3 } from './s3-region.ts';

/**
 * Answers of AWS as LocalStack recorded them (localstack/localstack 8b9a79f, `tests/aws/services/s3`, validated on 21 February 2026). Each
 * title names its test.
 */
const Bucket = 'data';
const versioned = 'versioned';
const suspended = 'suspended';
const Key = 'recorded/object';
const noVersion = 'HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD';
let region: S3Region;

beforeAll(async () => {
  region = await startS3({
    buckets: { [Bucket]: {}, [versioned]: { versioned: true }, [suspended]: { versioned: true } },
  });
  await region.service.configureBucket(suspended, {
    versioned: false,
    eventBridge: false,
    objectLock: false,
  });
  for (const name of [Bucket, versioned, suspended])
    await region.client.send(new PutObjectCommand({ Bucket: name, Key, Body: 'there' }));
});
afterAll(() => region.stop());

describe('a version id that is none', () => {
  const refusal = { name: 'InvalidArgument', ArgumentName: 'versionId', $metadata: { httpStatusCode: 400 } };

  it.each([
    { test: 'test_delete_object', bucket: Bucket, VersionId: noVersion },
    { test: 'test_delete_object_versioned', bucket: versioned, VersionId: 'bad' },
  ])('is refused by DeleteObject, as in $test', async ({ bucket, VersionId }) => {
    await expect(
      region.client.send(new DeleteObjectCommand({ Bucket: bucket, Key, VersionId })),
    ).rejects.toMatchObject({
      ...refusal,
      message: 'Invalid version id specified',
      ArgumentValue: VersionId,
    });
  });

  it('is refused by GetObject in a bucket without versions, which takes null (test_get_object_with_version_unversioned_bucket)', async () => {
    const get = (VersionId: string) => region.client.send(new GetObjectCommand({ Bucket, Key, VersionId }));

    await expect(get(noVersion)).rejects.toMatchObject(refusal);
    const answer = await get('null');
    expect(await answer.Body?.transformToString()).toBe('there');
    expect(answer.VersionId).toBeUndefined();
  });

  it.each([Bucket, versioned])(
    'is an error of its object in DeleteObjects (test_delete_objects, test_delete_objects_versioned): %s',
    async (bucket) => {
      const Objects = [{ Key, VersionId: noVersion }];
      const { Errors, Deleted } = await region.client.send(
        new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }),
      );

      expect(Deleted).toBeUndefined();
      expect(Errors).toEqual([
        {
          Key,
          VersionId: noVersion,
          Code: 'NoSuchVersion',
          Message: 'The specified version does not exist.',
        },
      ]);
    },
  );
});

it('DeleteObjects refuses a bypass as a whole where there is no Object Lock (test_delete_object_with_no_locking)', async () => {
  const remove = new DeleteObjectsCommand({
    Bucket,
    Delete: { Objects: [{ Key: 'any' }] },
    BypassGovernanceRetention: true,
  });

  await expect(region.client.send(remove)).rejects.toMatchObject({
    name: 'InvalidArgument',
    ArgumentName: 'x-amz-bypass-governance-retention',
  });
});

it('a bucket whose versioning is suspended names the version null (test_put_object_on_suspended_bucket)', async () => {
  const put = await region.client.send(new PutObjectCommand({ Bucket: suspended, Key, Body: 'there' }));

  expect(put.VersionId).toBeUndefined();
  for (const read of [
    new GetObjectCommand({ Bucket: suspended, Key }),
    new HeadObjectCommand({ Bucket: suspended, Key }),
  ])
    expect((await region.client.send(read)).VersionId).toBe('null');
});

describe('a copy of an object onto itself', () => {
  const copy = (input: object) =>
    region.client.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/${Key}`, ...input }));

  it('that changes nothing is refused (test_s3_copy_object_in_place)', async () => {
    await expect(copy({})).rejects.toMatchObject({ name: 'InvalidRequest' });
  });

  it('may name its storage class (test_s3_copy_object_in_place_storage_class)', async () => {
    await expect(copy({ StorageClass: 'STANDARD' })).resolves.toMatchObject({
      CopyObjectResult: { ETag: expect.any(String) },
    });
  });

  it('fails if there must be none (test_copy_object_if_none_match_in_place)', async () => {
    await expect(copy({ IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      Condition: 'If-None-Match',
    });
  });

  it('goes through if it is the one that is meant (test_copy_object_if_match_in_place)', async () => {
    const { ETag } = await region.client.send(new HeadObjectCommand({ Bucket, Key }));

    await expect(copy({ IfMatch: ETag })).resolves.toMatchObject({ CopyObjectResult: { ETag } });
  });
});

it('a condition on a copy’s source is named as its header', async () => {
  const copy = (input: object) =>
    region.client.send(
      new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/${Key}`, ...input }),
    );

  await expect(copy({ CopySourceIfUnmodifiedSince: new Date(0) })).rejects.toMatchObject({
    Condition: 'x-amz-copy-source-If-Unmodified-Since',
  });
  await expect(copy({ CopySourceIfModifiedSince: new Date() })).rejects.toMatchObject({
    Condition: 'x-amz-copy-source-If-Modified-Since',
  });
});

describe('an error says what it is about:', () => {
  it('a range behind the end (test_invalid_range_error)', async () => {
    await expect(
      region.client.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=1024-4096' })),
    ).rejects.toMatchObject({
      name: 'InvalidRange',
      ActualObjectSize: '5',
      RangeRequested: 'bytes=1024-4096',
    });
  });

  it('an upload of none (test_multipart_no_such_upload)', async () => {
    const upload = new UploadPartCommand({ Bucket, Key, UploadId: 'fakeid', PartNumber: 1, Body: 'x' });

    await expect(region.client.send(upload)).rejects.toMatchObject({
      name: 'NoSuchUpload',
      UploadId: 'fakeid',
    });
  });

  it('parts that are too small, or of none (test_multipart_complete_multipart_too_small, …_wrong_part)', async () => {
    const upload = { Bucket, Key: 'parts' };
    const { UploadId } = await region.client.send(new CreateMultipartUploadCommand(upload));
    for (const PartNumber of [1, 2])
      await region.client.send(new UploadPartCommand({ ...upload, UploadId, PartNumber, Body: 'data' }));
    const ETag = '8d777f385d3dfec8815d20f7496026dc';
    const complete = (...numbers: number[]) =>
      region.client.send(
        new CompleteMultipartUploadCommand({
          ...upload,
          UploadId,
          MultipartUpload: { Parts: numbers.map((PartNumber) => ({ PartNumber, ETag })) },
        }),
      );

    await expect(complete(1, 2)).rejects.toMatchObject({
      name: 'EntityTooSmall',
      ETag,
      MinSizeAllowed: '5242880',
      PartNumber: '1',
      ProposedSize: '4',
    });
    await expect(complete(3)).rejects.toMatchObject({ name: 'InvalidPart', ETag, PartNumber: '3', UploadId });
  });

  it('a delete marker (test_delete_object_versioned)', async () => {
    const marked = { Bucket: versioned, Key: 'marked' };
    const { VersionId } = await region.client.send(new DeleteObjectCommand(marked));

    await expect(region.client.send(new GetObjectCommand({ ...marked, VersionId }))).rejects.toMatchObject({
      name: 'MethodNotAllowed',
      ResourceType: 'DeleteMarker',
    });
  });
});

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
it.each(['xn--bucket', 'sthree-bucket', 'amzn-s3-demo-bucket', 'bucket-s3alias', 'bucket--ol-s3'])(
  'CreateBucket refuses %s, which AWS reserves',
  async (name) => {
    await expect(region.client.send(new CreateBucketCommand({ Bucket: name }))).rejects.toMatchObject({
      name: 'InvalidBucketName',
    });
  },
);

it('an object’s encoding never has aws-chunked, however often it is sent', async () => {
  await region.client.send(
    new PutObjectCommand({
      Bucket,
      Key: 'encoded',
      Body: 'x',
      ContentEncoding: 'aws-chunked, gzip,aws-chunked',
    }),
  );

  const { ContentEncoding } = await region.client.send(new HeadObjectCommand({ Bucket, Key: 'encoded' }));
  expect(ContentEncoding).toBe('gzip');
});

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html, Object Lock parameters
it('PutObject of a locked object needs a checksum', async () => {
  const client = region.clientWith({ requestChecksumCalculation: 'WHEN_REQUIRED' });
  await region.service.configureBucket('locks', { versioned: true, eventBridge: false, objectLock: true });
  const locked = { Bucket: 'locks', Key, Body: 'x', ObjectLockLegalHoldStatus: 'ON' } as const;

  await expect(client.send(new PutObjectCommand(locked))).rejects.toMatchObject({
    name: 'InvalidRequest',
    message:
      'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
  });
  await expect(
    client.send(new PutObjectCommand({ ...locked, ChecksumAlgorithm: 'SHA256' })),
  ).resolves.toMatchObject({ VersionId: expect.any(String) });
});
