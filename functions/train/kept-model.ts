import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import { InvalidInputError, InvariantError } from '@tidemark/domain/errors.ts';
import { runKeys } from '@tidemark/domain/names.ts';
import type * as z from 'zod';
import type { modelRequest } from './prepare.schema.ts';
import type { Run } from './run.schema.ts';

/** A training job that completed without writing what it learnt. */
export class MissingArtifactError extends InvalidInputError {
  override readonly name = 'MissingArtifactError';

  constructor(artifactUri: string) {
    super(
      `The training job completed and wrote no model: there is nothing at ${artifactUri}. A custom image must write its model to /opt/ml/model.`,
    );
  }
}

/**
 * Key of what the run's training job wrote.
 * @throws InvariantError when that is elsewhere: nothing else is copied in the run's name
 */
export function trainedKey(
  artifactUri: string,
  { model, runId }: Pick<Run, 'model' | 'runId'>,
  bucket: string,
): string {
  const start = `s3://${bucket}/`;
  const key = artifactUri.slice(start.length);
  if (artifactUri.startsWith(start) && key.startsWith(runKeys(model, runId).modelPrefix)) return key;
  throw new InvariantError(
    `The run ${runId} of ${model} has its model at ${artifactUri}, which is not its own.`,
  );
}

type ModelRequest = z.infer<typeof modelRequest>;

/** The request with where its artifact is. SageMaker takes no version; only this function writes there. */
export function withArtifact(
  request: ModelRequest,
  { bucket, key }: Pick<ObjectPin, 'bucket' | 'key'>,
): ModelRequest {
  const PrimaryContainer = { ...request.PrimaryContainer, ModelDataUrl: artifactUrl({ bucket, key }) };
  return { ...request, PrimaryContainer };
}

/** As `ModelDataUrl` has it. */
export function artifactUrl({ bucket, key }: Pick<ObjectPin, 'bucket' | 'key'>): string {
  return `s3://${bucket}/${key}`;
}
