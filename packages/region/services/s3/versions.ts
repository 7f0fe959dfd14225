import type { Bucket } from './bucket.schema.ts';
import type { ObjectVersion, StoredObject } from './object-version.schema.ts';
import { s3Error } from './s3-error.ts';
import { newestFirst, sequencerOf } from './sequence.ts';
import type { Storage } from './storage.ts';

/** Sorts before every character that a key may have, so that `a` comes before `a/b`. */
const separator = '\0';

export function objectKey(bucket: string, key: string): string {
  return `${bucket}${separator}${key}`;
}

export function versionKey({
  bucket,
  key,
  sequencer,
}: Pick<ObjectVersion, 'bucket' | 'key' | 'sequencer'>): string {
  return `${objectKey(bucket, key)}${separator}${newestFirst(sequencer)}`;
}

export async function bucketNamed(storage: Storage, name: string): Promise<Bucket> {
  const bucket = await storage.buckets.get(name);
  if (!bucket) throw s3Error.noSuchBucket(name);
  return bucket;
}

/** All versions of one key, newest first. */
export async function* versionsOf(
  storage: Storage,
  bucket: string,
  key: string,
): AsyncGenerator<ObjectVersion> {
  const prefix = `${objectKey(bucket, key)}${separator}`;
  for await (const [, version] of storage.versions.entries({ prefix })) yield version;
}

export async function newestVersion(
  storage: Storage,
  bucket: string,
  key: string,
): Promise<ObjectVersion | undefined> {
  for await (const version of versionsOf(storage, bucket, key)) return version;
  return undefined;
}

/** The version with this id, `null` included. */
export async function findVersion(
  storage: Storage,
  bucket: string,
  key: string,
  versionId: string,
): Promise<ObjectVersion | undefined> {
  const sequencer = sequencerOf(versionId);
  if (sequencer !== undefined) {
    const version = await storage.versions.get(versionKey({ bucket, key, sequencer }));
    return version?.versionId === versionId ? version : undefined;
  }
  for await (const version of versionsOf(storage, bucket, key))
    if (version.versionId === versionId) return version;
  return undefined;
}

/**
 * A bucket without versioning knows no version but `null`, and an id has the form of those that S3 makes (LocalStack 8b9a79f,
 * test_delete_object, test_delete_object_versioned, test_get_object_with_version_unversioned_bucket).
 * @throws AwsError `InvalidArgument`
 */
export function assertVersionId(versioning: Bucket['versioning'], versionId: string): void {
  if (versionId === 'null') return;
  if (versioning === 'Unversioned' || sequencerOf(versionId) === undefined)
    throw s3Error.invalidArgument('Invalid version id specified', { name: 'versionId', value: versionId });
}

/** The object that a request means: the current one, or the version it names. */
export interface FoundObject {
  readonly object: StoredObject;
  /** Whether its bucket has, or had, versions: then an answer names even the version `null`. */
  readonly isVersioned: boolean;
  /** To be called when its content has been read. */
  readonly release: () => Promise<void>;
}

/**
 * Finds an object and keeps its content from being deleted until it is released.
 * @throws AwsError `NoSuchKey` (with `x-amz-delete-marker` where it is one), `NoSuchVersion`, `InvalidArgument`, `MethodNotAllowed`
 */
export async function holdObject(
  storage: Storage,
  bucket: string,
  key: string,
  versionId: string | undefined,
): Promise<FoundObject> {
  return await storage.turns.run(async () => {
    const { versioning } = await bucketNamed(storage, bucket);
    if (versionId !== undefined) assertVersionId(versioning, versionId);
    const version =
      versionId === undefined
        ? await newestVersion(storage, bucket, key)
        : await findVersion(storage, bucket, key, versionId);
    if (version === undefined)
      throw versionId === undefined ? s3Error.noSuchKey(key) : s3Error.noSuchVersion(key, versionId);
    if (version.kind === 'delete-marker') throw s3Error.deleteMarker(version, versionId !== undefined);
    const isVersioned = versioning !== 'Unversioned';
    return { object: version, isVersioned, release: storage.blobs.hold(version.segments) };
  });
}
