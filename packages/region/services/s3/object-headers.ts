import { unsupported } from '../../aws-error.ts';
import { checksumHeader } from './checksums.ts';
import type { ReadConditions, WriteConditions } from './conditional-requests.ts';
import type { EventOrigin } from './object-event.ts';
import {
  type ObjectHeaders,
  objectLockModeSchema,
  type StoredObject,
  type VersionLock,
} from './object-version.schema.ts';
import { s3Error } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';

const systemHeaders = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
] as const;
const userPrefix = 'x-amz-meta-';

/** S3's limit on user metadata, names and values together. */
const maxUserMetadataBytes = 2048;

/** Request headers that `newObjectHeaders` and `requestedLock` read. */
export const newObjectHeaderNames = [
  'x-amz-meta-*',
  'x-amz-object-lock-legal-hold',
  'x-amz-object-lock-mode',
  'x-amz-object-lock-retain-until-date',
  'x-amz-server-side-encryption',
  'x-amz-storage-class',
];

/** What a request says about the object it creates. */
export function newObjectHeaders(request: S3Request): ObjectHeaders {
  acceptDefaultOnly(request, 'x-amz-server-side-encryption', 'AES256');
  acceptDefaultOnly(request, 'x-amz-storage-class', 'STANDARD');
  const user = Object.fromEntries(
    request.headerNames
      .filter((name) => name.startsWith(userPrefix))
      .map((name) => [name.slice(userPrefix.length), request.header(name) ?? '']),
  );
  const userBytes = Object.entries(user).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (userBytes > maxUserMetadataBytes) throw s3Error.metadataTooLarge();
  return {
    contentType: request.header('content-type') ?? 'binary/octet-stream',
    system: systemOf(request),
    user,
  };
}

function systemOf(request: S3Request): Record<string, string> {
  const system: Record<string, string> = {};
  for (const name of systemHeaders) {
    const value = request.header(name);
    // `aws-chunked` describes the transfer, not the object.
    const kept =
      name === 'content-encoding' ? value?.replaceAll(/(^|,)\s*aws-chunked\s*(?=,|$)/g, '') : value;
    if (kept) system[name] = kept.replace(/^,\s*/, '');
  }
  return system;
}

function acceptDefaultOnly(request: S3Request, name: string, byDefault: string): void {
  const value = request.header(name);
  if (value !== undefined && value !== byDefault) throw unsupported(`s3 with ${name}: ${value}`);
}

/** The Object Lock a request asks for. */
export function requestedLock(request: S3Request): VersionLock | undefined {
  const mode = request.header('x-amz-object-lock-mode');
  const until = request.header('x-amz-object-lock-retain-until-date');
  const legalHold = request.header('x-amz-object-lock-legal-hold');
  if (mode === undefined && until === undefined && legalHold === undefined) return undefined;
  const parsedMode = objectLockModeSchema.optional().safeParse(mode);
  if (!parsedMode.success) throw s3Error.invalidArgument('Unknown wormMode directive.');
  if ((mode === undefined) !== (until === undefined))
    throw s3Error.invalidArgument(
      'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
    );
  if (until !== undefined && Number.isNaN(Date.parse(until)))
    throw s3Error.invalidArgument('The retain until date must be provided in ISO 8601 format');
  return {
    ...(parsedMode.data && { mode: parsedMode.data }),
    ...(until !== undefined && { retainUntil: new Date(until).toISOString() }),
    legalHold: legalHold === 'ON',
  };
}

export function writeConditions(request: S3Request): WriteConditions {
  const { ifMatch, ifNoneMatch } = conditions(request, '');
  if (ifMatch !== undefined && ifNoneMatch !== undefined)
    throw s3Error.headerNotImplemented(
      'If-Match,If-None-Match',
      'Multiple conditional request headers present in the request',
    );
  if (ifMatch === '*') throw valueNotAccepted('If-Match');
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') throw valueNotAccepted('If-None-Match');
  return conditions(request, '');
}

const valueNotAccepted = (header: string) =>
  s3Error.headerNotImplemented(header, `We don't accept the provided value of ${header} header for this API`);

/** Of DeleteObject, which takes `*` for any object. */
export function deletionConditions(request: S3Request): WriteConditions {
  return conditions(request, '');
}

/**
 * Conditions on the object that is read; on a copy's source with `prefix` `x-amz-copy-source-`. `If-Modified-Since` in the future is
 * left out, as S3 does (LocalStack 8b9a79f, test_s3_get_object_preconditions).
 * @param now milliseconds since 1970
 */
export function readConditions(request: S3Request, now: number, prefix = ''): ReadConditions {
  const ifModifiedSince = request.header(`${prefix}if-modified-since`);
  const ifUnmodifiedSince = request.header(`${prefix}if-unmodified-since`);
  return {
    ...conditions(request, prefix),
    ...(ifModifiedSince !== undefined &&
      Date.parse(ifModifiedSince) <= now && { ifModifiedSince: Date.parse(ifModifiedSince) }),
    ...(ifUnmodifiedSince !== undefined && { ifUnmodifiedSince: Date.parse(ifUnmodifiedSince) }),
  };
}

function conditions(request: S3Request, prefix: string): WriteConditions {
  const ifMatch = request.header(`${prefix}if-match`);
  const ifNoneMatch = request.header(`${prefix}if-none-match`);
  return { ...(ifMatch !== undefined && { ifMatch }), ...(ifNoneMatch !== undefined && { ifNoneMatch }) };
}

export function originOf(request: S3Request): EventOrigin {
  return {
    requestId: request.call.requestId,
    requester: request.call.accountId,
    sourceIp: request.sourceIp,
  };
}

/**
 * Headers that GetObject and HeadObject answer alike. A bucket that has or had versions names even the version `null` (LocalStack
 * 8b9a79f, test_put_object_on_suspended_bucket).
 */
export function describingHeaders(
  object: StoredObject,
  isVersioned: boolean,
  withChecksum: boolean,
): Record<string, string> {
  const { headers, lock, checksum } = object;
  return {
    'accept-ranges': 'bytes',
    'content-type': headers.contentType,
    ...headers.system,
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.lastModified).toUTCString(),
    ...(isVersioned && { 'x-amz-version-id': object.versionId }),
    ...Object.fromEntries(Object.entries(headers.user).map(([name, value]) => [userPrefix + name, value])),
    ...(lock?.mode && { 'x-amz-object-lock-mode': lock.mode }),
    ...(lock?.retainUntil && { 'x-amz-object-lock-retain-until-date': lock.retainUntil }),
    ...(lock?.legalHold && { 'x-amz-object-lock-legal-hold': 'ON' }),
    ...(withChecksum && checksum && checksumHeaders(object)),
  };
}

/** Headers that the operations which create an object answer. */
export function createdHeaders(object: StoredObject): Record<string, string> {
  return { etag: `"${object.etag}"`, ...versionHeader(object), ...checksumHeaders(object) };
}

export function checksumHeaders({ checksum }: Pick<StoredObject, 'checksum'>): Record<string, string> {
  return checksum
    ? { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type }
    : {};
}

function versionHeader({ versionId }: StoredObject): Record<string, string> {
  return versionId === 'null' ? {} : { 'x-amz-version-id': versionId };
}
