import type { S3Operation } from './operation.ts';
import { abortingUpload } from './permissions.ts';
import type { Storage } from './storage.ts';
import { partKey, type UploadPart } from './upload.schema.ts';
import { uploadOf } from './upload-part.ts';

export function abortMultipartUpload(storage: Storage): S3Operation {
  return {
    name: 'AbortMultipartUpload',
    permissions: abortingUpload,
    headers: [],
    query: ['uploadId'],
    async run(request) {
      const { uploadId } = await uploadOf(storage, request);
      await abortUpload(storage, uploadId);
      return { status: 204 };
    },
  };
}

/** Forgets an upload with its parts. */
export async function abortUpload(storage: Storage, uploadId: string): Promise<void> {
  const parts = await storage.turns.run(async () => {
    const parts = await partsOf(storage, uploadId);
    await storage.records.write([storage.uploads.del(uploadId), ...partDeletions(storage, parts)]);
    return parts;
  });
  await storage.blobs.remove(parts.map(({ segment }) => segment));
}

/** All parts of an upload, by number. */
export async function partsOf(storage: Storage, uploadId: string): Promise<UploadPart[]> {
  const parts: UploadPart[] = [];
  for await (const [, part] of storage.parts.entries({ prefix: `${uploadId}\0` })) parts.push(part);
  return parts;
}

export function partDeletions(storage: Storage, parts: readonly UploadPart[]) {
  return parts.map(({ uploadId, partNumber }) => storage.parts.del(partKey(uploadId, partNumber)));
}
