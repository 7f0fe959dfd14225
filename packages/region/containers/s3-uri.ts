/** A place in S3: a bucket, and a key or the beginning of keys. */
export interface S3Location {
  readonly bucket: string;
  /** Without a leading slash; may be empty. */
  readonly key: string;
}

/**
 * Reads `s3://bucket/key`, and the path-style `https://s3.<region>.amazonaws.com/bucket/key` that CDK renders.
 * `undefined` for anything else.
 */
export function parseS3Uri(uri: string): S3Location | undefined {
  const match =
    /^s3:\/\/([^/]+)\/?(.*)$/s.exec(uri) ??
    /^https:\/\/s3[.-][a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/([^/]+)\/?(.*)$/s.exec(uri) ??
    /^https:\/\/s3\.amazonaws\.com\/([^/]+)\/?(.*)$/s.exec(uri);
  return match?.[1] ? { bucket: match[1], key: match[2] ?? '' } : undefined;
}

export function formatS3Uri({ bucket, key }: S3Location): string {
  return `s3://${bucket}/${key}`;
}

/** The location below a prefix, with exactly one slash between. */
export function below({ bucket, key }: S3Location, path: string): S3Location {
  return { bucket, key: key === '' ? path : `${key.replace(/\/$/, '')}/${path}` };
}

/**
 * What SageMaker calls an object relative to the prefix that selected it: what follows the prefix's last slash.
 * `data/part.csv` for the key `train/data/part.csv` under the prefix `train/` or `train/da`.
 */
export function relativeKey(prefix: string, key: string): string {
  return key.slice(prefix.lastIndexOf('/') + 1);
}
