import { z } from 'zod';
import { objectPinSchema } from '../datasets/manifest.schema.ts';
import { runSchema } from './run.schema.ts';

/** What the state machine gives `prepare`. */
export const prepareInputSchema = z.object({ run: runSchema });

/** A request to SageMaker that the state machine passes on as it is. */
const awsRequest = z.looseObject({});

/** What `prepare` gives back: where it put what it found, and every request of the run (`run-plan.ts`). */
export const preparedSchema = z.object({
  preparation: objectPinSchema,
  /** Digest of the training image, or how to ask for it (BatchGetImage); neither for an image outside ECR. */
  image: z.object({ digest: z.string().nullable(), lookup: awsRequest.nullable() }),
  /** CreateTrainingJob. */
  trainingJob: awsRequest,
  trainingTimeoutSeconds: z.int(),
  /** CreateModel, but for the URL of the model's data. */
  servingModel: awsRequest,
  /** CreateTransformJob, of the new model and of the live one if that is compared. */
  transforms: z.object({ challenger: awsRequest, champion: awsRequest.nullable() }),
  transformTimeoutSeconds: z.int(),
});
export type Prepared = z.infer<typeof preparedSchema>;
