import type { RecordChange } from '../../store/record-store.ts';
import type { Bucket } from './bucket.schema.ts';
import { assertWritable, isConditional, type WriteConditions } from './conditional-requests.ts';
import type { ConditionalWrite } from './conditional-writes.ts';
import { type CreationReason, type EventOrigin, objectCreated } from './object-event.ts';
import { lockOf } from './object-lock.ts';
import type { ObjectVersion, Segment, StoredObject } from './object-version.schema.ts';
import { s3Error } from './s3-error.ts';
import { versionIdOf } from './sequence.ts';
import { lastSequencerKey, type Storage } from './storage.ts';
import { bucketNamed, findVersion, objectKey, versionKey } from './versions.ts';

/** An object whose content is on disk and whose record is yet to be written. */
export type NewObject = Pick<
  StoredObject,
  'bucket' | 'key' | 'size' | 'etag' | 'segments' | 'headers' | 'checksum' | 'lock'
>;

export interface WriteContext {
  readonly reason: CreationReason;
  readonly origin: EventOrigin;
  readonly conditions: WriteConditions;
  /** Present for a conditional write, from when its request arrived. */
  readonly conditionalWrite?: ConditionalWrite | undefined;
  /** Throws if what the draft was made of has changed meanwhile; nothing changes between this and the write. */
  readonly recheck?: () => Promise<void>;
  /** For an upload in parts, from which write its key's object was when it began. A write without conditions asks for nothing. */
  readonly sequencerAtStart?: string | undefined;
  /** Records that change with the object, such as those of its multipart upload. */
  readonly alsoChange?: readonly RecordChange[];
}

/**
 * Makes an object the current version of its key, in one write with its event. Its content is the caller's to remove
 * if this throws.
 * @throws AwsError 404 or 412 as its conditions say, 409 if the object was deleted while it was on its way
 */
export async function writeVersion(
  storage: Storage,
  draft: NewObject,
  context: WriteContext,
): Promise<StoredObject> {
  const { reason, origin, conditions, conditionalWrite, recheck, alsoChange = [] } = context;
  const { object, replaced } = await storage.turns.run(async () => {
    const bucket = await bucketNamed(storage, draft.bucket);
    await recheck?.();
    const current = await storage.current.get(objectKey(draft.bucket, draft.key));
    const condition = conditions.ifMatch === undefined ? 'If-None-Match' : 'If-Match';
    if (conditionalWrite?.isConflicted) throw s3Error.conditionalRequestConflict(draft.key, condition);
    assertWritable(conditions, draft.key, current);
    if (reason === 'CompleteMultipartUpload' && isConditional(conditions)) {
      // S3 compares with the beginning of the upload: what was written or deleted since comes before it.
      if (current?.sequencer !== context.sequencerAtStart)
        throw s3Error.conditionalRequestConflict(draft.key, condition);
    }

    const object = versionFrom(storage, bucket, draft);
    const replaced = await nullVersionReplacedBy(storage, object);
    await storage.records.write([
      storage.versions.put(versionKey(object), object),
      storage.current.put(objectKey(object.bucket, object.key), object),
      storage.lastSequencer.put(lastSequencerKey, object.sequencer),
      ...(replaced ? [storage.versions.del(versionKey(replaced))] : []),
      ...(bucket.eventBridge
        ? [storage.outbox.record(object.sequencer, objectCreated(object, reason, origin))]
        : []),
      ...alsoChange,
    ]);
    return { object, replaced };
  });
  storage.outbox.send();
  await storage.blobs.remove(segmentsOf(replaced));
  return object;
}

function versionFrom(storage: Storage, bucket: Bucket, draft: NewObject): StoredObject {
  const sequencer = storage.sequence.next();
  const lock = lockOf(bucket, draft.lock, storage.now());
  return {
    ...draft,
    ...(lock && { lock }),
    kind: 'object',
    sequencer,
    versionId: bucket.versioning === 'Enabled' ? versionIdOf(sequencer) : 'null',
    lastModified: new Date(storage.now()).toISOString(),
  };
}

/** Outside versioning there is one version of a key, called `null`, and a write replaces it. */
export async function nullVersionReplacedBy(
  storage: Storage,
  { bucket, key, versionId }: ObjectVersion,
): Promise<ObjectVersion | undefined> {
  return versionId === 'null' ? await findVersion(storage, bucket, key, 'null') : undefined;
}

export function segmentsOf(version: ObjectVersion | undefined): readonly Segment[] {
  return version?.kind === 'object' ? version.segments : [];
}
