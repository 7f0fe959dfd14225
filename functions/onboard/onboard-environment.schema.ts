import { z } from 'zod';
import { environmentSchema } from '../environment.schema.ts';

/** What `onboard-definition` finds in its environment; set by `infra/onboard/onboard-capability.ts`. */
export const onboardEnvironmentSchema = environmentSchema.extend({
  SERVERLESS_MAX_CONCURRENCY: z.coerce.number().int().positive(),
  TRAINING_MINUTES: z.coerce.number().int().positive(),
});
