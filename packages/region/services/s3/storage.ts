import { join } from 'node:path';
import * as z from 'zod';
import type { EventSink } from '../../gateway/service.ts';
import { Mutex } from '../../store/mutex.ts';
import { type Collection, RecordStore } from '../../store/record-store.ts';
import { Outbox } from '../events/outbox.ts';
import { Blobs } from './blobs.ts';
import { type Bucket, bucketSchema } from './bucket.schema.ts';
import { ConditionalWrites } from './conditional-writes.ts';
import {
  type ObjectVersion,
  objectVersionSchema,
  type StoredObject,
  storedObjectSchema,
} from './object-version.schema.ts';
import { Sequence } from './sequence.ts';
import { type Upload, type UploadPart, uploadPartSchema, uploadSchema } from './upload.schema.ts';

export interface StorageOptions {
  readonly directory: string;
  readonly accountId: string;
  readonly region: string;
  readonly events: EventSink;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onFault: (fault: unknown, what: string) => void;
}

/**
 * Everything S3 keeps on disk: records in LevelDB, content in files. A write of records happens within `turns`, so
 * that what it decided on still holds when it lands.
 */
export interface Storage {
  readonly accountId: string;
  readonly region: string;
  readonly now: () => number;
  readonly records: RecordStore;
  readonly blobs: Blobs;
  readonly turns: Mutex;
  readonly sequence: Sequence;
  readonly outbox: Outbox;
  readonly conditionalWrites: ConditionalWrites;
  /** By name. */
  readonly buckets: Collection<Bucket>;
  /** Every version, by bucket, key and age (newest first). */
  readonly versions: Collection<ObjectVersion>;
  /** The version that a plain GetObject returns, by bucket and key. */
  readonly current: Collection<StoredObject>;
  /** By upload id. */
  readonly uploads: Collection<Upload>;
  /** By upload id and part number. */
  readonly parts: Collection<UploadPart>;
  /** The last number of the sequence, under one key. */
  readonly lastSequencer: Collection<string>;
}

export const lastSequencerKey = 'last';

export async function openStorage({
  directory,
  events,
  now,
  onFault,
  ...identity
}: StorageOptions): Promise<Storage> {
  const records = await RecordStore.open(join(directory, 'records'));
  const lastSequencer = records.collection('sequence', z.string());
  const storage: Storage = {
    ...identity,
    now,
    records,
    blobs: await Blobs.open(directory),
    turns: new Mutex(),
    sequence: new Sequence(await lastSequencer.get(lastSequencerKey), now),
    outbox: new Outbox('s3', records, events, onFault),
    conditionalWrites: new ConditionalWrites(),
    buckets: records.collection('bucket', bucketSchema),
    versions: records.collection('version', objectVersionSchema),
    current: records.collection('current', storedObjectSchema),
    uploads: records.collection('upload', uploadSchema),
    parts: records.collection('part', uploadPartSchema),
    lastSequencer,
  };
  await storage.blobs.removeAllBut(await referencedBlobs(storage));
  return storage;
}

async function referencedBlobs({ versions, parts }: Storage): Promise<Set<string>> {
  const referenced = new Set<string>();
  for await (const [, version] of versions.entries())
    if (version.kind === 'object') for (const { blob } of version.segments) referenced.add(blob);
  for await (const [, part] of parts.entries()) referenced.add(part.segment.blob);
  return referenced;
}

export async function closeStorage({ turns, outbox, records }: Storage): Promise<void> {
  await turns.idle();
  await outbox.idle();
  await records.close();
}
