import * as z from 'zod';
import { objectLockModeSchema } from './object-version.schema.ts';

/** How long versions of a bucket with Object Lock are kept unless their writer says otherwise. */
export const defaultRetentionSchema = z.union([
  z.strictObject({ mode: objectLockModeSchema, days: z.int().min(1) }),
  z.strictObject({ mode: objectLockModeSchema, years: z.int().min(1) }),
]);

export const lifecycleRuleSchema = z.strictObject({
  /** Keys that start with this; all keys without it. */
  prefix: z.string().default(''),
  /** Days after which the current version expires. */
  expirationDays: z.int().min(1).optional(),
  /** Days after which a version that is no longer current is deleted. */
  noncurrentExpirationDays: z.int().min(1).optional(),
  /** Days after which an unfinished multipart upload is aborted. */
  abortUploadDays: z.int().min(1).optional(),
  /** Deletes a delete marker behind which no version is left. */
  expiresLoneDeleteMarkers: z.boolean().default(false),
});
export type LifecycleRule = z.infer<typeof lifecycleRuleSchema>;

export const bucketSchema = z.strictObject({
  name: z.string(),
  /** ISO 8601. */
  createdAt: z.iso.datetime(),
  versioning: z.enum(['Unversioned', 'Enabled', 'Suspended']),
  /** Whether every creation and deletion of an object becomes an event on the default bus. */
  eventBridge: z.boolean(),
  objectLock: z.strictObject({ defaultRetention: defaultRetentionSchema.optional() }).optional(),
  lifecycle: z.array(lifecycleRuleSchema),
});
export type Bucket = z.infer<typeof bucketSchema>;

/** What AWS keeps for itself. */
const reservedName = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;

/**
 * 3 to 63 lower-case letters, digits, dots and hyphens; not an address, and not reserved.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export function isBucketName(name: string): boolean {
  if (reservedName.test(name)) return false;
  return /^(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9](?!.*\.\.)[a-z0-9.-]{1,61}[a-z0-9]$/.test(name);
}
