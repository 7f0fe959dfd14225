import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import { type Smoke, smokeSchema } from '@tidemark/domain/datasets/smoke.schema.ts';
import { InvariantError } from '@tidemark/domain/errors.ts';

/** Reads the stored hold-out rows of a version, exactly as they were when it was judged. */
export async function readSmoke(
  { bucket, key, versionId }: ObjectPin,
  client = new S3Client({}),
): Promise<Smoke> {
  const { Body } = await client.send(
    new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }),
  );
  const parsed = smokeSchema.safeParse(JSON.parse((await Body?.transformToString()) ?? ''));
  if (!parsed.success) {
    throw new InvariantError(`s3://${bucket}/${key} is not what train writes: ${parsed.error.message}`);
  }
  return parsed.data;
}
