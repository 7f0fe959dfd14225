import { objectPinSchema } from '@tidemark/domain/datasets/manifest.schema.ts';
import * as z from 'zod';

/** `datasets/<model>/batches/<batchId>/opened.json`: which file was being validated last, written down before it is opened. */
export const openedFileSchema = z.object({
  schemaVersion: z.literal(1),
  object: objectPinSchema,
  /** How often it was opened without a result so far. */
  times: z.int().nonnegative(),
});
export type OpenedFile = z.infer<typeof openedFileSchema>;
