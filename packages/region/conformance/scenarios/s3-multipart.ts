import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type { Scenario, Steps } from '../scenario.ts';
import type { World } from '../worlds/world.ts';

const Bucket = 'data';
const Key = 'large';
const part = Buffer.alloc(5 * 1024 ** 2, 'x');

function uploads({ s3 }: World, steps: Steps) {
  const upload = (UploadId: string | undefined) => ({ Bucket, Key, UploadId });
  return {
    create: (what: string, input: Partial<CreateMultipartUploadCommandInput> = {}) =>
      steps.call(`CreateMultipartUpload ${what}`, () =>
        s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...input })),
      ),
    send: (
      what: string,
      id: string | undefined,
      PartNumber: number,
      Body: Buffer | string,
      more: object = {},
    ) =>
      steps.call(`UploadPart ${what}`, () =>
        s3.send(new UploadPartCommand({ ...upload(id), PartNumber, Body, ...more })),
      ),
    complete: (what: string, id: string | undefined, Parts: CompletedPart[], more: object = {}) =>
      steps.call(`CompleteMultipartUpload ${what}`, () =>
        s3.send(new CompleteMultipartUploadCommand({ ...upload(id), MultipartUpload: { Parts }, ...more })),
      ),
    abort: (what: string, id: string | undefined) =>
      steps.call(`AbortMultipartUpload ${what}`, () => s3.send(new AbortMultipartUploadCommand(upload(id)))),
  };
}

export const s3Multipart: readonly Scenario[] = [
  {
    service: 's3',
    name: 'uploads in parts',
    async run(world, steps) {
      await world.bucket(Bucket);
      const { create, send, complete, abort } = uploads(world, steps);
      const { UploadId: id } = await create('first', {
        ContentType: 'text/plain',
        Metadata: { colour: 'blue' },
      });
      const first = await send('1', id, 1, part);
      const second = await send('2', id, 2, 'end');
      const parts = [
        { PartNumber: 1, ETag: first.ETag },
        { PartNumber: 2, ETag: second.ETag },
      ];
      await send('of no upload', 'no-upload', 1, 'x');
      await send('10,001', id, 10_001, 'x');
      await send('0', id, 0, 'x');
      await complete('with a wrong tag', id, [{ PartNumber: 1, ETag: '"0123456789abcdef0123456789abcdef"' }]);
      await complete('with a part of none', id, [...parts, { PartNumber: 3, ETag: second.ETag }]);
      await complete('out of order', id, [...parts].reverse());
      await complete('without parts', id, []);
      await complete('first', id, parts);
      await steps.call('HeadObject of parts', () => world.s3.send(new HeadObjectCommand({ Bucket, Key })));
      await steps.call('GetObject of its end', () =>
        world.s3.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=-5' })),
      );
      await abort('after completion', id);
      const small = await create('of small parts');
      const one = await send('small 1', small.UploadId, 1, 'x');
      const two = await send('small 2', small.UploadId, 2, 'y');
      await complete('of small parts', small.UploadId, [
        { PartNumber: 1, ETag: one.ETag },
        { PartNumber: 2, ETag: two.ETag },
      ]);
      await abort('of small parts', small.UploadId);
      await abort('again', small.UploadId);
      await abort('of none', 'no-upload');
      await complete('of none', 'no-upload', parts);
    },
  },
  {
    service: 's3',
    name: 'uploads in parts under conditions',
    async run(world, steps) {
      await world.bucket(Bucket);
      const { create, send, complete } = uploads(world, steps);
      const completed = async (
        what: string,
        more: object,
        during: () => Promise<unknown> = async () => undefined,
      ) => {
        const { UploadId } = await create(what);
        const { ETag } = await send(what, UploadId, 1, 'x');
        await during();
        await complete(what, UploadId, [{ PartNumber: 1, ETag }], more);
      };
      const put = (what: string) =>
        steps.call(`PutObject ${what}`, () =>
          world.s3.send(new PutObjectCommand({ Bucket, Key, Body: what })),
        );
      await completed('if there is none, and there is none', { IfNoneMatch: '*' });
      await completed('if there is none, and there is one', { IfNoneMatch: '*' });
      const { ETag } = await put('between');
      await completed('if it is it', { IfMatch: ETag });
      await completed('if it is it, and it is not', { IfMatch: ETag });
    },
  },
  {
    service: 's3',
    name: 'checksums of parts',
    async run(world, steps) {
      await world.bucket(Bucket);
      const { create, send, complete } = uploads(world, steps);
      const { UploadId } = await create('with SHA256', { ChecksumAlgorithm: 'SHA256' });
      const { ETag, ChecksumSHA256 } = await send('with SHA256', UploadId, 1, 'x', {
        ChecksumAlgorithm: 'SHA256',
      });
      await complete('with SHA256', UploadId, [{ PartNumber: 1, ETag, ChecksumSHA256 }]);
      await steps.call('HeadObject with its checksum', () =>
        world.s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' })),
      );
      const whole = await create('with CRC32 of the whole', {
        ChecksumAlgorithm: 'CRC32',
        ChecksumType: 'FULL_OBJECT',
      });
      const only = await send('with CRC32', whole.UploadId, 1, 'x');
      await complete('with CRC32 of the whole', whole.UploadId, [
        { PartNumber: 1, ETag: only.ETag, ChecksumCRC32: only.ChecksumCRC32 },
      ]);
      await create('with SHA256 of the whole', { ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' });
      await create('with a type and no algorithm', { ChecksumType: 'COMPOSITE' });
    },
  },
  {
    service: 's3',
    name: 'parts that are copied',
    async run(world, steps) {
      await world.bucket(Bucket);
      const { create, complete } = uploads(world, steps);
      await steps.call('PutObject to copy', () =>
        world.s3.send(new PutObjectCommand({ Bucket, Key: 'source', Body: '0123456789' })),
      );
      const { UploadId } = await create('of copies');
      const copy = (what: string, input: object) =>
        steps.call(`UploadPartCopy ${what}`, () =>
          world.s3.send(
            new UploadPartCopyCommand({
              Bucket,
              Key,
              UploadId,
              PartNumber: 1,
              CopySource: `${Bucket}/source`,
              ...input,
            }),
          ),
        );
      await copy('of no source', { CopySource: `${Bucket}/none` });
      await copy('beyond the source', { CopySourceRange: 'bytes=5-20' });
      await copy('of an unreadable range', { CopySourceRange: '5-6' });
      await copy('of no upload', { UploadId: 'no-upload' });
      const { CopyPartResult } = await copy('of a range', { CopySourceRange: 'bytes=2-5' });
      await complete('of copies', UploadId, [{ PartNumber: 1, ETag: CopyPartResult?.ETag }]);
      await steps.call('GetObject of copies', () => world.s3.send(new GetObjectCommand({ Bucket, Key })));
    },
  },
];
