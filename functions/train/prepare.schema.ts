import { objectPinSchema } from '@tidemark/domain/datasets/manifest.schema.ts';
import * as z from 'zod';
import { runSchema } from './run.schema.ts';

/** What the state machine gives `prepare`. */
export const prepareInputSchema = z.object({ run: runSchema });

/** A request to SageMaker that the state machine passes on as it is. */
const awsRequest = z.looseObject({});

/** `CreateModel`. `keep-model` adds where the artifact is. */
export const modelRequest = z.looseObject({
  ModelName: z.string(),
  PrimaryContainer: z.looseObject({ Image: z.string() }),
});

/** What `prepare` gives back: where it put what it found, and every request of the run (`run-plan.ts`). */
export const preparedSchema = z.object({
  preparation: objectPinSchema,
  /** Of the image that trains, scores and serves; `null` where its registry does not tell. */
  imageDigest: z.string().nullable(),
  /** CreateTrainingJob. */
  trainingJob: awsRequest,
  trainingTimeoutSeconds: z.int(),
  /** CreateModel, but for the URL of the model's data: what scores the hold-out, and what is served. */
  models: z.object({ scored: modelRequest, served: modelRequest }),
  /** CreateTransformJob, of the new model and of the live one if that is compared. */
  transforms: z.object({ challenger: awsRequest, champion: awsRequest.nullable() }),
  transformTimeoutSeconds: z.int(),
});
export type Prepared = z.infer<typeof preparedSchema>;
