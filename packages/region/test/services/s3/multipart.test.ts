import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type S3Region, startS3 } from './s3-region.ts';

const Bucket = 'data';
const partBytes = 5 * 1024 ** 2;
const parts = [randomBytes(partBytes), randomBytes(partBytes), randomBytes(1234)];
const whole = Buffer.concat(parts);
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest();
const multipartEtag = `"${md5(Buffer.concat(parts.map(md5))).toString('hex')}-3"`;

let region: S3Region;
let Key: string;
let count = 0;

beforeAll(async () => {
  region = await startS3({ buckets: { [Bucket]: {} } });
});
afterAll(() => region.stop());
beforeEach(() => {
  count += 1;
  Key = `multipart/${count}`;
});

const start = async (input: Partial<CreateMultipartUploadCommandInput> = {}) =>
  (await region.client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...input }))).UploadId ?? '';
const upload = async (UploadId: string, PartNumber: number, Body: Buffer, input: object = {}) => {
  const { $metadata: _, ...part } = await region.client.send(
    new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ...input }),
  );
  return { ...part, PartNumber };
};
const complete = (UploadId: string, Parts: CompletedPart[], input: object = {}) =>
  region.client.send(
    new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...input }),
  );
const content = async (Range?: string) => {
  const { Body, ETag } = await region.client.send(
    new GetObjectCommand({ Bucket, Key, ...(Range && { Range }) }),
  );
  return { ETag, bytes: Buffer.from((await Body?.transformToByteArray()) ?? []) };
};

