import { AwsError } from '../../aws-error.ts';
import type { DeleteMarker } from './object-version.schema.ts';

/** An error whose answer carries headers of its own. */
export class S3Error extends AwsError {
  constructor(
    code: string,
    message: string,
    statusCode: number,
    members: Readonly<Record<string, unknown>>,
    readonly headers: Readonly<Record<string, string>>,
  ) {
    super(code, message, statusCode, members);
  }
}

/** S3's errors, in its words. `members` become elements of the error document. */
export const s3Error = {
  accessDenied: (message = 'Access Denied') => new AwsError('AccessDenied', message, 403),
  badDigest: (message: string) => new AwsError('BadDigest', message, 400),
  bucketAlreadyOwnedByYou: (bucket: string) =>
    new AwsError(
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
      409,
      { BucketName: bucket },
    ),
  bucketNotEmpty: (bucket: string) =>
    new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, {
      BucketName: bucket,
    }),
  conditionalRequestConflict: (key: string, condition: string) =>
    new AwsError(
      'ConditionalRequestConflict',
      'The conditional request cannot succeed due to a conflicting operation against this resource.',
      409,
      { Key: key, Condition: condition },
    ),
  contentSha256Mismatch: () =>
    new AwsError(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    ),
  /** A delete marker in the place of the object: 404, or 405 if the request names it by its version. */
  deleteMarker: ({ key, versionId }: DeleteMarker, isNamed: boolean) => {
    const { code, message, statusCode, members } = isNamed
      ? s3Error.methodNotAllowed({ ResourceType: 'DeleteMarker' })
      : s3Error.noSuchKey(key);
    const headers = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': versionId };
    return new S3Error(code, message, statusCode, members, headers);
  },
  entityTooLarge: (size: number, maxBytes: number) =>
    new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400, {
      ProposedSize: size,
      MaxSizeAllowed: maxBytes,
    }),
  entityTooSmall: (
    part: { readonly partNumber: number; readonly etag: string; readonly size: number },
    minBytes: number,
  ) =>
    new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, {
      ETag: part.etag,
      MinSizeAllowed: minBytes,
      PartNumber: part.partNumber,
      ProposedSize: part.size,
    }),
  incompleteBody: (expected: number, received: number) =>
    new AwsError(
      'IncompleteBody',
      `You did not provide the number of bytes specified by the Content-Length HTTP header: ${expected} announced, ${received} received`,
    ),
  headerNotImplemented: (header: string, additionalMessage: string) =>
    new AwsError(
      'NotImplemented',
      'A header you provided implies functionality that is not implemented',
      501,
      { Header: header, additionalMessage },
    ),
  internalError: (message: string) => new AwsError('InternalError', message, 500),
  invalidArgument: (message: string, argument?: { readonly name: string; readonly value?: string }) =>
    new AwsError('InvalidArgument', message, 400, {
      ...(argument && { ArgumentName: argument.name }),
      ...(argument?.value !== undefined && { ArgumentValue: argument.value }),
    }),
  invalidBucketState: (message: string) => new AwsError('InvalidBucketState', message, 409),
  invalidBucketName: (bucket: string) =>
    new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: bucket }),
  invalidDigest: (md5: string) =>
    new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.', 400, { 'Content-MD5': md5 }),
  invalidPart: (part?: { readonly partNumber: number; readonly etag: string; readonly uploadId: string }) =>
    new AwsError(
      'InvalidPart',
      "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      400,
      part && { ETag: part.etag, PartNumber: part.partNumber, UploadId: part.uploadId },
    ),
  invalidPartOrder: () =>
    new AwsError(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    ),
  invalidRange: (requested: string, size: number) =>
    new S3Error(
      'InvalidRange',
      'The requested range is not satisfiable',
      416,
      { ActualObjectSize: size, RangeRequested: requested },
      { 'content-range': `bytes */${size}` },
    ),
  invalidRequest: (message: string) => new AwsError('InvalidRequest', message),
  keyTooLong: () => new AwsError('KeyTooLongError', 'Your key is too long'),
  malformedXml: () =>
    new AwsError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    ),
  metadataTooLarge: () =>
    new AwsError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size'),
  methodNotAllowed: (members: Readonly<Record<string, unknown>> = {}) =>
    new AwsError(
      'MethodNotAllowed',
      'The specified method is not allowed against this resource.',
      405,
      members,
    ),
  missingContentLength: () =>
    new AwsError('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411),
  noSuchBucket: (bucket: string) =>
    new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: bucket }),
  noSuchKey: (key: string) =>
    new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key }),
  noSuchUpload: (uploadId: string) =>
    new AwsError(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      404,
      { UploadId: uploadId },
    ),
  noSuchVersion: (key: string, versionId: string) =>
    new AwsError('NoSuchVersion', 'The specified version does not exist.', 404, {
      Key: key,
      VersionId: versionId,
    }),
  preconditionFailed: (condition: string) =>
    new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, {
      Condition: condition,
    }),
} as const;
