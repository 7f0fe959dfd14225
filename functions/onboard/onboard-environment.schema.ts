import { imageLimitsEnvironmentSchema } from '@tidemark/domain/definition/image-limits.schema.ts';
import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import * as z from 'zod';

/** What `onboard-definition` finds in its environment; set by `infra/onboard/onboard-capability.ts`. */
export const onboardEnvironmentSchema = environmentSchema.extend({
  ...imageLimitsEnvironmentSchema.shape,
  SERVERLESS_MAX_CONCURRENCY: z.coerce.number().int().positive(),
  SERVERLESS_ENDPOINTS: z.coerce.number().int().positive(),
  /** Instances of endpoints by type, as JSON. */
  ENDPOINT_INSTANCES: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.record(z.string(), z.int().nonnegative())),
  TRAINING_MINUTES: z.coerce.number().int().positive(),
});
