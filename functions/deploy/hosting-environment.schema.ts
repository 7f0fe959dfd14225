import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import * as z from 'zod';

/** What a function that plans endpoints finds in its environment; set by `infra/deploy/deploy-capability.ts`. */
export const hostingEnvironmentSchema = environmentSchema.extend({
  SERVERLESS_MAX_CONCURRENCY: z.coerce.number().int().positive(),
  /** Empty: SageMaker's own key. */
  KMS_KEY_ARN: z.string().transform((arn) => (arn === '' ? null : arn)),
});
