import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  type DeleteObjectCommandInput,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandInput,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import type { Scenario, Steps } from '../scenario.ts';
import { place, type World } from '../worlds/world.ts';

const Bucket = 'data';
const Key = 'a';

function versions({ s3 }: World, steps: Steps) {
  const named = (VersionId: string | undefined) => ({ Bucket, Key, VersionId });
  return {
    put: (what: string, input: Partial<PutObjectCommandInput> = {}) =>
      steps.call(`PutObject ${what}`, () =>
        s3.send(new PutObjectCommand({ Bucket, Key, Body: what, ...input })),
      ),
    get: (what: string, versionId?: string) =>
      steps.call(`GetObject ${what}`, () => s3.send(new GetObjectCommand(named(versionId)))),
    head: (what: string, versionId?: string) =>
      steps.call(`HeadObject ${what}`, () => s3.send(new HeadObjectCommand(named(versionId)))),
    remove: (what: string, input: Partial<DeleteObjectCommandInput> = {}) =>
      steps.call(`DeleteObject ${what}`, () => s3.send(new DeleteObjectCommand({ Bucket, Key, ...input }))),
    list: (what: string, input: Partial<ListObjectVersionsCommandInput> = {}) =>
      steps.call(`ListObjectVersions ${what}`, () =>
        s3.send(new ListObjectVersionsCommand({ Bucket, ...input })),
      ),
  };
}

export const s3Versions: readonly Scenario[] = [
  {
    service: 's3',
    name: 'versions',
    async run(world, steps) {
      await world.bucket(Bucket, 'Enabled');
      const { put, get, head, remove, list } = versions(world, steps);
      const first = await put('first');
      const second = await put('second');
      await get('newest');
      await get('first', first.VersionId);
      await get('of no version', 'no-version');
      await head('second', second.VersionId);
      const marker = await remove('by a marker');
      await get('that is marked');
      await head('that is marked');
      await get('of the marker', marker.VersionId);
      await head('of the marker', marker.VersionId);
      await list('with a marker');
      await remove('of the marker', { VersionId: marker.VersionId });
      await get('that is there again');
      await remove('of the second version', { VersionId: second.VersionId });
      await get('that was before');
      await remove('of a version that is not there', { VersionId: second.VersionId });
      await remove('of no version', { VersionId: 'no-version' });
      await steps.call('CopyObject of a version', () =>
        world.s3.send(
          new CopyObjectCommand({
            Bucket,
            Key: 'copy',
            CopySource: `${Bucket}/${Key}?versionId=${first.VersionId}`,
          }),
        ),
      );
      await steps.call('DeleteObjects of versions', () =>
        world.s3.send(
          new DeleteObjectsCommand({
            Bucket,
            Delete: { Objects: [{ Key, VersionId: first.VersionId }] },
          }),
        ),
      );
      await steps.call('DeleteObjects of a version that is not there', () =>
        world.s3.send(
          new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key, VersionId: first.VersionId }] } }),
        ),
      );
      await list('in the end');
    },
  },
  {
    service: 's3',
    name: 'pages of versions',
    async run(world, steps) {
      await world.bucket(Bucket, 'Enabled');
      const { list } = versions(world, steps);
      for (const name of ['a', 'b/1', 'b/2', 'c', 'a', 'c', 'a'])
        await world.s3.send(new PutObjectCommand({ Bucket, Key: name, Body: name }));
      await list('of all');
      await list('of a prefix', { Prefix: 'b/' });
      await list('by a delimiter', { Delimiter: '/' });
      await list('behind a key', { KeyMarker: 'a' });
      await list('behind a key inside a group', { Delimiter: '/', KeyMarker: 'b/1' });
      await list('behind a version without its key', { VersionIdMarker: 'x' });
      let page = await list('page 1', { MaxKeys: 2 });
      for (let number = 2; page.NextKeyMarker !== undefined; number += 1)
        page = await list(`page ${number}`, {
          MaxKeys: 2,
          KeyMarker: page.NextKeyMarker,
          VersionIdMarker: page.NextVersionIdMarker,
        });
    },
  },
  {
    service: 's3',
    name: 'suspended versioning',
    async run(world, steps) {
      await world.bucket(Bucket, 'Suspended');
      const { put, get, head, remove, list } = versions(world, steps);
      await put('first');
      await get('by null', 'null');
      await head('by nothing');
      await put('over null');
      await list('of null');
      await remove('by a marker');
      await list('of the marker');
      await remove('of null', { VersionId: 'null' });
      await list('of nothing');
    },
  },
  {
    service: 's3',
    name: 'no versioning',
    async run(world, steps) {
      await world.bucket(Bucket);
      const { put, get, remove, list } = versions(world, steps);
      await put('first');
      await get('by null', 'null');
      await list('of null');
      await get('of no version', 'no-version');
      await remove('of no version', { VersionId: 'no-version' });
      await remove('with a bypass', { BypassGovernanceRetention: true });
      await remove('of null', { VersionId: 'null' });
      await list('of nothing');
    },
  },
  {
    service: 's3',
    name: 'locked objects',
    async run(world, steps) {
      const { put: putPlain, head, remove } = versions(world, steps);
      // An object that is locked needs a checksum.
      const put = (what: string, input: Partial<PutObjectCommandInput>) =>
        putPlain(what, { ...input, ChecksumAlgorithm: 'CRC32' });
      await steps.call('CreateBucket with locks', () =>
        world.s3.send(
          new CreateBucketCommand({
            Bucket,
            ObjectLockEnabledForBucket: true,
            CreateBucketConfiguration: { LocationConstraint: place.region },
          }),
        ),
      );
      const ObjectLockRetainUntilDate = new Date(Date.now() + 86_400_000);
      const governed = await put('governed', { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate });
      await head('governed');
      await remove('by a marker');
      await remove('of the governed version', { VersionId: governed.VersionId });
      await remove('with the right to', { VersionId: governed.VersionId, BypassGovernanceRetention: true });
      const compliant = await put('compliant', { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate });
      await remove('of the compliant version', {
        VersionId: compliant.VersionId,
        BypassGovernanceRetention: true,
      });
      const held = await put('held', { ObjectLockLegalHoldStatus: 'ON' });
      await remove('of the held version', { VersionId: held.VersionId });
      await putPlain('without a checksum', { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate });
      await put('without a date', { ObjectLockMode: 'GOVERNANCE' });
      await put('without a mode', { ObjectLockRetainUntilDate });
      await put('until yesterday', {
        ObjectLockMode: 'GOVERNANCE',
        ObjectLockRetainUntilDate: new Date(Date.now() - 86_400_000),
      });
    },
  },
];
