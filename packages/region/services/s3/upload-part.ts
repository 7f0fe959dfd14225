import { checksumHeaders } from './object-headers.ts';
import { contentHeaders, type S3Operation } from './operation.ts';
import { type ReceivedPayload, receivePayload } from './payload.ts';
import { uploading } from './permissions.ts';
import { s3Error } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';
import type { Storage } from './storage.ts';
import { partKey, type Upload, type UploadPart } from './upload.schema.ts';

/** S3's limit on the parts of an upload. */
const maxPartNumber = 10_000;

export function uploadPart(storage: Storage): S3Operation {
  return {
    name: 'UploadPart',
    permissions: uploading,
    headers: contentHeaders,
    query: ['partNumber', 'uploadId'],
    async run(request) {
      const partNumber = partNumberOf(request);
      const upload = await uploadOf(storage, request);
      const { blob, filled: payload } = await storage.blobs.create((sink) => receivePayload(request, sink));
      const part = await recordPart(storage, request, upload, partNumber, blob, payload);
      return { headers: { etag: `"${part.etag}"`, ...partChecksumHeaders(part) } };
    },
  };
}

export function partNumberOf({ query }: S3Request): number {
  const partNumber = Number(query.get('partNumber'));
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > maxPartNumber)
    throw s3Error.invalidArgument('Part number must be an integer between 1 and 10000, inclusive', {
      name: 'partNumber',
      value: query.get('partNumber') ?? '',
    });
  return partNumber;
}

/** The upload that a request names, if it is of the request's key. */
export async function uploadOf(storage: Storage, { bucket, key, query }: S3Request): Promise<Upload> {
  const uploadId = query.get('uploadId') ?? '';
  const upload = await storage.uploads.get(uploadId);
  if (upload?.bucket !== bucket || upload.key !== key) throw s3Error.noSuchUpload(uploadId);
  return upload;
}

/** Makes content a part, in the place of an earlier one of its number. Removes the content if that fails. */
export async function recordPart(
  storage: Storage,
  request: S3Request,
  upload: Upload,
  partNumber: number,
  blob: string,
  payload: ReceivedPayload,
): Promise<UploadPart> {
  const part: UploadPart = {
    uploadId: upload.uploadId,
    partNumber,
    etag: payload.md5,
    segment: { blob, size: payload.size },
    ...(payload.checksum && { checksum: payload.checksum }),
  };
  try {
    assertChecksum(upload, payload);
    const replaced = await storage.turns.run(async () => {
      // The upload may have been completed or aborted while the part was on its way.
      await uploadOf(storage, request);
      const key = partKey(part.uploadId, partNumber);
      const earlier = await storage.parts.get(key);
      await storage.records.write([storage.parts.put(key, part)]);
      return earlier;
    });
    if (replaced) await storage.blobs.remove([replaced.segment]);
    return part;
  } catch (error) {
    await storage.blobs.remove([part.segment]);
    throw error;
  }
}

function assertChecksum({ checksum }: Upload, payload: ReceivedPayload): void {
  if (payload.checksum?.algorithm !== checksum?.algorithm && checksum?.type === 'COMPOSITE')
    throw s3Error.invalidRequest(
      `Checksum Type mismatch occurred, expected checksum Type: ${checksum.algorithm}, actual checksum Type: ${payload.checksum?.algorithm ?? 'null'}`,
    );
}

function partChecksumHeaders(part: UploadPart): Record<string, string> {
  const { 'x-amz-checksum-type': _type, ...headers } = checksumHeaders(part);
  return headers;
}
