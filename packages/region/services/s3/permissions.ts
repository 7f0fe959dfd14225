import type { AccessRequest, ConditionContext } from '../../iam/access-request.ts';
import { AccessDeniedError } from '../../iam/denial.ts';
import { copySource } from './copy-source.ts';
import type { S3Request } from './s3-request.ts';

/** By the Service Authorization Reference of S3. */
export type S3Permissions = (request: S3Request) => readonly AccessRequest[];

export const bucketArn = (bucket: string): string => `arn:aws:s3:::${bucket}`;

const objectArn = ({ bucket, key }: Pick<S3Request, 'bucket' | 'key'>): string =>
  `${bucketArn(bucket)}/${key}`;

/** @throws AwsError `AccessDenied`, in S3's words, unless the caller may do all of these */
export function demand({ call }: S3Request, requests: () => readonly AccessRequest[]): void {
  try {
    call.caller.demand(requests);
  } catch (error) {
    throw error instanceof AccessDeniedError ? inWordsOfS3(error) : error;
  }
}

/** S3 puts the resource between quotation marks. */
function inWordsOfS3({ denial }: AccessDeniedError): AccessDeniedError {
  const { message, resource } = denial;
  const quoted = message.replace(` on resource: ${resource} `, ` on resource: "${resource}" `);
  return new AccessDeniedError(denial, 'AccessDenied', 403, quoted);
}

export const listingBuckets: S3Permissions = () => [{ action: 's3:ListAllMyBuckets', resource: '*' }];

export const onBucket =
  (action: string): S3Permissions =>
  ({ bucket }) => [{ action, resource: bucketArn(bucket) }];

/** A list brings what it asks for; a parameter that is not there is no key of the call. */
export const listing =
  (action: 's3:ListBucket' | 's3:ListBucketVersions'): S3Permissions =>
  ({ bucket, query }) => [
    {
      action,
      resource: bucketArn(bucket),
      context: present({
        's3:prefix': query.get('prefix'),
        's3:delimiter': query.get('delimiter'),
        's3:max-keys': query.get('max-keys'),
      }),
    },
  ];

/**
 * What it takes to be told that an object is not there; without it, the answer is a refusal. For a version, S3's documentation does
 * not say which of the two rights to list decides, so that both are asked for.
 * @param code of the answer that would tell it
 */
export function learningOfAbsence(bucket: string, code: string): AccessRequest[] {
  const actions = {
    NoSuchKey: ['s3:ListBucket'],
    NoSuchVersion: ['s3:ListBucket', 's3:ListBucketVersions'],
  }[code];
  return (actions ?? []).map((action) => ({ action, resource: bucketArn(bucket) }));
}

function reading(
  object: Pick<S3Request, 'bucket' | 'key'>,
  versionId: string | null | undefined,
  keyUse: readonly string[],
): AccessRequest {
  const resource = objectArn(object);
  return versionId === null || versionId === undefined
    ? { action: 's3:GetObject', resource, keyUse }
    : { action: 's3:GetObjectVersion', resource, keyUse, context: { 's3:versionid': versionId } };
}

const decrypting = ['kms:Decrypt'];

export const gettingObject: S3Permissions = (request) => [
  reading(request, request.query.get('versionId'), decrypting),
];

/** Nothing is decrypted for an object's description, except its checksum. */
export const headingObject: S3Permissions = (request) => {
  const keyUse = request.header('x-amz-checksum-mode') === 'ENABLED' ? decrypting : [];
  return [reading(request, request.query.get('versionId'), keyUse)];
};

/** Making an object; with `If-Match`, comparing it with the one that is there. */
export const puttingObject: S3Permissions = (request) => [
  {
    action: 's3:PutObject',
    resource: objectArn(request),
    context: conditionsOf(request),
    keyUse: ['kms:GenerateDataKey'],
  },
  ...comparing(request),
  ...locking(request),
];

export const copyingObject: S3Permissions = (request) => [
  ...readingSource(request),
  ...puttingObject(request),
];

/** All calls of a multipart upload. Parts are put together from what is encrypted already. */
export const uploading: S3Permissions = (request) =>
  puttingObject(request).map((put) =>
    put.action === 's3:PutObject' ? { ...put, keyUse: ['kms:GenerateDataKey', 'kms:Decrypt'] } : put,
  );

export const uploadingCopy: S3Permissions = (request) => [...readingSource(request), ...uploading(request)];

export const abortingUpload: S3Permissions = (request) => [
  { action: 's3:AbortMultipartUpload', resource: objectArn(request) },
];

export const deletingObject: S3Permissions = (request) =>
  deletingVersion(request, request.key, request.query.get('versionId') ?? undefined);

/** Deleting one of several objects, or the object of the request. */
export function deletingVersion(
  request: S3Request,
  key: string,
  versionId: string | undefined,
): readonly AccessRequest[] {
  const resource = objectArn({ bucket: request.bucket, key });
  const isBypassing = request.header('x-amz-bypass-governance-retention') === 'true';
  return [
    versionId === undefined
      ? { action: 's3:DeleteObject', resource }
      : { action: 's3:DeleteObjectVersion', resource, context: { 's3:versionid': versionId } },
    ...comparing(request),
    ...(isBypassing ? [{ action: 's3:BypassGovernanceRetention', resource }] : []),
  ];
}

function readingSource(request: S3Request): AccessRequest[] {
  const source = copySource(request);
  return [reading(source, source.versionId, decrypting)];
}

function comparing(request: S3Request): AccessRequest[] {
  const tag = request.header('if-match');
  return tag === undefined || tag === '*' ? [] : [reading(request, undefined, [])];
}

function locking(request: S3Request): AccessRequest[] {
  const resource = objectArn(request);
  return [
    ...(request.header('x-amz-object-lock-mode') === undefined
      ? []
      : [{ action: 's3:PutObjectRetention', resource }]),
    ...(request.header('x-amz-object-lock-legal-hold') === undefined
      ? []
      : [{ action: 's3:PutObjectLegalHold', resource }]),
  ];
}

const conditionsOf = (request: S3Request): ConditionContext =>
  present({
    's3:if-match': request.header('if-match'),
    's3:if-none-match': request.header('if-none-match'),
  });

function present(keys: Readonly<Record<string, string | null | undefined>>): ConditionContext {
  const entries = Object.entries(keys).flatMap(([key, value]) =>
    value === null || value === undefined ? [] : [[key, value] as const],
  );
  return Object.fromEntries(entries);
}
