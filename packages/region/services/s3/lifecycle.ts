import type { LifecycleRule } from './bucket.schema.ts';
import type { ObjectVersion } from './object-version.schema.ts';

const dayMilliseconds = 24 * 60 * 60 * 1000;

/** What a lifecycle rule does to one version. */
export interface Expiry {
  /** `expire` as DeleteObject without a version would: by a delete marker where the bucket is versioned. */
  readonly kind: 'expire' | 'delete';
  readonly version: ObjectVersion;
}

/**
 * What is due for one key.
 * @param versions all versions of the key, newest first
 * @param now milliseconds since 1970
 */
export function expiries(
  rules: readonly LifecycleRule[],
  versions: readonly ObjectVersion[],
  now: number,
): readonly Expiry[] {
  const [current, ...noncurrent] = versions;
  if (!current) return [];
  const own = rules.filter(({ prefix }) => current.key.startsWith(prefix));
  return [
    ...currentExpiry(own, current, noncurrent.length === 0, now),
    // A version stopped being current when the next one came.
    ...noncurrent
      .filter((_, index) =>
        own.some((rule) => isDue(versions[index]?.lastModified, rule.noncurrentExpirationDays, now)),
      )
      .map((version) => ({ kind: 'delete', version }) as const),
  ];
}

function currentExpiry(
  rules: readonly LifecycleRule[],
  current: ObjectVersion,
  isAlone: boolean,
  now: number,
): readonly Expiry[] {
  if (current.kind === 'object')
    return rules.some(({ expirationDays }) => isDue(current.lastModified, expirationDays, now))
      ? [{ kind: 'expire', version: current }]
      : [];
  return isAlone && rules.some(({ expiresLoneDeleteMarkers }) => expiresLoneDeleteMarkers)
    ? [{ kind: 'delete', version: current }]
    : [];
}

/** Whether an unfinished upload of a key is due to be aborted. */
export function isUploadDue(
  rules: readonly LifecycleRule[],
  key: string,
  startedAt: string,
  now: number,
): boolean {
  return rules.some(
    ({ prefix, abortUploadDays }) => key.startsWith(prefix) && isDue(startedAt, abortUploadDays, now),
  );
}

/** S3 rounds up: what is due on a day is due at the midnight (UTC) that ends it. */
function isDue(since: string | undefined, days: number | undefined, now: number): boolean {
  if (since === undefined || days === undefined) return false;
  const due = Date.parse(since) + days * dayMilliseconds;
  return now >= Math.ceil(due / dayMilliseconds) * dayMilliseconds;
}
