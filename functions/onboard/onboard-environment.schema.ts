import { z } from 'zod';
import { imageLimitsEnvironmentSchema } from '../definition/image-limits.schema.ts';
import { environmentSchema } from '../environment.schema.ts';

/** What `onboard-definition` finds in its environment; set by `infra/onboard/onboard-capability.ts`. */
export const onboardEnvironmentSchema = environmentSchema.extend({
  ...imageLimitsEnvironmentSchema.shape,
  SERVERLESS_MAX_CONCURRENCY: z.coerce.number().int().positive(),
  TRAINING_MINUTES: z.coerce.number().int().positive(),
});
