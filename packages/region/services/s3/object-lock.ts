import type { Bucket } from './bucket.schema.ts';
import type { VersionLock } from './object-version.schema.ts';
import { s3Error } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';

/**
 * The lock a new version gets: what its writer asked for, or its bucket's default.
 * @throws AwsError if the bucket has no Object Lock, or the retention ends in the past
 */
export function lockOf(
  bucket: Bucket,
  requested: VersionLock | undefined,
  now: number,
): VersionLock | undefined {
  if (requested && !bucket.objectLock)
    throw s3Error.invalidRequest('Bucket is missing Object Lock Configuration');
  if (requested?.retainUntil !== undefined && Date.parse(requested.retainUntil) <= now)
    throw s3Error.invalidArgument('The retain until date must be in the future!');
  const retention = bucket.objectLock?.defaultRetention;
  if (requested?.mode !== undefined || !retention) return requested;
  return {
    legalHold: requested?.legalHold ?? false,
    mode: retention.mode,
    retainUntil: retentionEnd(retention, now).toISOString(),
  };
}

function retentionEnd(retention: { days: number } | { years: number }, now: number): Date {
  const end = new Date(now);
  if ('days' in retention) end.setUTCDate(end.getUTCDate() + retention.days);
  else end.setUTCFullYear(end.getUTCFullYear() + retention.years);
  return end;
}

/** What a deletion's header says; `undefined` without it, for it may stand only where there is Object Lock. */
export function bypassesGovernance(request: S3Request): boolean | undefined {
  const header = request.header('x-amz-bypass-governance-retention');
  return header === undefined ? undefined : header === 'true';
}

/** Throws `AccessDenied` if a version may not be deleted yet. */
export function assertDeletable(lock: VersionLock | undefined, bypassGovernance: boolean, now: number): void {
  if (!lock) return;
  const isRetained = lock.retainUntil !== undefined && Date.parse(lock.retainUntil) > now;
  const isBypassed = lock.mode === 'GOVERNANCE' && bypassGovernance;
  if (lock.legalHold || (isRetained && !isBypassed))
    throw s3Error.accessDenied('Access Denied because object protected by object lock.');
}
