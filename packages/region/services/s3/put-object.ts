import { isConditional } from './conditional-requests.ts';
import {
  createdHeaders,
  newObjectHeaderNames,
  newObjectHeaders,
  originOf,
  requestedLock,
  writeConditions,
} from './object-headers.ts';
import { contentHeaders, type S3Operation } from './operation.ts';
import { receivePayload } from './payload.ts';
import { puttingObject } from './permissions.ts';
import { s3Error } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';
import type { Storage } from './storage.ts';
import { bucketNamed } from './versions.ts';
import { writeVersion } from './write-version.ts';

/** 5 GiB, what S3 takes in one PUT. */
const maxBytes = 5 * 1024 ** 3;

export function putObject(storage: Storage): S3Operation {
  return {
    name: 'PutObject',
    permissions: puttingObject,
    headers: ['if-match', 'if-none-match', ...newObjectHeaderNames, ...contentHeaders],
    query: [],
    async run(request) {
      const { bucket, key } = request;
      await bucketNamed(storage, bucket);
      const headers = newObjectHeaders(request);
      const lock = requestedLock(request);
      if (lock) assertHasDigest(request);
      const conditions = writeConditions(request);
      assertSize(request);
      const conditionalWrite = isConditional(conditions)
        ? storage.conditionalWrites.begin(bucket, key)
        : undefined;
      try {
        const { blob, filled: payload } = await storage.blobs.create((sink) => receivePayload(request, sink));
        const { size, md5: etag, checksum } = payload;
        const segments = [{ blob, size }];
        try {
          const object = await writeVersion(
            storage,
            {
              bucket,
              key,
              size,
              etag,
              segments,
              headers,
              ...(checksum && { checksum }),
              ...(lock && { lock }),
            },
            { reason: 'PutObject', origin: originOf(request), conditions, conditionalWrite },
          );
          return { headers: createdHeaders(object) };
        } catch (error) {
          await storage.blobs.remove(segments);
          throw error;
        }
      } finally {
        conditionalWrite?.end();
      }
    },
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html, Object Lock parameters */
function assertHasDigest(request: S3Request): void {
  if (request.headerNames.some((name) => /^(content-md5|x-amz-trailer|x-amz-checksum-.*)$/.test(name)))
    return;
  throw s3Error.invalidRequest(
    'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
  );
}

function assertSize(request: S3Request): void {
  const announced = Number(
    request.header('x-amz-decoded-content-length') ?? request.header('content-length'),
  );
  if (Number.isNaN(announced)) throw s3Error.missingContentLength();
  if (announced > maxBytes) throw s3Error.entityTooLarge(announced, maxBytes);
}
