import { unsupported } from '../../aws-error.ts';
import { checksumElements } from './checksums.ts';
import { isConditional, type WriteConditions } from './conditional-requests.ts';
import { assertCopyable, type CopySource, copySource, copySourceHeaders } from './copy-source.ts';
import {
  newObjectHeaderNames,
  newObjectHeaders,
  originOf,
  requestedLock,
  writeConditions,
} from './object-headers.ts';
import {
  type ChecksumAlgorithm,
  checksumAlgorithms,
  type ObjectHeaders,
  type StoredObject,
} from './object-version.schema.ts';
import type { S3Operation } from './operation.ts';
import { measurePayload } from './payload.ts';
import { copyingObject } from './permissions.ts';
import { s3Error } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';
import type { Storage } from './storage.ts';
import { bucketNamed, holdObject } from './versions.ts';
import { type NewObject, writeVersion } from './write-version.ts';
import { xmlDocument } from './xml.ts';

export function copyObject(storage: Storage): S3Operation {
  return {
    name: 'CopyObject',
    permissions: copyingObject,
    readsFrom: (request) => copySource(request).bucket,
    headers: [
      'if-match',
      'if-none-match',
      'x-amz-checksum-algorithm',
      ...copySourceHeaders,
      'x-amz-metadata-directive',
      'x-amz-tagging-directive',
      ...newObjectHeaderNames,
    ],
    query: [],
    async run(request) {
      const { bucket, key } = request;
      await bucketNamed(storage, bucket);
      const source = copySource(request);
      const headers = replacedHeaders(request);
      const lock = requestedLock(request);
      const conditions = writeConditions(request);
      assertChangesSomething(request, source, headers, conditions);
      const conditionalWrite = isConditional(conditions)
        ? storage.conditionalWrites.begin(bucket, key)
        : undefined;
      const found = await holdObject(storage, source.bucket, source.key, source.versionId);
      try {
        assertCopyable(request, found.object, storage.now());
        const content = await copiedContent(storage, found.object, requestedAlgorithm(request));
        try {
          const object = await writeVersion(
            storage,
            { bucket, key, headers: headers ?? found.object.headers, ...content, ...(lock && { lock }) },
            { reason: 'CopyObject', origin: originOf(request), conditions, conditionalWrite },
          );
          return copyAnswer(object, found.object);
        } catch (error) {
          await storage.blobs.remove(content.segments);
          throw error;
        }
      } finally {
        await found.release();
        conditionalWrite?.end();
      }
    },
  };
}

/** The copy's own headers if the request replaces them; `undefined` to take over the source's. */
function replacedHeaders(request: S3Request): ObjectHeaders | undefined {
  // Objects have no tags here, so that copying and replacing them come to the same; `x-amz-tagging` itself is refused.
  const tagging = request.header('x-amz-tagging-directive') ?? 'COPY';
  if (tagging !== 'COPY' && tagging !== 'REPLACE') throw unsupported(`the tagging directive ${tagging}`);
  const directive = request.header('x-amz-metadata-directive') ?? 'COPY';
  if (directive !== 'COPY' && directive !== 'REPLACE')
    throw s3Error.invalidArgument('Unknown metadata directive.');
  return directive === 'REPLACE' ? newObjectHeaders(request) : undefined;
}

/**
 * A copy onto itself must change something. A storage class counts as a change even if it is the same, and so does a condition (LocalStack
 * 8b9a79f, test_s3_copy_object_in_place_storage_class, test_copy_object_if_match_in_place).
 */
function assertChangesSomething(
  request: S3Request,
  source: CopySource,
  headers: ObjectHeaders | undefined,
  conditions: WriteConditions,
): void {
  const isSame =
    source.bucket === request.bucket && source.key === request.key && source.versionId === undefined;
  const isChange =
    headers !== undefined || isConditional(conditions) || request.header('x-amz-storage-class') !== undefined;
  if (isSame && !isChange)
    throw s3Error.invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
}

function requestedAlgorithm(request: S3Request): ChecksumAlgorithm | undefined {
  const name = request.header('x-amz-checksum-algorithm');
  const algorithm = checksumAlgorithms.find((known) => known === name);
  if (name !== undefined && algorithm === undefined) throw unsupported(`s3 with the checksum ${name}`);
  return algorithm;
}

type Content = Pick<NewObject, 'segments' | 'size' | 'etag' | 'checksum'>;

/** A second name for the same file where nothing changes; else new content, as a copy is never multipart. */
async function copiedContent(
  storage: Storage,
  source: StoredObject,
  requested: ChecksumAlgorithm | undefined,
): Promise<Content> {
  const [only, ...more] = source.segments;
  const algorithm = requested ?? source.checksum?.algorithm;
  const isReusable =
    only && more.length === 0 && !source.etag.includes('-') && algorithm === source.checksum?.algorithm;
  if (isReusable) {
    const { size, etag, checksum } = source;
    const segments = [{ blob: await storage.blobs.duplicate(only.blob), size }];
    return { segments, size, etag, ...(checksum && { checksum }) };
  }
  const { blob, filled } = await storage.blobs.create((sink) =>
    measurePayload(storage.blobs.read(source.segments, 0, source.size - 1), algorithm, sink),
  );
  const { size, md5: etag, checksum } = filled;
  return { segments: [{ blob, size }], size, etag, ...(checksum && { checksum }) };
}

function copyAnswer(object: StoredObject, source: StoredObject) {
  return {
    headers: {
      ...(object.versionId !== 'null' && { 'x-amz-version-id': object.versionId }),
      ...(source.versionId !== 'null' && { 'x-amz-copy-source-version-id': source.versionId }),
    },
    xml: xmlDocument('CopyObjectResult', {
      LastModified: object.lastModified,
      ETag: `"${object.etag}"`,
      ...checksumElements(object),
    }),
  };
}
