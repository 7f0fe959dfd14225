import type { StoredObject } from './object-version.schema.ts';
import { s3Error } from './s3-error.ts';

/** What must be true of the object that a write replaces or a delete removes. */
export interface WriteConditions {
  /** Entity tag, or `*` for any object. */
  readonly ifMatch?: string;
  /** `*`: there is no object. */
  readonly ifNoneMatch?: string;
}

/** What must be true of the object that is read; times in milliseconds since 1970. */
export interface ReadConditions extends WriteConditions {
  readonly ifModifiedSince?: number;
  readonly ifUnmodifiedSince?: number;
}

export function isConditional({ ifMatch, ifNoneMatch }: WriteConditions): boolean {
  return ifMatch !== undefined || ifNoneMatch !== undefined;
}

/** Throws 412 unless the conditions hold for the current object; 404 for `If-Match` where there is none. */
export function assertWritable(
  conditions: WriteConditions,
  key: string,
  current: StoredObject | undefined,
): void {
  const { ifMatch, ifNoneMatch } = conditions;
  if (ifNoneMatch !== undefined && current) throw s3Error.preconditionFailed('If-None-Match');
  if (ifMatch === undefined) return;
  if (!current) throw s3Error.noSuchKey(key);
  if (!matches(ifMatch, current.etag)) throw s3Error.preconditionFailed('If-Match');
}

/**
 * Whether an object may be read, in the order of RFC 9110, section 13.2.2: the entity tag decides over the time.
 * Returns the condition by which the reader has it already, which a read answers with 304. Throws 412.
 * @param prefix of the headers that said so, for messages: `x-amz-copy-source-`
 */
export function unmodifiedBy(
  conditions: ReadConditions,
  object: StoredObject,
  prefix = '',
): 'If-None-Match' | 'If-Modified-Since' | undefined {
  // HTTP dates have whole seconds.
  const modified = Math.floor(Date.parse(object.lastModified) / 1000) * 1000;
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, object.etag)) throw s3Error.preconditionFailed(`${prefix}If-Match`);
  } else if (ifUnmodifiedSince !== undefined && modified > ifUnmodifiedSince)
    throw s3Error.preconditionFailed(`${prefix}If-Unmodified-Since`);
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, object.etag) ? 'If-None-Match' : undefined;
  return ifModifiedSince !== undefined && modified <= ifModifiedSince ? 'If-Modified-Since' : undefined;
}

function matches(list: string, etag: string): boolean {
  return list.split(',').some((tag) => {
    const bare = tag.trim().replace(/^W\//, '').replaceAll('"', '');
    return bare === '*' || bare === etag;
  });
}
