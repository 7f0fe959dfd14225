import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type S3Region, startS3 } from './s3-region.ts';

const Bucket = 'data';
let region: S3Region;
let Key: string;
let count = 0;

beforeAll(async () => {
  region = await startS3({ buckets: { [Bucket]: {} } });
});
afterAll(() => region.stop());
beforeEach(() => {
  count += 1;
  Key = `objects/${count}`;
});

const put = (Body: NonNullable<PutObjectCommandInput['Body']>, input: Partial<PutObjectCommandInput> = {}) =>
  region.client.send(new PutObjectCommand({ Bucket, Key, Body, ...input }));
const get = async (input: object = {}) => {
  const { Body, ...rest } = await region.client.send(new GetObjectCommand({ Bucket, Key, ...input }));
  return { ...rest, bytes: Buffer.from((await Body?.transformToByteArray()) ?? []) };
};

describe('an object', () => {
  test('comes back as it was put, with everything said about it', async () => {
    const content = randomBytes(100_000);
    const said = {
      ContentType: 'text/csv',
      CacheControl: 'no-cache',
      ContentDisposition: 'attachment',
      ContentEncoding: 'gzip',
      ContentLanguage: 'en',
      Metadata: { model: 'flight-delay', batch: 'b 1' },
    };

    const { ETag } = await put(content, said);
    const { bytes, ...got } = await get();

    expect(bytes.equals(content)).toBe(true);
    expect(ETag).toBe(`"${createHash('md5').update(content).digest('hex')}"`);
    expect(got).toMatchObject({ ...said, ETag, ContentLength: 100_000, AcceptRanges: 'bytes' });
    expect(Date.now() - (got.LastModified?.getTime() ?? 0)).toBeLessThan(60_000);
  });

  test('can be empty', async () => {
    await put('');

    expect(await get()).toMatchObject({ ContentLength: 0, bytes: Buffer.alloc(0) });
  });

  test('can be put as a stream of known length', async () => {
    const content = randomBytes(300_000);
    async function* chunks() {
      for (let offset = 0; offset < content.length; offset += 10_000)
        yield content.subarray(offset, offset + 10_000);
    }

    await put(Readable.from(chunks(), { objectMode: false }), { ContentLength: content.length });

    expect((await get()).bytes.equals(content)).toBe(true);
  });

  test.each([
    'plain',
    'with space',
    'plus+and%percent',
    'ümlaut/日本語/🎈',
    'question?mark=1&x#hash',
    'a//b',
    '/leading',
    'trailing/',
    'quotes"\'<>&',
    'dots/../x/.',
  ])('can be called %s', async (name) => {
    Key = `${Key}${name}`;
    await put(name);

    expect((await get()).bytes.toString()).toBe(name);
  });

  test('is described without its content', async () => {
    const { ETag } = await put('12345', { Metadata: { a: 'b' } });

    const head = await region.client.send(new HeadObjectCommand({ Bucket, Key }));

    expect(head).toMatchObject({ ContentLength: 5, ETag, Metadata: { a: 'b' } });
  });

  test('is replaced by another under its key', async () => {
    await put('first');
    await put('second');

    expect((await get()).bytes.toString()).toBe('second');
  });

  test('that is not there is a 404', async () => {
    await expect(get()).rejects.toMatchObject({ name: 'NoSuchKey', $metadata: { httpStatusCode: 404 } });
    await expect(region.client.send(new HeadObjectCommand({ Bucket, Key }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });

  test('is gone when it is deleted, and can be deleted again', async () => {
    await put('x');

    for (let time = 0; time < 2; time += 1)
      await expect(region.client.send(new DeleteObjectCommand({ Bucket, Key }))).resolves.toMatchObject({
        $metadata: { httpStatusCode: 204 },
      });

    await expect(get()).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('a range', () => {
  beforeEach(() => put('0123456789'));

  test.each([
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=-30', '0123456789', 'bytes 0-9/10'],
    ['bytes=5-100', '56789', 'bytes 5-9/10'],
    ['bytes=0-0', '0', 'bytes 0-0/10'],
  ])('%s is served', async (Range, text, ContentRange) => {
    const { bytes, $metadata, ...got } = await get({ Range });

    expect(bytes.toString()).toBe(text);
    expect($metadata.httpStatusCode).toBe(206);
    expect(got).toMatchObject({ ContentRange, ContentLength: text.length });
  });

  test.each(['bytes=10-', 'bytes=-0', 'bytes=50-60'])('%s is behind the end', async (Range) => {
    await expect(get({ Range })).rejects.toMatchObject({
      name: 'InvalidRange',
      $metadata: { httpStatusCode: 416 },
    });
  });

  test.each(['bytes=4-2', 'bytes=1-2,4-5', 'lines=1-2', 'bytes=-'])('%s is ignored', async (Range) => {
    expect((await get({ Range })).bytes.toString()).toBe('0123456789');
  });
});

describe('a conditional read', () => {
  test('answers 412 or 304 as its conditions say', async () => {
    const { ETag } = await put('x');

    await expect(get({ IfMatch: ETag })).resolves.toBeDefined();
    await expect(get({ IfNoneMatch: '"other"' })).resolves.toBeDefined();
    await expect(get({ IfMatch: '"other"' })).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
    await expect(get({ IfNoneMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    await expect(get({ IfModifiedSince: new Date() })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    await expect(get({ IfUnmodifiedSince: new Date(0) })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 412 },
    });
    // The entity tag decides over the time.
    await expect(get({ IfMatch: ETag, IfUnmodifiedSince: new Date(0) })).resolves.toBeDefined();
  });
});

describe('what the client announced is verified', () => {
  const algorithms = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;

  test.each(algorithms)('a checksum of %s is kept and returned', async (ChecksumAlgorithm) => {
    const name = `Checksum${ChecksumAlgorithm}` as const;

    const created = await put('content', { ChecksumAlgorithm });
    const got = await get();

    expect(created[name]).toBeDefined();
    expect(got).toMatchObject({ [name]: created[name], ChecksumType: 'FULL_OBJECT' });
  });

  test.each([
    ['Content-MD5', { ContentMD5: createHash('md5').update('other').digest('base64') }],
    ['CRC-32', { ChecksumCRC32: 'AAAAAA==' }],
    ['SHA-256', { ChecksumSHA256: createHash('sha256').update('other').digest('base64') }],
  ])('a wrong %s refuses the object and leaves the old one', async (_title, wrong) => {
    await put('old');

    await expect(put('content', wrong)).rejects.toMatchObject({
      name: 'BadDigest',
      $metadata: { httpStatusCode: 400 },
    });
    expect((await get()).bytes.toString()).toBe('old');
  });
});

describe('a conditional write', () => {
  test('with If-None-Match creates an object once', async () => {
    await put('first', { IfNoneMatch: '*' });

    await expect(put('second', { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
    expect((await get()).bytes.toString()).toBe('first');
  });

  test('with If-Match replaces what its writer saw', async () => {
    const { ETag } = await put('first');
    await put('second', { IfMatch: ETag });

    await expect(put('third', { IfMatch: ETag })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect((await get()).bytes.toString()).toBe('second');
  });

  test('with If-Match on nothing is a 404', async () => {
    await expect(put('x', { IfMatch: '"any"' })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 404 },
    });
  });

  test('of several at once succeeds once', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, writer) => put(`${writer}`, { IfNoneMatch: '*' })),
    );

    const winners = outcomes.flatMap(({ status }, writer) => (status === 'fulfilled' ? [writer] : []));
    expect(winners).toHaveLength(1);
    expect((await get()).bytes.toString()).toBe(`${winners[0]}`);
  });

  test('is a conflict if the object is deleted while it is on its way', async () => {
    const { ETag } = await put('first');
    let sendRest: () => void = () => undefined;
    const restIsDue = new Promise<void>((resolve) => {
      sendRest = resolve;
    });
    async function* slowly() {
      yield 'sec';
      await restIsDue;
      yield 'ond';
    }
    const body = Readable.from(slowly(), { objectMode: false });

    const write = put(body, { ContentLength: 6, IfMatch: ETag });
    // Its content is arriving.
    await expect.poll(() => readdir(join(region.directory, 'incoming'))).toHaveLength(1);
    await region.client.send(new DeleteObjectCommand({ Bucket, Key }));
    sendRest();

    await expect(write).rejects.toMatchObject({
      name: 'ConditionalRequestConflict',
      $metadata: { httpStatusCode: 409 },
    });
  });

  test('can delete what it saw', async () => {
    await put('first');

    await expect(
      region.client.send(new DeleteObjectCommand({ Bucket, Key, IfMatch: '"other"' })),
    ).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(
      region.client.send(new DeleteObjectCommand({ Bucket, Key, IfMatch: '*' })),
    ).resolves.toBeDefined();
  });
});

describe('a copy', () => {
  const copy = (input: object = {}) =>
    region.client.send(
      new CopyObjectCommand({
        Bucket,
        Key: `${Key}-copy`,
        CopySource: encodeURI(`${Bucket}/${Key}`),
        ...input,
      }),
    );

  test('has the content and the description of its source', async () => {
    Key = `${Key} with space`;
    const { ETag } = await put('content', { ContentType: 'text/csv', Metadata: { a: '1' } });

    const { CopyObjectResult } = await copy();
    Key = `${Key}-copy`;

    expect(CopyObjectResult).toMatchObject({ ETag });
    expect(await get()).toMatchObject({
      ContentType: 'text/csv',
      Metadata: { a: '1' },
      bytes: Buffer.from('content'),
    });
  });

  test('can be described anew', async () => {
    await put('content', { Metadata: { a: '1' } });
    await copy({ MetadataDirective: 'REPLACE', Metadata: { b: '2' }, ContentType: 'text/plain' });
    Key = `${Key}-copy`;

    expect(await get()).toMatchObject({ Metadata: { b: '2' }, ContentType: 'text/plain' });
  });

  test('lives on when its source is deleted', async () => {
    await put('content');
    await copy();
    await region.client.send(new DeleteObjectCommand({ Bucket, Key }));
    Key = `${Key}-copy`;

    expect((await get()).bytes.toString()).toBe('content');
  });

  test.each(['COPY', 'REPLACE'] as const)(
    'without tags is one, whether it would %s them',
    async (directive) => {
      await put('content');

      await copy({ TaggingDirective: directive });
      Key = `${Key}-copy`;

      expect((await get()).bytes.toString()).toBe('content');
    },
  );

  test('onto itself has to change something', async () => {
    await put('content');

    await expect(copy({ Key })).rejects.toMatchObject({ name: 'InvalidRequest' });
    await expect(copy({ Key, MetadataDirective: 'REPLACE', Metadata: { c: '3' } })).resolves.toBeDefined();
  });

  test('keeps the conditions on its source and its destination', async () => {
    const { ETag } = await put('content');

    await expect(copy({ CopySourceIfMatch: '"other"' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    await expect(copy({ CopySourceIfNoneMatch: ETag })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(copy({ CopySourceIfMatch: ETag, IfNoneMatch: '*' })).resolves.toBeDefined();
    await expect(copy({ IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  test('of nothing is a 404', async () => {
    await expect(copy()).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

test('many objects are deleted in one call', async () => {
  const keys = ['a', 'b & <c>', 'd'].map((name) => `${Key}/${name}`);
  for (const key of keys) await put('x', { Key: key });

  const { Deleted, Errors } = await region.client.send(
    new DeleteObjectsCommand({
      Bucket,
      Delete: { Objects: [...keys, `${Key}/none`].map((key) => ({ Key: key })) },
    }),
  );

  expect(Errors).toBeUndefined();
  expect(Deleted?.map((deleted) => deleted.Key)).toEqual([...keys, `${Key}/none`]);
  Key = keys[1] ?? '';
  await expect(get()).rejects.toMatchObject({ name: 'NoSuchKey' });
});

test('a condition on one of many deletions is refused, because it would be ignored', async () => {
  const Delete = { Objects: [{ Key, ETag: '"x"' }] };

  await expect(region.client.send(new DeleteObjectsCommand({ Bucket, Delete }))).rejects.toMatchObject({
    name: 'NotImplemented',
  });
});

describe('buckets', () => {
  test('are created, found, listed and deleted when empty', async () => {
    await region.client.send(
      new CreateBucketCommand({
        Bucket: 'made',
        CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
      }),
    );
    await region.client.send(new PutObjectCommand({ Bucket: 'made', Key: 'k', Body: 'x' }));
    const head = await region.client.send(new HeadBucketCommand({ Bucket: 'made' }));
    const { Buckets } = await region.client.send(new ListBucketsCommand({}));

    expect(head.BucketRegion).toBe('eu-west-1');
    expect(Buckets?.map(({ Name }) => Name)).toContain('made');
    await expect(region.client.send(new DeleteBucketCommand({ Bucket: 'made' }))).rejects.toMatchObject({
      name: 'BucketNotEmpty',
    });
    await region.client.send(new DeleteObjectCommand({ Bucket: 'made', Key: 'k' }));
    await region.client.send(new DeleteBucketCommand({ Bucket: 'made' }));
    await expect(region.client.send(new HeadBucketCommand({ Bucket: 'made' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });

  test('that exist are not created again', async () => {
    await expect(region.client.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject({
      name: 'BucketAlreadyOwnedByYou',
    });
  });

  test.each(['UPPER', 'a', 'x..y', '192.168.0.1', '-start'])('are not called %s', async (name) => {
    await expect(region.client.send(new CreateBucketCommand({ Bucket: name }))).rejects.toMatchObject({
      name: 'InvalidBucketName',
    });
  });

  test('that do not exist are a 404', async () => {
    await expect(put('x', { Bucket: 'missing' })).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });
});

describe('what would be ignored is refused', () => {
  test.each([
    ['tags', { Tagging: 'a=b' }],
    ['an access control list', { ACL: 'public-read' as const }],
    ['a KMS key', { ServerSideEncryption: 'aws:kms' as const }],
    ['another storage class', { StorageClass: 'GLACIER' as const }],
    ['a redirect', { WebsiteRedirectLocation: '/x' }],
  ])('%s', async (_title, input) => {
    await expect(put('x', input)).rejects.toMatchObject({
      name: 'NotImplemented',
      $metadata: { httpStatusCode: 501 },
    });
  });

  test('a response header of the reader’s choice', async () => {
    await put('x');

    await expect(get({ ResponseContentType: 'text/html' })).rejects.toMatchObject({ name: 'NotImplemented' });
  });

  test('another account’s bucket', async () => {
    await expect(put('x', { ExpectedBucketOwner: '111111111111' })).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  test('a key that is too long', async () => {
    await expect(put('x', { Key: 'k'.repeat(1025) })).rejects.toMatchObject({ name: 'KeyTooLongError' });
  });

  test('more than two kilobytes of metadata', async () => {
    await expect(put('x', { Metadata: { a: 'x'.repeat(2100) } })).rejects.toMatchObject({
      name: 'MetadataTooLarge',
    });
  });
});
