import * as z from 'zod';
import { rawRecordSchema } from '../windows/monitored.schema.ts';

/** One line of what the prediction function captures: one prediction. Firehose partitions by `model`. */
export const captureLineSchema = z.object({
  schemaVersion: z.literal(1),
  model: z.string(),
  /** The version that answered. */
  version: z.int().positive(),
  inferenceId: z.string().min(1),
  /** When it answered. */
  time: z.iso.datetime(),
  /** As it was sent. */
  record: rawRecordSchema,
  /** What the model answered: one number, or one per class. */
  prediction: z.array(z.number()).min(1),
});
export type CaptureLine = z.infer<typeof captureLineSchema>;
