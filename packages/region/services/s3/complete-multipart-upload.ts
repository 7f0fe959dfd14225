import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import * as z from 'zod';
import { partDeletions, partsOf } from './abort-multipart-upload.ts';
import { checksumElements, checksumHeader, compositeChecksum } from './checksums.ts';
import { isConditional } from './conditional-requests.ts';
import { originOf, writeConditions } from './object-headers.ts';
import type { Checksum } from './object-version.schema.ts';
import { contentHeaders, type S3Operation } from './operation.ts';
import { measurePayload, receiveText } from './payload.ts';
import { uploading } from './permissions.ts';
import { s3Error } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';
import type { Storage } from './storage.ts';
import type { Upload, UploadPart } from './upload.schema.ts';
import { uploadOf } from './upload-part.ts';
import { writeVersion } from './write-version.ts';
import { parseXml, xmlDocument } from './xml.ts';

/** Every part but the last has at least 5 MiB. */
const minPartBytes = 5 * 1024 ** 2;

const completionSchema = z.object({
  Part: z
    .array(z.looseObject({ PartNumber: z.coerce.number().int(), ETag: z.string() }))
    .max(10_000)
    .default([]),
});
const documentSchema = z.object({
  // An element without content is read as an empty text.
  CompleteMultipartUpload: z.preprocess((element) => (element === '' ? {} : element), completionSchema),
});
type NamedPart = z.infer<typeof completionSchema>['Part'][number];

export function completeMultipartUpload(storage: Storage): S3Operation {
  return {
    name: 'CompleteMultipartUpload',
    permissions: uploading,
    headers: ['if-match', 'if-none-match', 'x-amz-mp-object-size', ...contentHeaders],
    query: ['uploadId'],
    async run(request) {
      const upload = await uploadOf(storage, request);
      const conditions = writeConditions(request);
      const conditionalWrite = isConditional(conditions)
        ? storage.conditionalWrites.begin(upload.bucket, upload.key)
        : undefined;
      try {
        const { CompleteMultipartUpload: document } = parseXml(await completionText(request), documentSchema);
        const stored = await partsOf(storage, upload.uploadId);
        const parts = chosenParts(upload.uploadId, document.Part, stored);
        const segments = parts.map(({ segment }) => segment);
        const size = segments.reduce((sum, segment) => sum + segment.size, 0);
        assertSize(request, size);
        const checksum = await objectChecksum(storage, upload, parts);
        assertChecksum(request, checksum);
        const object = await writeVersion(
          storage,
          {
            bucket: upload.bucket,
            key: upload.key,
            size,
            etag: multipartEtag(parts),
            segments,
            headers: upload.headers,
            ...(checksum && { checksum }),
            ...(upload.lock && { lock: upload.lock }),
          },
          {
            reason: 'CompleteMultipartUpload',
            origin: originOf(request),
            conditions,
            conditionalWrite,
            recheck: () => assertUnchanged(storage, request, stored),
            sequencerAtStart: upload.sequencerAtStart,
            alsoChange: [storage.uploads.del(upload.uploadId), ...partDeletions(storage, stored)],
          },
        );
        await storage.blobs.remove(
          stored.filter((part) => !parts.includes(part)).map(({ segment }) => segment),
        );
        return {
          headers: object.versionId === 'null' ? {} : { 'x-amz-version-id': object.versionId },
          xml: xmlDocument('CompleteMultipartUploadResult', {
            Location: `http://${request.header('host')}/${upload.bucket}/${encodeURI(upload.key)}`,
            Bucket: upload.bucket,
            Key: upload.key,
            ETag: `"${object.etag}"`,
            ...checksumElements(object),
          }),
        };
      } finally {
        conditionalWrite?.end();
      }
    },
  };
}

/** The checksum headers of this call are about the object, not about the document that comes with it. */
async function completionText(request: S3Request): Promise<string> {
  return await receiveText({
    ...request,
    header: (name) => (name.startsWith('x-amz-checksum-') ? undefined : request.header(name)),
  });
}

