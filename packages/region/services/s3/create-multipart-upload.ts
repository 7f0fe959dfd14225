import { randomUUID } from 'node:crypto';
import { unsupported } from '../../aws-error.ts';
import { newObjectHeaderNames, newObjectHeaders, requestedLock } from './object-headers.ts';
import { checksumAlgorithms } from './object-version.schema.ts';
import type { S3Operation } from './operation.ts';
import { uploading } from './permissions.ts';
import { s3Error } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';
import type { Storage } from './storage.ts';
import type { Upload } from './upload.schema.ts';
import { bucketNamed, objectKey } from './versions.ts';
import { xmlDocument } from './xml.ts';

export function createMultipartUpload(storage: Storage): S3Operation {
  return {
    name: 'CreateMultipartUpload',
    permissions: uploading,
    headers: ['x-amz-checksum-algorithm', 'x-amz-checksum-type', ...newObjectHeaderNames],
    query: ['uploads'],
    async run(request) {
      const { bucket, key } = request;
      await bucketNamed(storage, bucket);
      const checksum = requestedChecksum(request);
      const lock = requestedLock(request);
      const current = await storage.current.get(objectKey(bucket, key));
      const upload: Upload = {
        uploadId: randomUUID(),
        bucket,
        key,
        startedAt: new Date(storage.now()).toISOString(),
        headers: newObjectHeaders(request),
        ...(current && { sequencerAtStart: current.sequencer }),
        ...(checksum && { checksum }),
        ...(lock && { lock }),
      };
      await storage.records.write([storage.uploads.put(upload.uploadId, upload)]);
      return {
        headers: {
          ...(checksum && {
            'x-amz-checksum-algorithm': checksum.algorithm,
            'x-amz-checksum-type': checksum.type,
          }),
        },
        xml: xmlDocument('InitiateMultipartUploadResult', {
          Bucket: bucket,
          Key: key,
          UploadId: upload.uploadId,
        }),
      };
    },
  };
}

/** CRC-64/NVME is of the full object only, SHA composite only; the other CRCs are composite unless asked otherwise. */
function requestedChecksum(request: S3Request): Upload['checksum'] {
  const name = request.header('x-amz-checksum-algorithm');
  if (name === undefined) {
    if (request.header('x-amz-checksum-type') === undefined) return undefined;
    throw s3Error.invalidRequest(
      'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    );
  }
  const algorithm = checksumAlgorithms.find((known) => known === name.toUpperCase());
  if (algorithm === undefined) throw unsupported(`s3 with the checksum ${name}`);
  const byDefault = algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE';
  const type = request.header('x-amz-checksum-type') ?? byDefault;
  const isSha = algorithm === 'SHA1' || algorithm === 'SHA256';
  const isPossible = type === 'COMPOSITE' ? algorithm !== 'CRC64NVME' : type === 'FULL_OBJECT' && !isSha;
  if (!isPossible)
    throw s3Error.invalidRequest(
      `The ${type} checksum type cannot be used with the ${algorithm} checksum algorithm.`,
    );
  return { algorithm, type: type === 'COMPOSITE' ? 'COMPOSITE' : 'FULL_OBJECT' };
}
