import * as z from 'zod';
import { createModelSchema } from './create-model.schema.ts';
import { tags } from './members.schema.ts';

/** A model on disk. Times are milliseconds since the epoch. */
export const modelSchema = z.object({
  arn: z.string(),
  request: createModelSchema.omit({ Tags: true }),
  tags,
  created: z.number(),
});

export type Model = z.infer<typeof modelSchema>;
