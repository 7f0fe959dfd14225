import { abortUpload } from './abort-multipart-upload.ts';
import type { S3Operation } from './operation.ts';
import { onBucket } from './permissions.ts';
import { s3Error } from './s3-error.ts';
import type { Storage } from './storage.ts';
import { bucketNamed, objectKey } from './versions.ts';

export function deleteBucket(storage: Storage): S3Operation {
  return {
    name: 'DeleteBucket',
    permissions: onBucket('s3:DeleteBucket'),
    headers: [],
    query: [],
    async run({ bucket }) {
      await removeBucket(storage, bucket);
      return { status: 204 };
    },
  };
}

/** Deletes a bucket in which there is no version and no delete marker, with its unfinished uploads. */
export async function removeBucket(storage: Storage, name: string): Promise<void> {
  await storage.turns.run(async () => {
    await bucketNamed(storage, name);
    for await (const _ of storage.versions.entries({ prefix: objectKey(name, '') }))
      throw s3Error.bucketNotEmpty(name);
    await storage.records.write([storage.buckets.del(name)]);
  });
  for await (const [uploadId, { bucket }] of storage.uploads.entries())
    if (bucket === name) await abortUpload(storage, uploadId);
}
