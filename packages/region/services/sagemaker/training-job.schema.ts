import * as z from 'zod';
import { createTrainingJobSchema } from './create-training-job.schema.ts';
import { jobStatus, tags } from './members.schema.ts';

/** What a training job is doing, or how it ended. */
export const secondaryStatus = z.enum([
  'Starting',
  'Downloading',
  'Training',
  'Uploading',
  'Completed',
  'Failed',
  'Stopping',
  'Stopped',
  'MaxRuntimeExceeded',
  'Restarting',
]);

/** A training job on disk. Times are milliseconds since the epoch. */
export const trainingJobSchema = z.object({
  arn: z.string(),
  request: createTrainingJobSchema.omit({ Tags: true }),
  tags,
  status: jobStatus,
  secondaryStatus,
  failureReason: z.string().optional(),
  created: z.number(),
  modified: z.number(),
  started: z.number().optional(),
  ended: z.number().optional(),
  transitions: z.array(
    z.object({
      status: secondaryStatus,
      started: z.number(),
      ended: z.number().optional(),
      message: z.string(),
    }),
  ),
  metrics: z.array(z.object({ name: z.string(), value: z.number(), at: z.number() })),
});

export type TrainingJob = z.infer<typeof trainingJobSchema>;
export type SecondaryStatus = z.infer<typeof secondaryStatus>;
