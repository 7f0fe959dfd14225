import { imageLimitsEnvironmentSchema } from '@tidemark/domain/definition/image-limits.schema.ts';
import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import * as z from 'zod';

const list = z.string().transform((text) => text.split(',').filter((each) => each !== ''));

/** What a function that prepares jobs finds in its environment; set by `infra/train/train-capability.ts`. */
export const trainingEnvironmentSchema = environmentSchema.extend({
  ...imageLimitsEnvironmentSchema.shape,
  /** Image of the built-in XGBoost in this region. */
  XGBOOST_IMAGE: z.string().min(1),
  JOBS_ROLE_ARN: z.string().min(1),
  SERVING_ROLE_ARN: z.string().min(1),
  SERVERLESS_ROLE_ARN: z.string().min(1),
  /** Empty: S3's own key. */
  KMS_KEY_ARN: z.string().transform((arn) => (arn === '' ? null : arn)),
  /** Separated by commas; empty: SageMaker's own network. */
  SUBNET_IDS: list,
  SECURITY_GROUP_IDS: list,
});

/** Set by Lambda for every function. */
export const memoryEnvironmentSchema = z.object({
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z.coerce.number().int().positive(),
});
