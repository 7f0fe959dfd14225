import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type S3Region, startS3 } from './s3-region.ts';

let region: S3Region;
let count = 0;

beforeAll(async () => {
  region = await startS3();
});
afterAll(() => region.stop());

async function bucketWith(keys: readonly string[]): Promise<string> {
  count += 1;
  const Bucket = `listing-${count}`;
  await region.service.configureBucket(Bucket, { versioned: false, eventBridge: false, objectLock: false });
  for (const Key of keys) await region.client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
  return Bucket;
}

interface Listed {
  readonly keys: string[];
  readonly prefixes: string[];
}

/** All pages of a list, and the entries on each. */
async function list(input: { Bucket: string; Prefix?: string; Delimiter?: string; MaxKeys?: number }) {
  const pages: Listed[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await region.client.send(
      new ListObjectsV2Command({ ...input, ...(ContinuationToken && { ContinuationToken }) }),
    );
    pages.push({
      keys: (page.Contents ?? []).map(({ Key = '' }) => Key),
      prefixes: (page.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix),
    });
    ContinuationToken = page.NextContinuationToken;
    expect(page.IsTruncated).toBe(ContinuationToken !== undefined);
    expect(page.KeyCount).toBe((pages.at(-1)?.keys.length ?? 0) + (pages.at(-1)?.prefixes.length ?? 0));
  } while (ContinuationToken !== undefined);
  return pages;
}

/** What a list should have, worked out from all keys at once. */
function expectedOf(keys: readonly string[], prefix: string, delimiter: string): Listed {
  const sorted = [...new Set(keys)]
    .filter((key) => key.startsWith(prefix))
    .sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  const prefixOf = (key: string) => {
    const index = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    return index < 0 ? undefined : key.slice(0, index + delimiter.length);
  };
  return {
    keys: sorted.filter((key) => prefixOf(key) === undefined),
    prefixes: [...new Set(sorted.flatMap((key) => prefixOf(key) ?? []))],
  };
}

test('a list, in pages of any size, has every key once in the order of UTF-8', async () => {
  const key = fc.string({
    unit: fc.constantFrom('a', 'b', '/', 'é', '🎈', '\uffee', ' ', '+'),
    minLength: 1,
    maxLength: 5,
  });
  const question = fc.record({
    keys: fc.array(key, { maxLength: 15 }),
    prefix: fc.constantFrom('', 'a', 'a/', 'é', '/'),
    delimiter: fc.constantFrom('', '/', 'b', '🎈'),
    pageSize: fc.integer({ min: 1, max: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(question, async ({ keys, prefix, delimiter, pageSize }) => {
      const Bucket = await bucketWith(keys);

      const pages = await list({ Bucket, Prefix: prefix, Delimiter: delimiter, MaxKeys: pageSize });

      expect({
        keys: pages.flatMap((page) => page.keys),
        prefixes: pages.flatMap((page) => page.prefixes),
      }).toEqual(expectedOf(keys, prefix, delimiter));
      for (const page of pages.slice(0, -1)) expect(page.keys.length + page.prefixes.length).toBe(pageSize);
    }),
    { numRuns: 25 },
  );
});

test('a list can start behind a key', async () => {
  const Bucket = await bucketWith(['a', 'b', 'c']);

  const { Contents, StartAfter } = await region.client.send(
    new ListObjectsV2Command({ Bucket, StartAfter: 'a' }),
  );

  expect(Contents?.map(({ Key }) => Key)).toEqual(['b', 'c']);
  expect(StartAfter).toBe('a');
});

test('an entry tells size, entity tag, time and checksum', async () => {
  const Bucket = await bucketWith(['key']);

  const { Contents } = await region.client.send(new ListObjectsV2Command({ Bucket, FetchOwner: true }));

  expect(Contents).toEqual([
    {
      Key: 'key',
      Size: 3,
      ETag: '"3c6e0b8a9c15224a8228b9a98ca1531d"',
      LastModified: expect.any(Date),
      StorageClass: 'STANDARD',
      ChecksumAlgorithm: ['CRC32'],
      ChecksumType: 'FULL_OBJECT',
      Owner: { ID: '000000000000' },
    },
  ]);
});

test('keys can be asked for URL-encoded', async () => {
  const Bucket = await bucketWith(['a b/c(1)+é']);

  const { Contents } = await region.client.send(new ListObjectsV2Command({ Bucket, EncodingType: 'url' }));

  expect(Contents?.[0]?.Key).toBe('a%20b/c%281%29%2B%C3%A9');
});

test('at most a thousand keys are on a page, and none if none are asked for', async () => {
  const Bucket = await bucketWith(['a']);

  const many = await region.client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 5000 }));
  const none = await region.client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 0 }));

  expect(many.MaxKeys).toBe(1000);
  expect(none).toMatchObject({ KeyCount: 0, IsTruncated: false });
});

test('a token that was not given out is refused', async () => {
  const Bucket = await bucketWith([]);

  await expect(
    region.client.send(new ListObjectsV2Command({ Bucket, ContinuationToken: '?' })),
  ).rejects.toMatchObject({ name: 'InvalidArgument' });
});
