import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type S3Region, startS3 } from './s3-region.ts';

let region: S3Region;
let Bucket = 'versioned';
let Key: string;
let count = 0;

beforeAll(async () => {
  region = await startS3({ buckets: { versioned: { versioned: true }, plain: {} } });
});
afterAll(() => region.stop());
beforeEach(() => {
  count += 1;
  Bucket = 'versioned';
  Key = `versions/${count}`;
});

const put = async (Body: string) =>
  (await region.client.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId ?? '';
const text = async (VersionId?: string) => {
  const { Body } = await region.client.send(
    new GetObjectCommand({ Bucket, Key, ...(VersionId && { VersionId }) }),
  );
  return await Body?.transformToString();
};
const remove = (VersionId?: string) =>
  region.client.send(new DeleteObjectCommand({ Bucket, Key, ...(VersionId && { VersionId }) }));
const versions = () => region.client.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));

describe('a version', () => {
  test('stays readable by its id when the object is replaced', async () => {
    const first = await put('first');
    const second = await put('second');

    expect(await text()).toBe('second');
    expect(await text(first)).toBe('first');
    expect(await text(second)).toBe('second');
  });

  test('has an id that sorts after those of earlier versions', async () => {
    const ids = [];
    for (let index = 0; index < 20; index += 1) ids.push(await put(`${index}`));

    expect(new Set(ids).size).toBe(20);
    expect([...ids].sort()).toEqual(ids);
  });

  test('is named by HeadObject and GetObject', async () => {
    const VersionId = await put('x');

    expect(await region.client.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({ VersionId });
  });

  test('can be the source of a copy', async () => {
    const first = await put('first');
    await put('second');

    const copied = await region.client.send(
      new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/${Key}?versionId=${first}` }),
    );

    expect(copied).toMatchObject({ CopySourceVersionId: first });
    expect(await text()).toBe('first');
  });

  test('that never was is a 404, and one that cannot be is a 400', async () => {
    await put('x');

    await expect(text('0'.repeat(32))).rejects.toMatchObject({ name: 'NoSuchVersion' });
    await expect(text('nonsense')).rejects.toMatchObject({ name: 'InvalidArgument' });
  });
});

describe('deleting', () => {
  test('hides the object behind a delete marker and keeps its versions', async () => {
    const VersionId = await put('x');

    const deleted = await remove();

    expect(deleted).toMatchObject({ DeleteMarker: true, VersionId: expect.any(String) });
    const error = await text().catch((caught) => caught);
    expect(error).toMatchObject({ name: 'NoSuchKey' });
    expect(error.$response.headers).toMatchObject({ 'x-amz-delete-marker': 'true' });
    expect(await text(VersionId)).toBe('x');
    const { KeyCount } = await region.client.send(new ListObjectsV2Command({ Bucket, Prefix: Key }));
    expect(KeyCount).toBe(0);
  });

  test('a delete marker brings the object back', async () => {
    await put('x');
    const { VersionId } = await remove();

    const deleted = await remove(VersionId);

    expect(deleted).toMatchObject({ DeleteMarker: true, VersionId });
    expect(await text()).toBe('x');
  });

  test('the latest version makes the one before it current', async () => {
    await put('first');
    const second = await put('second');

    await remove(second);

    expect(await text()).toBe('first');
    await expect(text(second)).rejects.toMatchObject({ name: 'NoSuchVersion' });
  });

  test('an older version leaves the current one alone', async () => {
    const first = await put('first');
    await put('second');

    await remove(first);

    expect(await text()).toBe('second');
  });

  test('reading a delete marker by its id is not allowed', async () => {
    await put('x');
    const { VersionId } = await remove();

    await expect(text(VersionId)).rejects.toMatchObject({ name: 'MethodNotAllowed' });
  });

  test('several versions in one call', async () => {
    const first = await put('first');
    const second = await put('second');

    const { Deleted } = await region.client.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: { Objects: [first, second].map((VersionId) => ({ Key, VersionId })) },
      }),
    );

    expect(Deleted).toEqual([
      { Key, VersionId: first },
      { Key, VersionId: second },
    ]);
    expect((await versions()).Versions).toBeUndefined();
  });

  test('a delete marker counts as no object for a conditional write', async () => {
    await put('x');
    await remove();

    await expect(
      region.client.send(new PutObjectCommand({ Bucket, Key, Body: 'new', IfNoneMatch: '*' })),
    ).resolves.toBeDefined();
  });
});

describe('the list of versions', () => {
  test('has every version and delete marker, newest first', async () => {
    const first = await put('first');
    const { VersionId: marker } = await remove();
    const second = await put('second');

    const { Versions, DeleteMarkers } = await versions();

    expect(Versions?.map(({ VersionId, IsLatest, Size }) => ({ VersionId, IsLatest, Size }))).toEqual([
      { VersionId: second, IsLatest: true, Size: 6 },
      { VersionId: first, IsLatest: false, Size: 5 },
    ]);
    expect(DeleteMarkers).toMatchObject([{ Key, VersionId: marker, IsLatest: false }]);
  });

  test('comes in pages that lose and repeat nothing', async () => {
    const prefix = Key;
    const expected: string[] = [];
    for (const name of ['a', 'b', 'c/1', 'c/2']) {
      Key = `${prefix}/${name}`;
      const ids = [await put('1'), await put('2'), (await remove()).VersionId ?? ''];
      expected.push(...ids.reverse());
    }

    for (const MaxKeys of [1, 2, 5, 100]) {
      const listed: string[] = [];
      const latest: string[] = [];
      let markers: { KeyMarker?: string; VersionIdMarker?: string } = {};
      for (;;) {
        const page = await region.client.send(
          new ListObjectVersionsCommand({ Bucket, Prefix: `${prefix}/`, MaxKeys, ...markers }),
        );
        const entries = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
        listed.push(...entries.map(({ VersionId = '' }) => VersionId));
        latest.push(...entries.filter(({ IsLatest }) => IsLatest).map(({ Key: key = '' }) => key));
        if (!page.IsTruncated) break;
        markers = {
          ...(page.NextKeyMarker && { KeyMarker: page.NextKeyMarker }),
          ...(page.NextVersionIdMarker && { VersionIdMarker: page.NextVersionIdMarker }),
        };
      }

      expect([...listed].sort()).toEqual([...expected].sort());
      expect(latest).toEqual(['a', 'b', 'c/1', 'c/2'].map((name) => `${prefix}/${name}`));
    }
  });

  test('groups by a delimiter', async () => {
    const prefix = Key;
    for (const name of ['a', 'c/1', 'c/2', 'd/1']) {
      Key = `${prefix}/${name}`;
      await put(name);
    }

    const grouped = { Bucket, Prefix: `${prefix}/`, Delimiter: '/' };
    const whole = await region.client.send(new ListObjectVersionsCommand(grouped));
    const first = await region.client.send(new ListObjectVersionsCommand({ ...grouped, MaxKeys: 2 }));
    const second = await region.client.send(
      new ListObjectVersionsCommand({ ...grouped, KeyMarker: first.NextKeyMarker }),
    );

    expect(whole.Versions?.map((version) => version.Key)).toEqual([`${prefix}/a`]);
    expect(whole.CommonPrefixes).toEqual([{ Prefix: `${prefix}/c/` }, { Prefix: `${prefix}/d/` }]);
    expect(first.CommonPrefixes).toEqual([{ Prefix: `${prefix}/c/` }]);
    expect(second.CommonPrefixes).toEqual([{ Prefix: `${prefix}/d/` }]);
  });
});

describe('in a bucket without versioning', () => {
  beforeEach(() => {
    Bucket = 'plain';
  });

  test('there is one version, called null', async () => {
    await put('first');
    await put('second');

    const { Versions } = await versions();

    expect(Versions).toMatchObject([{ VersionId: 'null', Size: 6, IsLatest: true }]);
    expect(await text('null')).toBe('second');
  });

  test('no version ids are returned', async () => {
    expect(await put('x')).toBe('');
    const deleted = await remove();

    expect(deleted.VersionId).toBeUndefined();
    expect(deleted.DeleteMarker).toBeUndefined();
  });
});

test('a bucket whose versioning is suspended keeps old versions and replaces the null one', async () => {
  Bucket = 'suspended';
  const settings = { eventBridge: false, objectLock: false };
  await region.service.configureBucket(Bucket, { versioned: true, ...settings });
  const kept = await put('kept');
  await region.service.configureBucket(Bucket, { versioned: false, ...settings });

  await put('null 1');
  await put('null 2');

  expect((await versions()).Versions?.map(({ VersionId }) => VersionId)).toEqual(['null', kept]);
  await remove();
  const { Versions, DeleteMarkers } = await versions();
  expect(Versions?.map(({ VersionId }) => VersionId)).toEqual([kept]);
  expect(DeleteMarkers).toMatchObject([{ VersionId: 'null', IsLatest: true }]);
});

/** Answers of AWS that LocalStack recorded on 21 February 2026: localstack/localstack 8b9a79f, `tests/aws/services/s3/test_s3_list_operations.py`. */
describe('a page of versions', () => {
  const page = (input: object) =>
    region.client.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key, ...input }));

  test('follows the version that an earlier page ended with, after that version was deleted', async () => {
    for (let index = 0; index < 5; index += 1) await put(`${index}`);
    const { Versions = [], NextKeyMarker, NextVersionIdMarker } = await page({ MaxKeys: 3 });
    for (const { VersionId } of Versions) await remove(VersionId);

    const next = await page({ KeyMarker: NextKeyMarker, VersionIdMarker: NextVersionIdMarker });

    // As in test_list_objects_versions_with_prefix_only_and_pagination: the first that is left is the latest.
    expect(next.Versions?.map(({ IsLatest }) => IsLatest)).toEqual([true, false]);
    expect(next.IsTruncated).toBe(false);
  });

  test('can be followed to the end while each page is deleted', async () => {
    for (let index = 0; index < 7; index += 1) await put(`${index}`);
    let markers: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
    let deleted = 0;
    while (markers) {
      const answer: Awaited<ReturnType<typeof page>> = await page({ MaxKeys: 2, ...markers });
      for (const { VersionId } of answer.Versions ?? []) {
        await remove(VersionId);
        deleted += 1;
      }
      const { NextKeyMarker, NextVersionIdMarker } = answer;
      markers = answer.IsTruncated
        ? {
            ...(NextKeyMarker !== undefined && { KeyMarker: NextKeyMarker }),
            ...(NextVersionIdMarker !== undefined && { VersionIdMarker: NextVersionIdMarker }),
          }
        : undefined;
    }

    expect(deleted).toBe(7);
    expect((await versions()).Versions).toBeUndefined();
  });

  test('leaves no version out when the version called null, which it follows, was deleted', async () => {
    Bucket = 'plain';
    await put('only');
    const other = `${Key}/other`;
    await region.client.send(new PutObjectCommand({ Bucket, Key: other, Body: 'other' }));
    await remove();

    const { Versions } = await page({ KeyMarker: Key, VersionIdMarker: 'null' });

    expect(Versions?.map((version) => version.Key)).toEqual([other]);
  });

  test('is refused behind what no version is called', async () => {
    await expect(page({ KeyMarker: Key, VersionIdMarker: 'nonsense' })).rejects.toMatchObject({
      name: 'InvalidArgument',
      message: 'Invalid version id specified',
    });
  });

  test('behind a key within a group begins behind the group', async () => {
    for (const name of ['sub/1', 'sub/2', 'top']) {
      await region.client.send(new PutObjectCommand({ Bucket, Key: `${Key}/${name}`, Body: name }));
    }

    const { CommonPrefixes, Versions } = await region.client.send(
      new ListObjectVersionsCommand({ Bucket, Prefix: `${Key}/`, Delimiter: '/', KeyMarker: `${Key}/sub/1` }),
    );

    // As in test_list_object_versions_pagination_common_prefixes.
    expect(CommonPrefixes).toBeUndefined();
    expect(Versions?.map((version) => version.Key)).toEqual([`${Key}/top`]);
  });
});
