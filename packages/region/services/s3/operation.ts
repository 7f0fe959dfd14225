import type { Readable } from 'node:stream';
import { unsupported } from '../../aws-error.ts';
import type { S3Permissions } from './permissions.ts';
import { s3Error } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';

/** What an operation answers: headers, and either an XML document or content. */
export interface S3Answer {
  /** 200 unless given. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly xml?: string;
  readonly content?: Readable;
}

/** One operation of S3. Request headers and query parameters that it does not name are refused, never ignored. */
export interface S3Operation {
  readonly name: string;
  /** Headers with a meaning to this operation, in lower case; `*` at the end stands for the rest. */
  readonly headers: readonly string[];
  readonly query: readonly string[];
  /** What the caller must be allowed to do. */
  readonly permissions: S3Permissions;
  /** The bucket in which it looks for an object: who may not list that is not told that there is none. */
  readonly readsFrom?: (request: S3Request) => string;
  run(request: S3Request): Promise<S3Answer>;
}

/** Headers that every call may carry: signature, transport, SDK telemetry. */
const transportHeaders = new Set([
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-decoded-content-length',
  'x-amz-sdk-checksum-algorithm',
  'x-amz-security-token',
  'x-amz-te',
  'x-amz-trailer',
  'x-amz-user-agent',
  'x-amz-expected-bucket-owner',
]);

/** HTTP's own headers that change what a call does. Others, such as `Accept`, do not. */
const conditionalHeaders = new Set([
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'range',
]);

const transportQuery = new Set(['x-id']);

/** Content comes with a checksum in one of these. */
export const contentHeaders = ['x-amz-checksum-*', 'content-md5'];

/** Throws for anything in the request that its operation would ignore, and for a wrong expected owner. */
export function assertUnderstood(operation: S3Operation, request: S3Request): void {
  for (const name of request.headerNames) {
    const isMeaningful = name.startsWith('x-amz-') || conditionalHeaders.has(name);
    if (isMeaningful && !transportHeaders.has(name) && !allows(operation.headers, name))
      throw unsupported(`s3:${operation.name} with the header ${name}`);
  }
  for (const name of request.query.keys()) {
    const isTransport = transportQuery.has(name) || name.startsWith('X-Amz-');
    if (!isTransport && !operation.query.includes(name))
      throw unsupported(`s3:${operation.name} with the parameter ${name}`);
  }
  const owner = request.header('x-amz-expected-bucket-owner');
  if (owner !== undefined && owner !== request.call.accountId) throw s3Error.accessDenied();
}

function allows(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name,
  );
}
