import { parseS3Uri, type S3Location } from '../../containers/s3-uri.ts';
import { validationError } from './errors.ts';

/** The place that a URI of a request names; a `ValidationException` for one that is not of S3. */
export function locationOf(uri: string): S3Location {
  const location = parseS3Uri(uri);
  if (!location) throw validationError(`'${uri}' is not the URI of an S3 object or prefix.`);
  return location;
}
