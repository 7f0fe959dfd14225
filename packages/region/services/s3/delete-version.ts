import type { RecordChange } from '../../store/record-store.ts';
import type { Bucket } from './bucket.schema.ts';
import { assertWritable, type WriteConditions } from './conditional-requests.ts';
import { type DeletionReason, type EventOrigin, objectDeleted } from './object-event.ts';
import { assertDeletable } from './object-lock.ts';
import type { DeleteMarker, ObjectVersion } from './object-version.schema.ts';
import { s3Error } from './s3-error.ts';
import { versionIdOf } from './sequence.ts';
import { lastSequencerKey, type Storage } from './storage.ts';
import {
  assertVersionId,
  bucketNamed,
  findVersion,
  newestVersion,
  objectKey,
  versionKey,
  versionsOf,
} from './versions.ts';
import { nullVersionReplacedBy, segmentsOf } from './write-version.ts';

export interface DeleteContext {
  readonly reason: DeletionReason;
  readonly origin: EventOrigin;
  readonly conditions?: WriteConditions;
  /** Whether the request has the header, whatever it says, and whether it says so. */
  readonly bypassGovernance?: boolean | undefined;
  /** Deletes only if the version it comes upon is the write with this sequencer. */
  readonly onlySequencer?: string;
}

/** What a deletion did, as DeleteObject answers it. */
export interface Deletion {
  /** The version that was deleted, or the delete marker that was created. */
  readonly versionId?: string;
  readonly isDeleteMarker: boolean;
  /** Whether there was nothing to delete. */
  readonly isAbsent?: boolean;
}

interface Outcome {
  readonly deletion: Deletion;
  readonly removed?: ObjectVersion | undefined;
}

/**
 * Deletes an object: for good in a bucket without versioning, else by a delete marker; or one version of it, for good.
 * What is not there is deleted already.
 * @throws AwsError 404 or 412 as the conditions say, 403 for a locked version
 */
export async function deleteVersion(
  storage: Storage,
  {
    bucket,
    key,
    versionId,
  }: { readonly bucket: string; readonly key: string; readonly versionId?: string | undefined },
  context: DeleteContext,
): Promise<Deletion> {
  const { deletion, removed } = await storage.turns.run(async (): Promise<Outcome> => {
    const { versioning, objectLock } = await bucketNamed(storage, bucket);
    assertBypassHasLock(objectLock, context);
    if (versionId !== undefined) assertVersionId(versioning, versionId);
    assertWritable(context.conditions ?? {}, key, await storage.current.get(objectKey(bucket, key)));
    if (!(await isExpected(storage, bucket, key, versionId, context.onlySequencer)))
      return { deletion: { isDeleteMarker: false } };
    storage.conditionalWrites.conflict(bucket, key);
    if (versionId !== undefined) return await removeVersion(storage, bucket, key, versionId, context);
    if (versioning === 'Unversioned') return await removeVersion(storage, bucket, key, 'null', context, true);
    return await addDeleteMarker(storage, bucket, key, versioning, context);
  });
  storage.outbox.send();
  await storage.blobs.remove(segmentsOf(removed));
  return deletion;
}

/** @throws AwsError `InvalidArgument` for a bypass, even of `false`, where there is nothing to bypass */
export function assertBypassHasLock(
  objectLock: Bucket['objectLock'],
  { bypassGovernance }: Pick<DeleteContext, 'bypassGovernance'>,
): void {
  if (bypassGovernance === undefined || objectLock) return;
  throw s3Error.invalidArgument(
    'x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.',
    { name: 'x-amz-bypass-governance-retention' },
  );
}

async function isExpected(
  storage: Storage,
  bucket: string,
  key: string,
  versionId: string | undefined,
  sequencer: string | undefined,
): Promise<boolean> {
  if (sequencer === undefined) return true;
  const version =
    versionId === undefined
      ? await newestVersion(storage, bucket, key)
      : await findVersion(storage, bucket, key, versionId);
  return version?.sequencer === sequencer;
}

async function addDeleteMarker(
  storage: Storage,
  bucket: string,
  key: string,
  versioning: 'Enabled' | 'Suspended',
  context: DeleteContext,
): Promise<Outcome> {
  const sequencer = storage.sequence.next();
  const marker: DeleteMarker = {
    kind: 'delete-marker',
    bucket,
    key,
    sequencer,
    versionId: versioning === 'Enabled' ? versionIdOf(sequencer) : 'null',
    lastModified: new Date(storage.now()).toISOString(),
  };
  const replaced = await nullVersionReplacedBy(storage, marker);
  await storage.records.write([
    storage.versions.put(versionKey(marker), marker),
    storage.current.del(objectKey(bucket, key)),
    storage.lastSequencer.put(lastSequencerKey, sequencer),
    ...(replaced ? [storage.versions.del(versionKey(replaced))] : []),
    ...(await deletionEvent(storage, marker, 'Delete Marker Created', context)),
  ]);
  return { deletion: { versionId: marker.versionId, isDeleteMarker: true }, removed: replaced };
}

async function removeVersion(
  storage: Storage,
  bucket: string,
  key: string,
  versionId: string,
  context: DeleteContext,
  isUnversioned = false,
): Promise<Outcome> {
  const version = await findVersion(storage, bucket, key, versionId);
  const named = isUnversioned ? {} : { versionId };
  if (!version) return { deletion: { ...named, isDeleteMarker: false, isAbsent: true } };
  if (version.kind === 'object')
    assertDeletable(version.lock, context.bypassGovernance ?? false, storage.now());
  const sequencer = storage.sequence.next();
  await storage.records.write([
    storage.versions.del(versionKey(version)),
    ...(await currentAfterRemoving(storage, version)),
    storage.lastSequencer.put(lastSequencerKey, sequencer),
    ...(await deletionEvent(storage, { ...version, sequencer }, 'Permanently Deleted', context)),
  ]);
  return {
    deletion: { ...named, isDeleteMarker: version.kind === 'delete-marker' },
    removed: version,
  };
}

/** If the newest version goes, the one before it becomes current, unless that is a delete marker. */
async function currentAfterRemoving(storage: Storage, removed: ObjectVersion): Promise<RecordChange[]> {
  const { bucket, key } = removed;
  const newest = await newestVersion(storage, bucket, key);
  if (newest?.versionId !== removed.versionId) return [];
  for await (const version of versionsOf(storage, bucket, key)) {
    if (version.versionId === removed.versionId) continue;
    if (version.kind === 'object') return [storage.current.put(objectKey(bucket, key), version)];
    break;
  }
  return [storage.current.del(objectKey(bucket, key))];
}

async function deletionEvent(
  storage: Storage,
  version: ObjectVersion,
  type: 'Permanently Deleted' | 'Delete Marker Created',
  { reason, origin }: DeleteContext,
): Promise<RecordChange[]> {
  const { eventBridge } = await bucketNamed(storage, version.bucket);
  return eventBridge
    ? [storage.outbox.record(version.sequencer, objectDeleted(version, type, reason, origin))]
    : [];
}
