import * as z from 'zod';
import { createModelSchema } from './create-model.schema.ts';
import { createTransformJobSchema } from './create-transform-job.schema.ts';
import { jobStatus, tags } from './members.schema.ts';

/** A batch transform job on disk, with the model as it was. Times are milliseconds since the epoch. */
export const transformJobSchema = z.object({
  arn: z.string(),
  request: createTransformJobSchema.omit({ Tags: true }),
  model: createModelSchema.omit({ Tags: true }),
  tags,
  status: jobStatus,
  failureReason: z.string().optional(),
  created: z.number(),
  started: z.number().optional(),
  ended: z.number().optional(),
});

export type TransformJob = z.infer<typeof transformJobSchema>;
