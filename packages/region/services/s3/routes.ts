import { unsupported } from '../../aws-error.ts';
import { abortMultipartUpload } from './abort-multipart-upload.ts';
import { completeMultipartUpload } from './complete-multipart-upload.ts';
import { copyObject } from './copy-object.ts';
import { createBucket } from './create-bucket.ts';
import { createMultipartUpload } from './create-multipart-upload.ts';
import { deleteBucket } from './delete-bucket.ts';
import { deleteObject } from './delete-object.ts';
import { deleteObjects } from './delete-objects.ts';
import { getObject } from './get-object.ts';
import { headBucket } from './head-bucket.ts';
import { headObject } from './head-object.ts';
import { listBuckets } from './list-buckets.ts';
import { listObjectVersions } from './list-object-versions.ts';
import { listObjectsV2 } from './list-objects-v2.ts';
import type { S3Operation } from './operation.ts';
import { putObject } from './put-object.ts';
import type { S3Request } from './s3-request.ts';
import type { Storage } from './storage.ts';
import { uploadPart } from './upload-part.ts';
import { uploadPartCopy } from './upload-part-copy.ts';

type Scope = 'service' | 'bucket' | 'object';

/** Which request means which operation: the first route that fits. */
interface Route {
  readonly scope: Scope;
  readonly method: string;
  /** Query parameters that must be there, by name or as `name=value`. */
  readonly query?: readonly string[];
  /** A header that must be there. */
  readonly header?: 'x-amz-copy-source';
  readonly operation: S3Operation;
}

/** Query parameters that name a sub-resource; a route that does not ask for one does not serve it. */
const subresources = new Set([
  'accelerate',
  'acl',
  'analytics',
  'attributes',
  'cors',
  'delete',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'location',
  'logging',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versioning',
  'versions',
  'website',
]);

/** What is served, and which request means which of it. */
export function routes(storage: Storage): {
  readonly operations: readonly S3Operation[];
  /** @throws AwsError `NotImplemented` for a request that is none of them */
  operationFor(request: S3Request): S3Operation;
} {
  const table: readonly Route[] = [
    { scope: 'service', method: 'GET', operation: listBuckets(storage) },
    { scope: 'bucket', method: 'PUT', operation: createBucket(storage) },
    { scope: 'bucket', method: 'HEAD', operation: headBucket(storage) },
    { scope: 'bucket', method: 'DELETE', operation: deleteBucket(storage) },
    { scope: 'bucket', method: 'GET', query: ['versions'], operation: listObjectVersions(storage) },
    { scope: 'bucket', method: 'GET', query: ['list-type=2'], operation: listObjectsV2(storage) },
    { scope: 'bucket', method: 'POST', query: ['delete'], operation: deleteObjects(storage) },
    { scope: 'object', method: 'POST', query: ['uploads'], operation: createMultipartUpload(storage) },
    { scope: 'object', method: 'POST', query: ['uploadId'], operation: completeMultipartUpload(storage) },
    { scope: 'object', method: 'DELETE', query: ['uploadId'], operation: abortMultipartUpload(storage) },
    {
      scope: 'object',
      method: 'PUT',
      query: ['uploadId'],
      header: 'x-amz-copy-source',
      operation: uploadPartCopy(storage),
    },
    { scope: 'object', method: 'PUT', header: 'x-amz-copy-source', operation: copyObject(storage) },
    { scope: 'object', method: 'PUT', query: ['uploadId'], operation: uploadPart(storage) },
    { scope: 'object', method: 'PUT', operation: putObject(storage) },
    { scope: 'object', method: 'GET', operation: getObject(storage) },
    { scope: 'object', method: 'HEAD', operation: headObject(storage) },
    { scope: 'object', method: 'DELETE', operation: deleteObject(storage) },
  ];
  return {
    operations: table.map(({ operation }) => operation),
    operationFor(request) {
      const route = table.find((candidate) => fits(candidate, request));
      if (route) return route.operation;
      const parameters = [...request.query.keys()].join('&');
      throw unsupported(`s3: ${request.method} on ${scopeOf(request)} with '${parameters}'`);
    },
  };
}

function fits({ scope, method, query = [], header }: Route, request: S3Request): boolean {
  if (scope !== scopeOf(request) || method !== request.method) return false;
  if (header !== undefined && request.header(header) === undefined) return false;
  const isAsked = query.every((parameter) => {
    const [name = '', value] = parameter.split('=');
    return value === undefined ? request.query.has(name) : request.query.get(name) === value;
  });
  return (
    isAsked && [...request.query.keys()].every((name) => !subresources.has(name) || query.includes(name))
  );
}

function scopeOf({ bucket, key }: S3Request): Scope {
  if (bucket === '') return 'service';
  return key === '' ? 'bucket' : 'object';
}