function chosenParts(
  uploadId: string,
  named: readonly NamedPart[],
  stored: readonly UploadPart[],
): UploadPart[] {
  if (named.length === 0) throw s3Error.invalidRequest('You must specify at least one part');
  const isAscending = named.every(
    ({ PartNumber }, index) => PartNumber > (named[index - 1]?.PartNumber ?? 0),
  );
  if (!isAscending) throw s3Error.invalidPartOrder();
  const byNumber = new Map(stored.map((part) => [part.partNumber, part]));
  const parts = named.map((claimed) => {
    const part = byNumber.get(claimed.PartNumber);
    if (!part || !isPart(claimed, part)) throw s3Error.invalidPart({ ...claimedPart(claimed), uploadId });
    return part;
  });
  const small = parts.slice(0, -1).find(({ segment }) => segment.size < minPartBytes);
  if (small) throw s3Error.entityTooSmall({ ...small, size: small.segment.size }, minPartBytes);
  return parts;
}

const claimedPart = ({ PartNumber, ETag }: NamedPart) => ({
  partNumber: PartNumber,
  etag: ETag.replaceAll('"', ''),
});

/** Whether a part is what the client says: by its tag, and by its checksum if the client names it. */
function isPart(claimed: NamedPart, { etag, checksum }: UploadPart): boolean {
  if (claimed.ETag.replaceAll('"', '') !== etag) return false;
  const named = checksum && claimed[`Checksum${checksum.algorithm}`];
  return named === undefined || named === checksum?.value;
}

/** The upload may have been completed or aborted by another call, or got another part, while this one was reading. */
async function assertUnchanged(
  storage: Storage,
  request: S3Request,
  stored: readonly UploadPart[],
): Promise<void> {
  const { uploadId } = await uploadOf(storage, request);
  const blobsOf = (parts: readonly UploadPart[]) => parts.map(({ segment }) => segment.blob).join();
  if (blobsOf(await partsOf(storage, uploadId)) !== blobsOf(stored)) throw s3Error.invalidPart();
}

/** MD5 of the parts' MD5s, with their number behind a hyphen. */
function multipartEtag(parts: readonly UploadPart[]): string {
  const hash = createHash('md5');
  for (const { etag } of parts) hash.update(Buffer.from(etag, 'hex'));
  return `${hash.digest('hex')}-${parts.length}`;
}

async function objectChecksum(
  storage: Storage,
  { checksum }: Upload,
  parts: readonly UploadPart[],
): Promise<Checksum | undefined> {
  if (!checksum) return undefined;
  if (checksum.type === 'COMPOSITE')
    return await compositeChecksum(
      checksum.algorithm,
      parts.map((part) => part.checksum?.value ?? ''),
    );
  const segments = parts.map(({ segment }) => segment);
  const content = storage.blobs.read(segments, 0, Number.POSITIVE_INFINITY);
  return (await measurePayload(content, checksum.algorithm, discard())).checksum;
}

function discard(): Writable {
  return new Writable({ write: (_chunk, _encoding, callback) => callback() });
}

function assertSize(request: S3Request, size: number): void {
  const announced = request.header('x-amz-mp-object-size');
  if (announced !== undefined && Number(announced) !== size)
    throw s3Error.invalidRequest(
      `The provided 'x-amz-mp-object-size' header value ${announced} does not match what was computed: ${size}`,
    );
}

function assertChecksum(request: S3Request, checksum: Checksum | undefined): void {
  if (!checksum) return;
  const announced = request.header(checksumHeader(checksum.algorithm));
  if (announced !== undefined && announced !== checksum.value)
    throw s3Error.badDigest(
      `The ${checksum.algorithm} you specified did not match the calculated checksum: ${announced} instead of ${checksum.value}.`,
    );
}
