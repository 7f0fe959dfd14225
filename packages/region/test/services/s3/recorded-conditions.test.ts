import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type S3Region, startS3 } from './s3-region.ts';

/**
 * Answers of AWS as LocalStack recorded them (localstack/localstack 8b9a79f, `tests/aws/services/s3/test_s3_api.snapshot.json`,
 * TestS3ObjectWritePrecondition, validated on 21 February 2026). Each case names its test.
 */
const Bucket = 'data';
let region: S3Region;
let count = 0;

beforeAll(async () => {
  region = await startS3({ buckets: { [Bucket]: {} } });
});
afterAll(() => region.stop());

/** One key, one upload of it, and what is done to the key between the upload's beginning and its completion. */
async function uploadOver({ before, during }: { before?: string; during: readonly (string | 'delete')[] }) {
  count += 1;
  const object = { Bucket, Key: `recorded/${count}` };
  const put = async (Body: string) =>
    (await region.client.send(new PutObjectCommand({ ...object, Body }))).ETag ?? '';
  const etags = before === undefined ? [] : [await put(before)];
  const { UploadId } = await region.client.send(new CreateMultipartUploadCommand(object));
  const { ETag } = await region.client.send(
    new UploadPartCommand({ ...object, UploadId, PartNumber: 1, Body: 'test' }),
  );
  for (const action of during) {
    if (action === 'delete') await region.client.send(new DeleteObjectCommand(object));
    else etags.push(await put(action));
  }
  const complete = async (condition: { IfMatch?: string | undefined; IfNoneMatch?: string }) => {
    try {
      const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] };
      await region.client.send(
        new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload, ...condition }),
      );
      return 'completed';
    } catch (error) {
      await region.client.send(new AbortMultipartUploadCommand({ ...object, UploadId }));
      return error;
    }
  };
  return { etags, complete };
}

const conflict = (Condition: string) => ({
  name: 'ConditionalRequestConflict',
  message: 'The conditional request cannot succeed due to a conflicting operation against this resource.',
  Condition,
  $metadata: { httpStatusCode: 409 },
});
const failed = (Condition: string) => ({
  name: 'PreconditionFailed',
  Condition,
  $metadata: { httpStatusCode: 412 },
});

it.each([
  { test: 'test_multipart_if_none_match_with_put', during: ['other'], answer: failed('If-None-Match') },
  {
    test: 'test_multipart_if_none_match_with_delete',
    before: 'test',
    during: ['delete' as const],
    answer: conflict('If-None-Match'),
  },
])(
  'CompleteMultipartUpload with If-None-Match answers what AWS does in $test',
  async ({ answer, ...given }) => {
    const { complete } = await uploadOver(given);

    expect(await complete({ IfNoneMatch: '*' })).toMatchObject(answer);
  },
);

it.each([
  { test: 'with_put, of the first object', during: ['test2'], of: 0, answer: failed('If-Match') },
  { test: 'with_put, of the second object', during: ['test2'], of: 1, answer: conflict('If-Match') },
  { test: 'with_put_identical', during: ['test'], of: 1, answer: conflict('If-Match') },
  {
    test: 'with_delete',
    during: ['delete' as const],
    of: 0,
    answer: { name: 'NoSuchKey', $metadata: { httpStatusCode: 404 } },
  },
  {
    test: 'with_delete, after another put',
    during: ['delete' as const, 'test'],
    of: 1,
    answer: conflict('If-Match'),
  },
])(
  'CompleteMultipartUpload with If-Match answers what AWS does in test_multipart_if_match_$test',
  async ({ during, of, answer }) => {
    const { complete, etags } = await uploadOver({ before: 'test', during });

    expect(await complete({ IfMatch: etags[of] })).toMatchObject(answer);
  },
);

it('CompleteMultipartUpload with If-Match replaces the object that was there when the upload began', async () => {
  const { complete, etags } = await uploadOver({ before: 'test', during: [] });

  expect(await complete({ IfMatch: etags[0] })).toBe('completed');
});

it('CompleteMultipartUpload without a condition replaces whatever was put or deleted meanwhile', async () => {
  const { complete } = await uploadOver({ before: 'test', during: ['delete', 'other'] });

  expect(await complete({})).toBe('completed');
});

it.each([
  { test: 'if_match_validation', condition: { IfMatch: '*' }, Header: 'If-Match' },
  { test: 'if_none_match_validation', condition: { IfNoneMatch: '"abcdef"' }, Header: 'If-None-Match' },
  {
    test: 'if_match_and_if_none_match_validation',
    condition: { IfNoneMatch: '*', IfMatch: '"abcdef"' },
    Header: 'If-Match,If-None-Match',
  },
])(
  'PutObject refuses conditions that S3 does not take, as in test_put_object_$test',
  async ({ condition, Header }) => {
    const object = { Bucket, Key: 'recorded/validation' };
    await region.client.send(new PutObjectCommand({ ...object, Body: 'there' }));

    await expect(
      region.client.send(new PutObjectCommand({ ...object, Body: 'new', ...condition })),
    ).rejects.toMatchObject({ name: 'NotImplemented', Header, $metadata: { httpStatusCode: 501 } });
  },
);
