import { gzipSync } from 'node:zlib';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import type { LabelObject } from '@tidemark/domain/windows/window.schema.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LabelFileReader } from '../../functions/monitor/label-file-reader.client.ts';
import { type Services, startServices } from '../support/services.ts';

let services: Services;
let s3: S3Client;

beforeAll(async () => {
  services = await startServices({ buckets: { data: {} } });
  s3 = new S3Client(services.sdkConfig);
});
afterAll(() => services.stop());

/** A file of so many labels, of ids that begin so. */
async function file(name: string, labels: number, prefix = name): Promise<LabelObject> {
  const lines = Array.from({ length: labels }, (_, index) => `${prefix}-${index},${index % 2}`);
  const text = ['inference_id,label', ...lines].join('\n');
  const Body = name.endsWith('.gz') ? gzipSync(text) : Buffer.from(text);
  const Key = `labels/flight-delay/${name}`;
  const { VersionId = '' } = await s3.send(new PutObjectCommand({ Bucket: 'data', Key, Body }));
  return { key: Key, versionId: VersionId, size: Body.length, modifiedAt: '2026-03-01T00:00:00.000Z' };
}
const files = (limits = { fileBytes: 1000, labels: 100, atATime: 1000 }) =>
  new LabelFileReader(new Objects(s3), 'data', limits);
const target = { column: 'late', above: null, classes: ['no', 'yes'] };
const why = {
  large: 'it has more than 1000 bytes, unpacked',
  many: 'with it there would be more than 100 labels at once',
};

it('labels that fit are read once', async () => {
  const given = [await file('a.csv', 3), await file('b.csv', 2, 'a.csv')];

  const { readable, refused, parts, book } = await files().readAll(given, target);

  expect({ readable, refused, parts: parts.length }).toEqual({ readable: given, refused: [], parts: 1 });
  expect(book?.counts).toEqual({ labels: 3, repeated: 2, overruled: 0 });
});

it('more than fit into memory are dealt with part by part, each label in one', async () => {
  const given = [await file('many.csv', 40), await file('again.csv', 40, 'many.csv')];
  const some = files({ fileBytes: 1000, labels: 100, atATime: 10 });

  const { parts, book } = await some.readAll(given, target);
  const books = await Promise.all(parts.map((part) => some.read(given, target, part)));

  expect([parts.length, book]).toEqual([8, null]);
  expect(books.flatMap((each) => [...each].map(({ inferenceId }) => inferenceId)).sort()).toEqual(
    Array.from({ length: 40 }, (_, index) => `many.csv-${index}`).sort(),
  );
  expect(books.reduce((sum, { counts }) => sum + counts.repeated, 0)).toBe(40);
});

it.each([
  ['a file that is too large', 'large.csv', 100, why.large],
  ['a packed one that is too large when it is unpacked', 'large.csv.gz', 100, why.large],
  ['one with which there would be too many', 'one-too-many.csv', 61, why.many],
])('%s is refused with its reason, and takes no others with it', async (_, name, labels, reason) => {
  const before = [await file('x.csv', 20), await file('y.csv', 20)];
  const tooLarge = await file(name, labels);
  const after = await file('z.csv', 20, 'x.csv');

  const limits = { fileBytes: reason === why.many ? 2000 : 1000, labels: 100, atATime: 1000 };
  const { readable, refused, book } = await files(limits).readAll([...before, tooLarge, after], target);

  expect(readable).toEqual([...before, after]);
  expect(refused).toEqual([
    {
      key: tooLarge.key,
      versionId: tooLarge.versionId,
      code: expect.stringMatching(/^too-/),
      why: reason,
      lines: [],
      count: null,
    },
  ]);
  expect(book?.counts).toEqual({ labels: 40, repeated: 20, overruled: 0 });
});

it('what cannot be read, or is gone, is counted', async () => {
  const gone = await file('gone.csv', 1);
  await s3.send(new DeleteObjectCommand({ Bucket: 'data', Key: gone.key, VersionId: gone.versionId }));
  const Key = 'labels/flight-delay/nonsense.csv';
  const { VersionId = '' } = await s3.send(new PutObjectCommand({ Bucket: 'data', Key, Body: 'a\nb\n' }));
  const nonsense = { key: Key, versionId: VersionId, size: 4, modifiedAt: gone.modifiedAt };

  expect((await files().readAll([gone, nonsense], target)).unreadable).toBe(3);
});
