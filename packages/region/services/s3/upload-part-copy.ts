import { checksumElements } from './checksums.ts';
import { assertCopyable, copySource, copySourceHeaders } from './copy-source.ts';
import type { S3Operation } from './operation.ts';
import { measurePayload } from './payload.ts';
import { uploadingCopy } from './permissions.ts';
import { s3Error } from './s3-error.ts';
import type { Storage } from './storage.ts';
import { partNumberOf, recordPart, uploadOf } from './upload-part.ts';
import { holdObject } from './versions.ts';
import { xmlDocument } from './xml.ts';

export function uploadPartCopy(storage: Storage): S3Operation {
  return {
    name: 'UploadPartCopy',
    permissions: uploadingCopy,
    readsFrom: (request) => copySource(request).bucket,
    headers: ['x-amz-copy-source-range', ...copySourceHeaders],
    query: ['partNumber', 'uploadId'],
    async run(request) {
      const partNumber = partNumberOf(request);
      const upload = await uploadOf(storage, request);
      const source = copySource(request);
      const { object, release } = await holdObject(storage, source.bucket, source.key, source.versionId);
      try {
        assertCopyable(request, object, storage.now());
        const { start, end } = sourceRange(request.header('x-amz-copy-source-range'), object.size);
        const { blob, filled: payload } = await storage.blobs.create((sink) =>
          measurePayload(storage.blobs.read(object.segments, start, end), upload.checksum?.algorithm, sink),
        );
        const part = await recordPart(storage, request, upload, partNumber, blob, payload);
        return {
          headers: object.versionId === 'null' ? {} : { 'x-amz-copy-source-version-id': object.versionId },
          xml: xmlDocument('CopyPartResult', {
            LastModified: new Date(storage.now()).toISOString(),
            ETag: `"${part.etag}"`,
            ...checksumElements(part),
          }),
        };
      } finally {
        await release();
      }
    },
  };
}

/** Unlike a reader's range, a copy's has both ends, within the object. */
function sourceRange(header: string | undefined, size: number): { start: number; end: number } {
  if (header === undefined) return { start: 0, end: size - 1 };
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(header) ?? [];
  if (first === undefined || last === undefined || Number(last) < Number(first))
    throw s3Error.invalidArgument('The x-amz-copy-source-range value must be of the form bytes=first-last');
  if (Number(last) >= size)
    throw s3Error.invalidArgument(`Range specified is not valid for source object of size: ${size}`);
  return { start: Number(first), end: Number(last) };
}
