import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import * as z from 'zod';

/** What the prediction function finds in its environment; set by `infra/capture/capture-capability.ts`. */
export const predictEnvironmentSchema = environmentSchema.extend({
  /** Name of the delivery stream. */
  CAPTURE_STREAM: z.string().min(1),
});
