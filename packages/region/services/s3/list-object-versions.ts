import { listedObject } from './list-objects-v2.ts';
import {
  behindPrefix,
  commonPrefixOf,
  type ListParameters,
  listAnswer,
  listParameters,
  listQuery,
} from './listing.ts';
import type { ObjectVersion } from './object-version.schema.ts';
import type { S3Operation } from './operation.ts';
import { listing } from './permissions.ts';
import { s3Error } from './s3-error.ts';
import { sequencerOf } from './sequence.ts';
import type { Storage } from './storage.ts';
import { bucketNamed, findVersion, newestVersion, objectKey, versionKey } from './versions.ts';
import { xmlDocument } from './xml.ts';

export function listObjectVersions(storage: Storage): S3Operation {
  return {
    name: 'ListObjectVersions',
    permissions: listing('s3:ListBucketVersions'),
    headers: [],
    query: ['versions', 'key-marker', 'version-id-marker', ...listQuery],
    async run(request) {
      const { bucket, query } = request;
      await bucketNamed(storage, bucket);
      const parameters = listParameters(request);
      const keyMarker = query.get('key-marker') ?? '';
      const versionIdMarker = query.get('version-id-marker') ?? '';
      const after = await positionBehind(storage, bucket, keyMarker, versionIdMarker, parameters);
      const page = await listPage(storage, bucket, parameters, after);
      const { shown, elements } = listAnswer(parameters);
      const entry = ({ version, isLatest }: Listed) => ({
        Key: shown(version.key),
        VersionId: version.versionId,
        IsLatest: isLatest,
        Owner: { ID: storage.accountId },
        ...(version.kind === 'object' ? listedObject(version) : { LastModified: version.lastModified }),
      });
      return {
        xml: xmlDocument('ListVersionsResult', {
          Name: bucket,
          ...elements,
          KeyMarker: shown(keyMarker),
          VersionIdMarker: versionIdMarker,
          IsTruncated: page.next !== undefined,
          ...(page.next && {
            NextKeyMarker: shown(page.next.key),
            NextVersionIdMarker: page.next.versionId,
          }),
          Version: page.versions.filter(({ version }) => version.kind === 'object').map(entry),
          DeleteMarker: page.versions.filter(({ version }) => version.kind === 'delete-marker').map(entry),
          CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: shown(prefix) })),
        }),
      };
    },
  };
}

interface Listed {
  readonly version: ObjectVersion;
  readonly isLatest: boolean;
}

interface Page {
  readonly versions: readonly Listed[];
  readonly commonPrefixes: readonly string[];
  /** The last entry of a page that is not the last page. */
  readonly next: { readonly key: string; readonly versionId?: string } | undefined;
}

/** The record to go on behind: that of the marked version, or the last of the marked key, or of the group that the key is in. */
async function positionBehind(
  storage: Storage,
  bucket: string,
  keyMarker: string,
  versionIdMarker: string,
  parameters: ListParameters,
): Promise<string | undefined> {
  if (versionIdMarker !== '' && keyMarker === '')
    throw s3Error.invalidArgument('A version-id marker cannot be specified without a key marker.');
  if (keyMarker === '') return undefined;
  if (versionIdMarker !== '') {
    return await positionOfVersion(storage, bucket, keyMarker, versionIdMarker);
  }
  const group = commonPrefixOf(keyMarker, parameters);
  return group === undefined
    ? behindPrefix(`${objectKey(bucket, keyMarker)}\0`)
    : behindPrefix(objectKey(bucket, group));
}

/**
 * A version that was deleted since the page that named it keeps its place, which its id tells. The id `null` tells none: the key is
 * then listed from its beginning, so that no version is left out.
 */
async function positionOfVersion(
  storage: Storage,
  bucket: string,
  key: string,
  versionId: string,
): Promise<string | undefined> {
  const version = await findVersion(storage, bucket, key, versionId);
  if (version) return versionKey(version);
  const sequencer = sequencerOf(versionId);
  if (sequencer !== undefined) return versionKey({ bucket, key, sequencer });
  if (versionId !== 'null') throw s3Error.invalidArgument('Invalid version id specified');
  return `${objectKey(bucket, key)}\0`;
}

async function listPage(
  storage: Storage,
  bucket: string,
  parameters: ListParameters,
  after: string | undefined,
): Promise<Page> {
  const versions: Listed[] = [];
  const commonPrefixes: string[] = [];
  let last: Page['next'];
  let previousKey = after === undefined ? undefined : await keyListedBefore(storage, bucket, after);
  const range = { prefix: objectKey(bucket, parameters.prefix), ...(after !== undefined && { after }) };
  for await (const [, version] of storage.versions.entries(range)) {
    if (parameters.maxKeys === 0) break;
    const commonPrefix = commonPrefixOf(version.key, parameters);
    if (commonPrefix !== undefined && commonPrefix === commonPrefixes.at(-1)) continue;
    if (versions.length + commonPrefixes.length === parameters.maxKeys)
      return { versions, commonPrefixes, next: last };
    if (commonPrefix === undefined) {
      versions.push({ version, isLatest: version.key !== previousKey });
      previousKey = version.key;
      last = { key: version.key, versionId: version.versionId };
    } else {
      commonPrefixes.push(commonPrefix);
      last = { key: commonPrefix };
    }
  }
  return { versions, commonPrefixes, next: undefined };
}

/** The key within which a page begins, if its latest version is on an earlier page. */
async function keyListedBefore(storage: Storage, bucket: string, after: string): Promise<string | undefined> {
  const [, key = ''] = after.split('\0');
  const newest = await newestVersion(storage, bucket, key);
  return newest && versionKey(newest) <= after ? key : undefined;
}
