import { digestOf } from '@tidemark/domain/datasets/digest.client.ts';
import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { told } from '@tidemark/domain/invocations/outcome.ts';
import { runKeys } from '@tidemark/domain/names.ts';
import { artifactSchema } from '@tidemark/domain/registry/records.schema.ts';
import * as z from 'zod';
import { MissingArtifactError, trainedKey, withArtifact } from './kept-model.ts';
import { modelRequest } from './prepare.schema.ts';
import { runSchema } from './run.schema.ts';

const models = z.object({ scored: modelRequest, served: modelRequest });
const inputSchema = z.object({
  run: runSchema,
  /** `s3://…/model.tar.gz`, as SageMaker says. */
  artifactUri: z.string(),
  models,
});
const outputSchema = z.object({
  artifact: artifactSchema,
  /** `CreateModel`, complete. */
  models,
});

const { ARTIFACTS_BUCKET: bucket } = environmentSchema.parse(process.env);
const objects = new Objects();

/**
 * Copies what a training job wrote to where no job can write, and says what it is: that copy is scored and served, whatever becomes of the
 * original. Safe to repeat.
 */
export const handler = entry({
  capability: 'train',
  name: 'keep-model',
  input: inputSchema,
  subject: ({ run }) => ({ model: run.model, runId: run.runId, datasetId: run.datasetId }),
  run: keepModel,
  told: () => told('done', 'kept'),
});

async function keepModel(input: z.infer<typeof inputSchema>): Promise<z.infer<typeof outputSchema>> {
  const { run, artifactUri, models } = input;
  const written = await objects.soleVersion(bucket, trainedKey(artifactUri, run, bucket));
  if (!written) throw new MissingArtifactError(artifactUri);
  const { sha256, bytes } = await digestOf(await objects.open(written));
  const kept = await objects.copy(written, bucket, runKeys(run.model, run.runId).artifact);
  return outputSchema.parse({
    artifact: { ...kept, sha256, bytes },
    models: { scored: withArtifact(models.scored, kept), served: withArtifact(models.served, kept) },
  });
}
