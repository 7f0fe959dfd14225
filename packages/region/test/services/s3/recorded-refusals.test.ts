import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type S3Region, startS3 } from './s3-region.ts';

/** Answers of AWS as LocalStack recorded them (localstack/localstack 8b9a79f, `tests/aws/services/s3`, validated on 21 February 2026). */
const Bucket = 'data';
const Key = 'recorded/object';
let region: S3Region;

beforeAll(async () => {
  region = await startS3({ buckets: { [Bucket]: {} } });
  await region.client.send(new PutObjectCommand({ Bucket, Key, Body: 'there' }));
});
afterAll(() => region.stop());

// The last one is a digest of eleven bytes. test_s3_invalid_content_md5
it.each(['__invalid__', '000', 'not base64 encoded checksum', 'MTIz', 'dGVzdC1zdHJpbmc='])(
  'PutObject refuses %j, which is no MD5',
  async (ContentMD5) => {
    await expect(
      region.client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ContentMD5 })),
    ).rejects.toMatchObject({ name: 'InvalidDigest', 'Content-MD5': ContentMD5 });
  },
);

// test_put_object_checksum, put-wrong-checksum-no-b64
it.each(['ChecksumCRC32', 'ChecksumSHA256'] as const)(
  'PutObject refuses a %s that is no digest',
  async (member) => {
    await expect(
      region.client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', [member]: 'test' })),
    ).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: `Value for ${member.replace('Checksum', 'x-amz-checksum-').toLowerCase()} header is invalid.`,
    });
  },
);

it('PutObject refuses two checksums (test_s3_checksum_no_algorithm)', async () => {
  const put = new PutObjectCommand({
    Bucket,
    Key,
    Body: 'x',
    ChecksumCRC32: 'jNxzDA==',
    ChecksumCRC32C: 'jNxzDA==',
  });

  await expect(region.client.send(put)).rejects.toMatchObject({
    name: 'InvalidRequest',
    message: 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
  });
});

it('If-Modified-Since in the future is ignored (test_s3_get_object_preconditions)', async () => {
  const IfModifiedSince = new Date(Date.now() + 86_400_000);
  const object = { Bucket, Key, IfModifiedSince };

  await expect(region.client.send(new HeadObjectCommand(object))).resolves.toBeDefined();
  const { Body } = await region.client.send(new GetObjectCommand(object));
  expect(await Body?.transformToString()).toBe('there');
});

it('ListObjectsV2 refuses an empty token, and repeats no StartAfter beside one (test_list_objects_v2_continuation_start_after)', async () => {
  await expect(
    region.client.send(new ListObjectsV2Command({ Bucket, ContinuationToken: '' })),
  ).rejects.toMatchObject({
    name: 'InvalidArgument',
    message: 'The continuation token provided is incorrect',
  });
  await region.client.send(new PutObjectCommand({ Bucket, Key: 'recorded/second', Body: 'x' }));
  const first = await region.client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 1, StartAfter: 'a' }));
  const second = await region.client.send(
    new ListObjectsV2Command({ Bucket, StartAfter: 'a', ContinuationToken: first.NextContinuationToken }),
  );

  expect([first.StartAfter, second.StartAfter]).toEqual(['a', undefined]);
});

// test_delete_object_with_no_locking
it.each([true, false])(
  'DeleteObject refuses BypassGovernanceRetention %s in a bucket without Object Lock',
  async (BypassGovernanceRetention) => {
    await expect(
      region.client.send(new DeleteObjectCommand({ Bucket, Key, BypassGovernanceRetention })),
    ).rejects.toMatchObject({
      name: 'InvalidArgument',
      message: 'x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.',
    });
  },
);

it('CompleteMultipartUpload asks for at least one part', async () => {
  const { UploadId } = await region.client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts' }));
  const complete = new CompleteMultipartUploadCommand({
    Bucket,
    Key: 'parts',
    UploadId,
    MultipartUpload: { Parts: [] },
  });

  await expect(region.client.send(complete)).rejects.toMatchObject({
    name: 'InvalidRequest',
    message: 'You must specify at least one part',
  });
});

it('CreateMultipartUpload takes a type of checksum with its algorithm only (test_multipart_parts_checksum_exceptions_composite)', async () => {
  const create = new CreateMultipartUploadCommand({ Bucket, Key: 'parts', ChecksumType: 'COMPOSITE' });

  await expect(region.client.send(create)).rejects.toMatchObject({
    name: 'InvalidRequest',
    message: 'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
  });
});
