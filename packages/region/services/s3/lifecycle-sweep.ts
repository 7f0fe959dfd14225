import { AwsError } from '../../aws-error.ts';
import { abortUpload } from './abort-multipart-upload.ts';
import type { Bucket } from './bucket.schema.ts';
import { type DeleteContext, deleteVersion } from './delete-version.ts';
import { expiries, isUploadDue } from './lifecycle.ts';
import type { ObjectVersion } from './object-version.schema.ts';
import type { Storage } from './storage.ts';
import { objectKey } from './versions.ts';

const context: DeleteContext = {
  reason: 'Lifecycle Expiration',
  origin: { requestId: 'lifecycle', requester: 's3.amazonaws.com' },
};

/** Applies the lifecycle rules of every bucket. S3 does so once a day. */
export async function sweepLifecycle(storage: Storage): Promise<void> {
  for await (const [, bucket] of storage.buckets.entries()) {
    if (bucket.lifecycle.length === 0) continue;
    await expireVersions(storage, bucket);
    await abortUploads(storage, bucket);
  }
}

async function expireVersions(storage: Storage, bucket: Bucket): Promise<void> {
  let versions: ObjectVersion[] = [];
  for await (const [, version] of storage.versions.entries({ prefix: objectKey(bucket.name, '') })) {
    if (versions[0] && versions[0].key !== version.key) {
      await expireKey(storage, bucket, versions);
      versions = [];
    }
    versions.push(version);
  }
  await expireKey(storage, bucket, versions);
}

async function expireKey(
  storage: Storage,
  bucket: Bucket,
  versions: readonly ObjectVersion[],
): Promise<void> {
  for (const { kind, version } of expiries(bucket.lifecycle, versions, storage.now())) {
    const { key, sequencer } = version;
    const versionId = kind === 'delete' ? version.versionId : undefined;
    try {
      await deleteVersion(
        storage,
        { bucket: bucket.name, key, versionId },
        { ...context, onlySequencer: sequencer },
      );
    } catch (error) {
      // Object Lock is stronger than a lifecycle rule; the version goes when its lock has ended.
      if (!(error instanceof AwsError) || error.code !== 'AccessDenied') throw error;
    }
  }
}

async function abortUploads(storage: Storage, bucket: Bucket): Promise<void> {
  for await (const [uploadId, upload] of storage.uploads.entries())
    if (
      upload.bucket === bucket.name &&
      isUploadDue(bucket.lifecycle, upload.key, upload.startedAt, storage.now())
    )
      await abortUpload(storage, uploadId);
}
