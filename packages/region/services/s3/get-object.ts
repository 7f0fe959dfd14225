import { unmodifiedBy } from './conditional-requests.ts';
import { describingHeaders, readConditions } from './object-headers.ts';
import type { S3Answer, S3Operation } from './operation.ts';
import { gettingObject } from './permissions.ts';
import { byteRange } from './range.ts';
import type { S3Request } from './s3-request.ts';
import type { Storage } from './storage.ts';
import { type FoundObject, holdObject } from './versions.ts';

/** Headers and parameters that GetObject and HeadObject share. */
export const readHeaders = [
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-unmodified-since',
  'range',
  'x-amz-checksum-mode',
];
export const readQuery = ['versionId'];

export function getObject(storage: Storage): S3Operation {
  return {
    name: 'GetObject',
    permissions: gettingObject,
    readsFrom: ({ bucket }) => bucket,
    headers: readHeaders,
    query: readQuery,
    async run(request) {
      const { bucket, key, query } = request;
      const found = await holdObject(storage, bucket, key, query.get('versionId') ?? undefined);
      const { object, release } = found;
      try {
        const answer = readAnswer(request, found, storage.now());
        if (answer.status === 304) {
          await release();
          return answer;
        }
        const { start, end } = byteRange(request.header('range'), object.size) ?? {
          start: 0,
          end: object.size - 1,
        };
        const content = storage.blobs.read(object.segments, start, end);
        content.once('close', () => void release());
        return { ...answer, content };
      } catch (error) {
        await release();
        throw error;
      }
    },
  };
}

/** Status and headers of a read: 200, 206 for a range, 304 if the reader has it already. */
export function readAnswer(
  request: S3Request,
  { object, isVersioned }: Pick<FoundObject, 'object' | 'isVersioned'>,
  now: number,
): S3Answer {
  if (unmodifiedBy(readConditions(request, now), object) !== undefined)
    return { status: 304, headers: { etag: `"${object.etag}"` } };
  const range = byteRange(request.header('range'), object.size);
  const length = range ? range.end - range.start + 1 : object.size;
  // The stored checksum is of the whole object, so it would not fit a part of it.
  const withChecksum = request.header('x-amz-checksum-mode') === 'ENABLED' && !range;
  return {
    status: range ? 206 : 200,
    headers: {
      ...describingHeaders(object, isVersioned, withChecksum),
      'content-length': String(length),
      ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${object.size}` }),
    },
  };
}
