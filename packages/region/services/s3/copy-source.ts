import { unsupported } from '../../aws-error.ts';
import { unmodifiedBy } from './conditional-requests.ts';
import { readConditions } from './object-headers.ts';
import type { StoredObject } from './object-version.schema.ts';
import { s3Error } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';

/** Request headers that say what is copied, and on which conditions. */
export const copySourceHeaders = [
  'x-amz-copy-source',
  'x-amz-copy-source-if-match',
  'x-amz-copy-source-if-modified-since',
  'x-amz-copy-source-if-none-match',
  'x-amz-copy-source-if-unmodified-since',
];

export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
}

/** `bucket/key`, URL-encoded, perhaps with `?versionId=`. */
export function copySource(request: S3Request): CopySource {
  const [path = '', search] = (request.header('x-amz-copy-source') ?? '').split('?');
  const match = /^\/?([^/]+)\/(.+)$/s.exec(decodeURIComponent(path));
  if (!match?.[1] || !match[2])
    throw s3Error.invalidArgument('Copy Source must mention the source bucket and key');
  if (match[1].startsWith('arn:')) throw unsupported('s3 copies from an access point');
  return {
    bucket: match[1],
    key: match[2],
    versionId: new URLSearchParams(search).get('versionId') ?? undefined,
  };
}

const conditionPrefix = 'x-amz-copy-source-';

/** Throws 412, with the condition's own name, unless the conditions on the source hold. */
export function assertCopyable(request: S3Request, source: StoredObject, now: number): void {
  const unmodified = unmodifiedBy(readConditions(request, now, conditionPrefix), source, conditionPrefix);
  if (unmodified !== undefined) throw s3Error.preconditionFailed(`${conditionPrefix}${unmodified}`);
}
