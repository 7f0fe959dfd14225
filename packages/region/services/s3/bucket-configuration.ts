import type * as z from 'zod';
import {
  type Bucket,
  bucketSchema,
  type defaultRetentionSchema,
  isBucketName,
  type lifecycleRuleSchema,
} from './bucket.schema.ts';
import { s3Error } from './s3-error.ts';
import type { Storage } from './storage.ts';

/** How a template wants a bucket. */
export interface BucketConfiguration {
  readonly versioned: boolean;
  /** Whether object events go to the default bus. */
  readonly eventBridge: boolean;
  /** Only when the bucket is created, as in AWS. */
  readonly objectLock: boolean | { readonly defaultRetention: z.infer<typeof defaultRetentionSchema> };
  readonly lifecycle?: readonly z.input<typeof lifecycleRuleSchema>[];
}

export function createdBucket(storage: Storage, name: string, configuration: BucketConfiguration): Bucket {
  if (!isBucketName(name)) throw s3Error.invalidBucketName(name);
  const { versioned, eventBridge, objectLock, lifecycle = [] } = configuration;
  if (objectLock && !versioned) throw s3Error.invalidBucketState('Object Lock needs a versioned bucket');
  return bucketSchema.parse({
    name,
    createdAt: new Date(storage.now()).toISOString(),
    versioning: versioned ? 'Enabled' : 'Unversioned',
    eventBridge,
    objectLock: objectLock === false ? undefined : objectLock === true ? {} : objectLock,
    lifecycle,
  });
}

/** Creates a bucket, or makes an existing one as its template now wants it. */
export async function configureBucket(
  storage: Storage,
  name: string,
  configuration: BucketConfiguration,
): Promise<void> {
  await storage.turns.run(async () => {
    const existing = await storage.buckets.get(name);
    const wanted = createdBucket(storage, name, configuration);
    const bucket = existing ? changedBucket(existing, wanted) : wanted;
    await storage.records.write([storage.buckets.put(name, bucket)]);
  });
}

function changedBucket(existing: Bucket, wanted: Bucket): Bucket {
  if (existing.objectLock && !wanted.objectLock)
    throw s3Error.invalidBucketState('Object Lock cannot be taken from a bucket');
  if (!existing.objectLock && wanted.objectLock && existing.versioning === 'Unversioned')
    throw s3Error.invalidBucketState('Versioning must be enabled on the bucket to give it Object Lock');
  // A bucket that was versioned once keeps its versions: versioning can only be suspended.
  const wasVersioned = existing.versioning !== 'Unversioned';
  const versioning = wanted.versioning === 'Unversioned' && wasVersioned ? 'Suspended' : wanted.versioning;
  return { ...wanted, createdAt: existing.createdAt, versioning };
}
