import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  type DeletedObject,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import type { Scenario, Steps } from '../scenario.ts';
import { place, type World } from '../worlds/world.ts';

const Bucket = 'data';
const none = 'no-such-bucket';
const LocationConstraint = place.region;

/** Requests for objects of one bucket. */
function objects({ s3 }: World, steps: Steps) {
  type Put = Omit<PutObjectCommandInput, 'Bucket'>;
  type Get = Omit<GetObjectCommandInput, 'Bucket'>;
  return {
    put: (what: string, input: Put) =>
      steps.call(`PutObject ${what}`, () => s3.send(new PutObjectCommand({ Bucket, ...input }))),
    get: (what: string, input: Get) =>
      steps.call(`GetObject ${what}`, () => s3.send(new GetObjectCommand({ Bucket, ...input }))),
    head: (what: string, input: Get) =>
      steps.call(`HeadObject ${what}`, () => s3.send(new HeadObjectCommand({ Bucket, ...input }))),
    remove: (what: string, input: { Key: string; IfMatch?: string }) =>
      steps.call(`DeleteObject ${what}`, () => s3.send(new DeleteObjectCommand({ Bucket, ...input }))),
  };
}

const day = 86_400_000;

export const s3Objects: readonly Scenario[] = [
  {
    service: 's3',
    name: 'buckets',
    async run(world, steps) {
      const { s3 } = world;
      const create = (what: string, name: string, constraint: 'eu-west-1' = LocationConstraint) =>
        steps.call(`CreateBucket ${what}`, () =>
          s3.send(
            new CreateBucketCommand({
              Bucket: name,
              CreateBucketConfiguration: { LocationConstraint: constraint },
            }),
          ),
        );
      await create('first', Bucket);
      await create('again', Bucket);
      for (const name of [
        'ab',
        'Upper-case',
        'under_score',
        '-begins',
        'ends-',
        'a..b',
        '192.168.5.4',
        'x'.repeat(64),
      ])
        await create(`called ${name}`, name);
      for (const name of [
        'xn--bucket',
        'bucket-s3alias',
        'sthree-bucket',
        'a.-b',
        'bucket--ol-s3',
        'amzn-s3-demo-bucket',
      ])
        await create(`with the reserved name ${name}`, name);
      await create('with a dot', 'with.dot');
      await steps.call('HeadBucket', () => s3.send(new HeadBucketCommand({ Bucket })));
      await steps.call('HeadBucket of none', () => s3.send(new HeadBucketCommand({ Bucket: none })));
      await steps.call('ListBuckets', async () => {
        const answer = await s3.send(new ListBucketsCommand({}));
        return { ...answer, Buckets: answer.Buckets?.filter(({ Name }) => Name === Bucket) };
      });
      await objects(world, steps).put('that fills it', { Key: 'a', Body: 'a' });
      await steps.call('DeleteBucket that is not empty', () => s3.send(new DeleteBucketCommand({ Bucket })));
      await objects(world, steps).remove('in it', { Key: 'a' });
      await steps.call('DeleteBucket', () => s3.send(new DeleteBucketCommand({ Bucket })));
      await steps.call('DeleteBucket again', () => s3.send(new DeleteBucketCommand({ Bucket })));
    },
  },
  {
    service: 's3',
    name: 'objects',
    async run(world, steps) {
      await world.bucket(Bucket);
      const { put, get, head, remove } = objects(world, steps);
      await put('plain', { Key: 'plain', Body: 'some content' });
      await get('plain', { Key: 'plain' });
      await head('plain', { Key: 'plain' });
      await put('empty', { Key: 'empty', Body: '' });
      await get('empty', { Key: 'empty' });
      const described = {
        Key: 'described',
        Body: '{}',
        ContentType: 'application/json',
        CacheControl: 'max-age=60',
        ContentDisposition: 'attachment',
        ContentEncoding: 'identity',
        ContentLanguage: 'de',
        Metadata: { colour: 'blue', 'two-words': 'x y' },
      };
      await put('with metadata', described);
      await get('with metadata', { Key: 'described' });
      await head('with metadata', { Key: 'described' });
      await put('over it', { Key: 'described', Body: 'new' });
      await head('over it', { Key: 'described' });
      for (const Key of ['a b', 'ü/ö', 'a+b', 'a%20b', 'a&b?c', "quote'", '日本', 'a//b', '.', 'end/'])
        await put(`with the key ${Key}`, { Key, Body: Key });
      for (const Key of ['a b', 'ü/ö', 'a+b', 'a%20b', 'a&b?c', "quote'", '日本', 'a//b', '.', 'end/'])
        await get(`with the key ${Key}`, { Key });
      await put('with a key of 1,025 bytes', { Key: 'k'.repeat(1025), Body: '' });
      await put('with metadata of 3,000 bytes', { Key: 'x', Body: '', Metadata: { long: 'x'.repeat(3000) } });
      await get('of none', { Key: 'none' });
      await head('of none', { Key: 'none' });
      await remove('of one', { Key: 'plain' });
      await remove('of none', { Key: 'plain' });
      await get('that was deleted', { Key: 'plain' });
    },
  },
  {
    service: 's3',
    name: 'no bucket',
    async run({ s3 }, steps) {
      const object = { Bucket: none, Key: 'a' };
      await steps.call('PutObject', () => s3.send(new PutObjectCommand({ ...object, Body: 'x' })));
      await steps.call('GetObject', () => s3.send(new GetObjectCommand(object)));
      await steps.call('HeadObject', () => s3.send(new HeadObjectCommand(object)));
      await steps.call('DeleteObject', () => s3.send(new DeleteObjectCommand(object)));
      await steps.call('DeleteObjects', () =>
        s3.send(new DeleteObjectsCommand({ Bucket: none, Delete: { Objects: [{ Key: 'a' }] } })),
      );
      await steps.call('CopyObject', () =>
        s3.send(new CopyObjectCommand({ ...object, CopySource: `${none}/b` })),
      );
    },
  },
  {
    service: 's3',
    name: 'ranges',
    async run(world, steps) {
      await world.bucket(Bucket);
      const { put, get, head } = objects(world, steps);
      await put('of ten bytes', { Key: 'ten', Body: '0123456789' });
      for (const Range of ['bytes=0-3', 'bytes=5-', 'bytes=-3', 'bytes=0-99', 'bytes=9-9', 'bytes=-99'])
        await get(`with ${Range}`, { Key: 'ten', Range });
      for (const Range of ['bytes=10-', 'bytes=20-30', 'bytes=-0'])
        await get(`beyond the end, ${Range}`, { Key: 'ten', Range });
      for (const Range of ['bytes=5-3', 'bytes=x-y', '0-3', 'lines=0-3'])
        await get(`with the unreadable ${Range}`, { Key: 'ten', Range });
      await head('with a range', { Key: 'ten', Range: 'bytes=2-4' });
    },
  },
  {
    service: 's3',
    name: 'conditional reads',
    async run(world, steps) {
      await world.bucket(Bucket);
      const { put, get, head } = objects(world, steps);
      const { ETag } = await put('to read', { Key: 'a', Body: 'a' });
      const earlier = new Date(Date.now() - day);
      const later = new Date(Date.now() + day);
      await get('if it is it', { Key: 'a', IfMatch: ETag });
      await get('if it is another', { Key: 'a', IfMatch: '"other"' });
      await get('if it is any', { Key: 'a', IfMatch: '*' });
      await get('if it is not it', { Key: 'a', IfNoneMatch: ETag });
      await head('if it is not it', { Key: 'a', IfNoneMatch: ETag });
      await get('if it is not another', { Key: 'a', IfNoneMatch: '"other"' });
      await get('if modified since yesterday', { Key: 'a', IfModifiedSince: earlier });
      await get('if modified since tomorrow', { Key: 'a', IfModifiedSince: later });
      await get('if unmodified since yesterday', { Key: 'a', IfUnmodifiedSince: earlier });
      await head('if unmodified since yesterday', { Key: 'a', IfUnmodifiedSince: earlier });
      await get('if unmodified since tomorrow', { Key: 'a', IfUnmodifiedSince: later });
      await get('if it is it, and unmodified since yesterday', {
        Key: 'a',
        IfMatch: ETag,
        IfUnmodifiedSince: earlier,
      });
      await get('if it is not another, and modified since tomorrow', {
        Key: 'a',
        IfNoneMatch: '"other"',
        IfModifiedSince: later,
      });
      await get('of none, if it is it', { Key: 'none', IfMatch: ETag });
    },
  },
  {
    service: 's3',
    name: 'conditional writes',
    async run(world, steps) {
      await world.bucket(Bucket);
      const { put, get } = objects(world, steps);
      const { ETag } = await put('if there is none, and there is none', {
        Key: 'a',
        Body: '1',
        IfNoneMatch: '*',
      });
      await put('if there is none, and there is one', { Key: 'a', Body: '2', IfNoneMatch: '*' });
      await get('that was kept', { Key: 'a' });
      await put('if it is it', { Key: 'a', Body: '3', IfMatch: ETag });
      await put('if it is it, and it is not', { Key: 'a', Body: '4', IfMatch: ETag });
      await put('if it is it, and there is none', { Key: 'b', Body: '5', IfMatch: ETag });
      await put('if it is any', { Key: 'a', Body: '6', IfMatch: '*' });
      await put('if it is not another', { Key: 'a', Body: '7', IfNoneMatch: '"other"' });
      await put('under both conditions', { Key: 'a', Body: '8', IfMatch: '"other"', IfNoneMatch: '*' });
      await get('in the end', { Key: 'a' });
    },
  },
  {
    service: 's3',
    name: 'digests',
    async run(world, steps) {
      await world.bucket(Bucket);
      const { put, get, head } = objects(world, steps);
      await put('with its MD5', { Key: 'md5', Body: 'x', ContentMD5: 'ndTkYSaMgDT1yFZOFVxnpg==' });
      await put('with the MD5 of another', { Key: 'md5', Body: 'x', ContentMD5: 'rL0Y20zC+Fzt72VPzMSk2A==' });
      await put('with the MD5 x', { Key: 'md5', Body: 'x', ContentMD5: 'x' });
      for (const ChecksumAlgorithm of ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const) {
        await put(`with ${ChecksumAlgorithm}`, { Key: ChecksumAlgorithm, Body: 'x', ChecksumAlgorithm });
        await head(`with ${ChecksumAlgorithm}`, { Key: ChecksumAlgorithm, ChecksumMode: 'ENABLED' });
      }
      await get('with its checksum', { Key: 'SHA256', ChecksumMode: 'ENABLED' });
      await get('without its checksum', { Key: 'SHA256' });
      await put('with a wrong CRC32', { Key: 'wrong', Body: 'x', ChecksumCRC32: 'AAAAAA==' });
      await put('with an unreadable CRC32', { Key: 'wrong', Body: 'x', ChecksumCRC32: 'x' });
      await put('with two checksums', {
        Key: 'wrong',
        Body: 'x',
        ChecksumCRC32: 'jNxzDA==',
        ChecksumSHA1: 'EfbYaF2oiDEr8d8HKOaJhBnUSmA=',
      });
    },
  },
  {
    service: 's3',
    name: 'copies',
    async run(world, steps) {
      await world.bucket(Bucket);
      await world.bucket('other');
      const { put, head, get } = objects(world, steps);
      const { ETag } = await put('to copy', {
        Key: 'a',
        Body: 'a',
        ContentType: 'text/plain',
        Metadata: { colour: 'blue' },
      });
      const copy = (what: string, input: object) =>
        steps.call(`CopyObject ${what}`, () =>
          world.s3.send(new CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a`, ...input })),
        );
      await copy('plain', {});
      await head('of the copy', { Key: 'b' });
      await copy('with other metadata', {
        MetadataDirective: 'REPLACE',
        Metadata: { colour: 'red' },
        ContentType: 'text/html',
      });
      await head('with other metadata', { Key: 'b' });
      await copy('to another bucket', { Bucket: 'other' });
      await copy('onto itself', { Key: 'a' });
      await copy('onto itself with other metadata', {
        Key: 'a',
        MetadataDirective: 'REPLACE',
        Metadata: { colour: 'green' },
      });
      await copy('onto itself with a storage class', { Key: 'a', StorageClass: 'STANDARD' });
      await copy('onto itself if there is none', { Key: 'a', IfNoneMatch: '*' });
      await copy('of none', { CopySource: `${Bucket}/none` });
      await copy('from no bucket', { CopySource: `${none}/a` });
      await copy('if the source is it', { CopySourceIfMatch: ETag });
      await copy('if the source is another', { CopySourceIfMatch: '"other"' });
      await copy('if the source is not it', { CopySourceIfNoneMatch: ETag });
      await copy('if the source was modified since tomorrow', {
        CopySourceIfModifiedSince: new Date(Date.now() + day),
      });
      await copy('if the source was unmodified since yesterday', {
        CopySourceIfUnmodifiedSince: new Date(Date.now() - day),
      });
      await copy('if there is none, and there is one', { IfNoneMatch: '*' });
      await copy('with another checksum', { Key: 'c', ChecksumAlgorithm: 'SHA256' });
      await get('with another checksum', { Key: 'c', ChecksumMode: 'ENABLED' });
    },
  },
  {
    service: 's3',
    name: 'deletes',
    async run(world, steps) {
      await world.bucket(Bucket);
      const { put, remove } = objects(world, steps);
      for (const Key of ['a', 'b', 'c', 'd']) await put(Key, { Key, Body: Key });
      const many = (what: string, keys: readonly string[], Quiet?: boolean) =>
        steps.call(`DeleteObjects ${what}`, async () => {
          const Delete = { Objects: keys.map((Key) => ({ Key })), ...(Quiet !== undefined && { Quiet }) };
          const answer = await world.s3.send(new DeleteObjectsCommand({ Bucket, Delete }));
          const byKey = (one: DeletedObject, other: DeletedObject) =>
            (one.Key ?? '') < (other.Key ?? '') ? -1 : 1;
          return { ...answer, Deleted: answer.Deleted?.sort(byKey) };
        });
      await many('of two', ['a', 'b']);
      await many('quietly', ['c'], true);
      await many('of one and none', ['d', 'none']);
      await many('of none at all', []);
      await many(
        'of 1,001',
        Array.from({ length: 1001 }, (_, index) => `k${index}`),
      );
      await put('for conditions', { Key: 'e', Body: 'e' });
      await remove('if it is another', { Key: 'e', IfMatch: '"other"' });
      await remove('if it is any', { Key: 'e', IfMatch: '*' });
      await remove('if it is any, and there is none', { Key: 'e', IfMatch: '*' });
    },
  },
];