describe('an upload in parts', () => {
  test('becomes one object, with the tag of its parts', async () => {
    const UploadId = await start({ ContentType: 'text/csv', Metadata: { a: '1' } });
    const uploaded = [];
    for (const [index, part] of parts.entries()) uploaded.push(await upload(UploadId, index + 1, part));

    const completed = await complete(UploadId, uploaded);

    expect(completed).toMatchObject({ Bucket, Key, ETag: multipartEtag });
    const { bytes, ETag } = await content();
    expect(bytes.equals(whole)).toBe(true);
    expect(ETag).toBe(multipartEtag);
  });

  test('is read across its parts by ranges', async () => {
    const UploadId = await start();
    await complete(
      UploadId,
      await Promise.all(parts.map((part, index) => upload(UploadId, index + 1, part))),
    );

    for (const [from, to] of [
      [partBytes - 10, partBytes + 10],
      [0, whole.length - 1],
      [2 * partBytes, whole.length - 1],
      [partBytes, partBytes],
    ] as const) {
      const { bytes } = await content(`bytes=${from}-${to}`);
      expect(bytes.equals(whole.subarray(from, to + 1))).toBe(true);
    }
  });

  test('is not there before it is complete', async () => {
    const UploadId = await start();
    await upload(UploadId, 1, parts[0] ?? Buffer.alloc(0));

    await expect(content()).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('takes the last of several parts of one number, and leaves out parts that are not named', async () => {
    const UploadId = await start();
    await upload(UploadId, 1, Buffer.from('old'));
    const kept = await upload(UploadId, 1, Buffer.from('new'));
    await upload(UploadId, 7, Buffer.from('unnamed'));

    await complete(UploadId, [kept]);

    expect((await content()).bytes.toString()).toBe('new');
  });

  test('keeps its conditions when it is completed', async () => {
    const UploadId = await start();
    const part = await upload(UploadId, 1, Buffer.from('mine'));
    await region.client.send(new PutObjectCommand({ Bucket, Key, Body: 'theirs' }));

    await expect(complete(UploadId, [part], { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    expect((await content()).bytes.toString()).toBe('theirs');
    await complete(UploadId, [part]);
    expect((await content()).bytes.toString()).toBe('mine');
  });

  test('is over when it is completed', async () => {
    const UploadId = await start();
    const part = await upload(UploadId, 1, Buffer.from('x'));
    await complete(UploadId, [part]);

    await expect(complete(UploadId, [part])).rejects.toMatchObject({ name: 'NoSuchUpload' });
    await expect(upload(UploadId, 2, Buffer.from('y'))).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  test('is completed once, however many try at the same time', async () => {
    const UploadId = await start();
    const part = await upload(UploadId, 1, Buffer.from('x'));

    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => complete(UploadId, [part])));

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await content()).bytes.toString()).toBe('x');
  });

  test('can be aborted', async () => {
    const UploadId = await start();
    await upload(UploadId, 1, Buffer.from('x'));

    await region.client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));

    await expect(upload(UploadId, 1, Buffer.from('x'))).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  test('becomes an ordinary object when it is copied', async () => {
    const UploadId = await start();
    await complete(
      UploadId,
      await Promise.all(parts.map((part, index) => upload(UploadId, index + 1, part))),
    );
    const source = `${Bucket}/${Key}`;
    Key = `${Key}-copy`;

    await region.client.send(new CopyObjectCommand({ Bucket, Key, CopySource: source }));

    const { bytes, ETag } = await content();
    expect(bytes.equals(whole)).toBe(true);
    expect(ETag).toBe(`"${md5(whole).toString('hex')}"`);
  });
});

describe('a part that is copied', () => {
  const copyPart = (UploadId: string, PartNumber: number, input: object = {}) =>
    region.client.send(
      new UploadPartCopyCommand({
        Bucket,
        Key,
        UploadId,
        PartNumber,
        CopySource: `${Bucket}/${Key}-source`,
        ...input,
      }),
    );

  beforeEach(() => region.client.send(new PutObjectCommand({ Bucket, Key: `${Key}-source`, Body: whole })));

  test('is the source, or a range of it', async () => {
    const UploadId = await start();
    const first = await copyPart(UploadId, 1);
    const second = await copyPart(UploadId, 2, { CopySourceRange: 'bytes=10-19' });
    const tags = [first, second].map(({ CopyPartResult }) => CopyPartResult?.ETag);

    await complete(
      UploadId,
      tags.map((ETag, index) => ({ ETag, PartNumber: index + 1 })),
    );

    const { bytes } = await content();
    expect(bytes.equals(Buffer.concat([whole, whole.subarray(10, 20)]))).toBe(true);
  });

  test.each(['bytes=0-99999999', 'bytes=5-', 'bytes=9-5'])('cannot be %s', async (CopySourceRange) => {
    await expect(copyPart(await start(), 1, { CopySourceRange })).rejects.toMatchObject({
      name: 'InvalidArgument',
    });
  });
});

describe('a completion is refused', () => {
  test('with parts out of order', async () => {
    const UploadId = await start();
    const [one, two] = [
      await upload(UploadId, 1, Buffer.from('1')),
      await upload(UploadId, 2, Buffer.from('2')),
    ];

    await expect(complete(UploadId, [two, one])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
  });

  test('with a part that was not uploaded, or not like this', async () => {
    const UploadId = await start();
    const one = await upload(UploadId, 1, Buffer.from('1'));

    await expect(complete(UploadId, [one, { PartNumber: 2, ETag: '"x"' }])).rejects.toMatchObject({
      name: 'InvalidPart',
    });
    await expect(complete(UploadId, [{ ...one, ETag: '"x"' }])).rejects.toMatchObject({
      name: 'InvalidPart',
    });
  });

  test('with a checksum that its part does not have', async () => {
    const UploadId = await start({ ChecksumAlgorithm: 'CRC32' });
    const one = await upload(UploadId, 1, Buffer.from('1'));

    await expect(complete(UploadId, [{ ...one, ChecksumCRC32: 'AAAAAA==' }])).rejects.toMatchObject({
      name: 'InvalidPart',
    });
  });

  test('with a small part before the last', async () => {
    const UploadId = await start();
    const [one, two] = [
      await upload(UploadId, 1, Buffer.from('1')),
      await upload(UploadId, 2, Buffer.from('2')),
    ];

    await expect(complete(UploadId, [one, two])).rejects.toMatchObject({ name: 'EntityTooSmall' });
  });

  test('of another key’s upload', async () => {
    const UploadId = await start();
    const part = await upload(UploadId, 1, Buffer.from('1'));
    Key = `${Key}-other`;

    await expect(complete(UploadId, [part])).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });
});

describe('checksums', () => {
  test('of parts make one of the object', async () => {
    const UploadId = await start({ ChecksumAlgorithm: 'SHA256' });
    const uploaded = [];
    for (const [index, part] of parts.entries())
      uploaded.push(await upload(UploadId, index + 1, part, { ChecksumAlgorithm: 'SHA256' }));

    const { ChecksumSHA256, ChecksumType } = await complete(UploadId, uploaded);

    const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
    expect(ChecksumSHA256).toBe(`${sha256(Buffer.concat(parts.map(sha256))).toString('base64')}-3`);
    expect(ChecksumType).toBe('COMPOSITE');
  });

  test('can be of the full object, and are verified against what the client has', async () => {
    const expected = Buffer.alloc(4);
    expected.writeUInt32BE(crc32(whole));
    const ChecksumCRC32 = expected.toString('base64');
    const UploadId = await start({ ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    const uploaded = [];
    for (const [index, part] of parts.entries()) uploaded.push(await upload(UploadId, index + 1, part));

    await expect(complete(UploadId, uploaded, { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({
      name: 'BadDigest',
    });
    const completed = await complete(UploadId, uploaded, { ChecksumCRC32 });

    expect(completed).toMatchObject({ ChecksumCRC32, ChecksumType: 'FULL_OBJECT' });
  });

  test('are refused where type and algorithm do not go together', async () => {
    await expect(start({ ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' })).rejects.toMatchObject({
      name: 'InvalidRequest',
    });
  });
});

test('the SDK’s managed upload works on a stream of unknown length', async () => {
  const Body = Readable.from(parts, { objectMode: false });

  await new Upload({ client: region.client, params: { Bucket, Key, Body } }).done();

  expect((await content()).bytes.equals(whole)).toBe(true);
});

test('content that no object and no upload has any more is deleted', async () => {
  const alone = await startS3({ buckets: { [Bucket]: {} } });
  const files = async () =>
    (await readdir(join(alone.directory, 'blobs'), { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isFile(),
    ).length;
  const target = { Bucket, Key: 'k' };
  await alone.client.send(new PutObjectCommand({ ...target, Body: 'old' }));
  const { UploadId } = await alone.client.send(new CreateMultipartUploadCommand(target));
  for (const Body of ['a', 'b'])
    await alone.client.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body }));
  expect(await files()).toBe(2);

  await alone.client.send(new AbortMultipartUploadCommand({ ...target, UploadId }));
  await alone.client.send(new PutObjectCommand({ ...target, Body: 'new' }));

  expect(await files()).toBe(1);
  await alone.stop();
});
