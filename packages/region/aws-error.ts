/**
 * An error as AWS reports it: the code that SDKs turn into an exception's name, a message, and an HTTP status.
 * Services throw it; their protocol writes it (JSON `__type`, S3's XML, and so on).
 */
export class AwsError extends Error {
  override readonly name = 'AwsError';

  constructor(
    readonly code: string,
    message: string,
    readonly statusCode = 400,
    /** Further members of the error's shape, such as `CancellationReasons`. */
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** A call that the local region does not serve. Thrown, never approximated. */
export function unsupported(what: string): AwsError {
  return new AwsError(
    'NotImplemented',
    `The local region does not support ${what}. See packages/region/SUPPORT.md for what it does; AWS may well support it.`,
    501,
  );
}
