import {
  behindPrefix,
  commonPrefixOf,
  type ListParameters,
  listAnswer,
  listParameters,
  listQuery,
} from './listing.ts';
import type { StoredObject } from './object-version.schema.ts';
import type { S3Operation } from './operation.ts';
import { listing } from './permissions.ts';
import { s3Error } from './s3-error.ts';
import type { Storage } from './storage.ts';
import { bucketNamed, objectKey } from './versions.ts';
import { xmlDocument } from './xml.ts';

export function listObjectsV2(storage: Storage): S3Operation {
  return {
    name: 'ListObjectsV2',
    permissions: listing('s3:ListBucket'),
    headers: [],
    query: ['list-type', 'continuation-token', 'start-after', 'fetch-owner', ...listQuery],
    async run(request) {
      const { bucket, query } = request;
      await bucketNamed(storage, bucket);
      const parameters = listParameters(request);
      const token = query.get('continuation-token');
      const startAfter = query.get('start-after');
      const after = token === null ? (startAfter ?? undefined) : keyOfToken(token);
      const page = await listPage(storage, bucket, parameters, after);
      const { shown, elements } = listAnswer(parameters);
      return {
        xml: xmlDocument('ListBucketResult', {
          Name: bucket,
          ...elements,
          KeyCount: page.objects.length + page.commonPrefixes.length,
          IsTruncated: page.next !== undefined,
          ContinuationToken: token ?? undefined,
          NextContinuationToken: page.next === undefined ? undefined : tokenOfKey(page.next),
          // A token says where to go on, so that what the first page started after is neither looked at nor repeated.
          StartAfter: startAfter === null || token !== null ? undefined : shown(startAfter),
          Contents: page.objects.map((object) => ({
            Key: shown(object.key),
            ...listedObject(object),
            ...(query.get('fetch-owner') === 'true' && { Owner: { ID: storage.accountId } }),
          })),
          CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: shown(prefix) })),
        }),
      };
    },
  };
}

/** Elements of an object in a list. */
export function listedObject(object: StoredObject): Record<string, unknown> {
  return {
    LastModified: object.lastModified,
    ETag: `"${object.etag}"`,
    ...(object.checksum && {
      ChecksumAlgorithm: object.checksum.algorithm,
      ChecksumType: object.checksum.type,
    }),
    Size: object.size,
    StorageClass: 'STANDARD',
  };
}

interface Page {
  readonly objects: readonly StoredObject[];
  readonly commonPrefixes: readonly string[];
  /** Where the next page starts behind, if there is one. */
  readonly next: string | undefined;
}

async function listPage(
  storage: Storage,
  bucket: string,
  parameters: ListParameters,
  after: string | undefined,
): Promise<Page> {
  const objects: StoredObject[] = [];
  const commonPrefixes: string[] = [];
  let position = after;
  for (;;) {
    let isGroup = false;
    for await (const object of objectsBehind(storage, bucket, parameters.prefix, position)) {
      if (parameters.maxKeys === 0) break;
      if (objects.length + commonPrefixes.length === parameters.maxKeys)
        return { objects, commonPrefixes, next: position };
      const commonPrefix = commonPrefixOf(object.key, parameters);
      isGroup = commonPrefix !== undefined;
      if (commonPrefix === undefined) {
        objects.push(object);
        position = object.key;
      } else {
        commonPrefixes.push(commonPrefix);
        // A whole group is one entry, so the search goes on behind it.
        position = behindPrefix(commonPrefix);
        break;
      }
    }
    if (!isGroup) return { objects, commonPrefixes, next: undefined };
  }
}

async function* objectsBehind(
  storage: Storage,
  bucket: string,
  prefix: string,
  after: string | undefined,
): AsyncGenerator<StoredObject> {
  const range = {
    prefix: objectKey(bucket, prefix),
    ...(after !== undefined && { after: objectKey(bucket, after) }),
  };
  for await (const [, object] of storage.current.entries(range)) yield object;
}

/** Tokens are opaque to clients; inside is the key to go on behind. */
function tokenOfKey(key: string): string {
  return Buffer.from(key, 'utf8').toString('base64url');
}

function keyOfToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString('utf8');
  if (token === '' || tokenOfKey(key) !== token)
    throw s3Error.invalidArgument('The continuation token provided is incorrect');
  return key;
}
