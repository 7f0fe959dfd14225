import { objectPinSchema } from '@tidemark/domain/datasets/manifest.schema.ts';
import { domainEventSchema } from '@tidemark/domain/events/domain-events.schema.ts';
import { recordFailureInputSchema } from '@tidemark/domain/executions/failure.schema.ts';
import { modelName } from '@tidemark/domain/names.ts';
import * as z from 'zod';

/**
 * What an execution is started with. Scheduler fills in `<aws.scheduler.scheduled-time>`; without a time, as by hand, the window ends
 * when the execution began.
 */
export const monitorRequestSchema = z.strictObject({
  model: modelName,
  scheduledTime: z.iso.datetime({ offset: true }).optional(),
  /** Only a schedule says it: what is wrong with its input is a fault of ours, and alarmed. */
  trigger: z.literal('schedule').optional(),
});
export type MonitorRequest = z.infer<typeof monitorRequestSchema>;

/** Facts of a window that hold from its start to its end; the state machine carries them. */
export const windowRunSchema = z.object({
  model: z.string(),
  windowId: z.string(),
  /** The scheduled end. */
  end: z.iso.datetime(),
  executionArn: z.string(),
  /** The live version when the window was begun: the one that is judged. */
  version: z.int().positive(),
  /** The latest window that was finished before: what it and those before it have consumed is not in this one. */
  previousWindowId: z.string().nullable(),
});
export type WindowRun = z.infer<typeof windowRunSchema>;

/** `start-window`: takes the model's monitoring for this execution, or says why there is nothing to do. */
export const startWindowInputSchema = z.object({
  executionArn: z.string().min(1),
  /** When the execution began; the same for its retries and redrives. */
  startedAt: z.iso.datetime({ offset: true }),
  /** The execution's input, unread. */
  request: z.unknown(),
});
export const startWindowSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('started'), message: z.string(), run: windowRunSchema }),
  /** There is nothing to look at, or somebody else is looking: no failure. */
  z.object({ outcome: z.literal('skipped'), message: z.string(), events: z.array(domainEventSchema) }),
  /** The execution's input cannot be read. */
  z.object({ outcome: z.literal('refused'), message: z.string() }),
]);
export type StartWindow = z.infer<typeof startWindowSchema>;

/** `profile-slice`: one slice of a window; complete in itself, as a distributed map's children know nothing else. */
export const profileSliceInputSchema = z.object({
  run: windowRunSchema.pick({ model: true, windowId: true, version: true }),
  /** The execution that the window belongs to: a child of a distributed map is another. */
  invokedBy: z.string(),
  window: objectPinSchema,
  slice: z.int().positive(),
  /** A JSON array of inference ids that count elsewhere; none on the first pass. */
  without: objectPinSchema.optional(),
});
export type ProfileSliceInput = z.infer<typeof profileSliceInputSchema>;
export const profileSliceSchema = z.object({ rows: z.int().nonnegative() });
export type ProfileSlice = z.infer<typeof profileSliceSchema>;

/** What is published and announced of a window. */
const announcedSchema = {
  message: z.string(),
  events: z.array(domainEventSchema),
  /** A request of PutMetricData; without data there is nothing to publish. */
  metrics: z.object({
    Namespace: z.string(),
    MetricData: z.array(
      z.object({
        MetricName: z.string(),
        Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })),
        Timestamp: z.iso.datetime(),
        Unit: z.string(),
        Value: z.number(),
      }),
    ),
  }),
};

/** `plan-window`: pins what belongs to the window, and cuts it into slices. */
export const planWindowInputSchema = z.object({
  run: windowRunSchema,
  /** When the execution began. */
  startedAt: z.iso.datetime({ offset: true }),
});
const plannedWindowSchema = z.object({
  outcome: z.literal('planned'),
  /** `window.json` */
  window: objectPinSchema,
  /** How many slices are to be profiled; none if nothing was captured. */
  slices: z.int().nonnegative(),
  /** The input of `profile-slice` if there is one slice, as a rule. */
  only: profileSliceInputSchema.nullable(),
  /** Where the inputs of `profile-slice` are, as a JSON array, for a distributed map. */
  items: z.object({ bucket: z.string(), key: z.string() }),
});
export type PlannedSlices = z.infer<typeof plannedWindowSchema>;
export const planWindowSchema = z.discriminatedUnion('outcome', [
  plannedWindowSchema,
  /** Nothing came since the last window: there is none. */
  z.object({ outcome: z.literal('idle'), ...announcedSchema }),
]);
export type PlanWindow = z.infer<typeof planWindowSchema>;

/** `find-repeats`: plans to profile again the slices that have predictions which count elsewhere; usually none. */
export const repeatsInputSchema = z.object({ run: windowRunSchema, window: objectPinSchema });

/** `join-labels`: labels that came, with predictions of this window and of earlier ones. */
export const joinLabelsInputSchema = z.object({ run: windowRunSchema, window: objectPinSchema });
export const joinLabelsSchema = z.object({ joined: z.int().nonnegative() });
export type JoinLabels = z.infer<typeof joinLabelsSchema>;

/** `merge-window`: the slices' profiles as one. */
export const mergeWindowInputSchema = z.object({ run: windowRunSchema, window: objectPinSchema });
export const mergeWindowSchema = z.object({
  /** `profile.json` */
  profile: objectPinSchema,
  rows: z.int().nonnegative(),
});
export type MergeWindow = z.infer<typeof mergeWindowSchema>;

/** `judge-window`: the verdict, the report, the episodes and what is announced. */
export const judgeWindowInputSchema = z.object({
  run: windowRunSchema,
  window: objectPinSchema,
  profile: objectPinSchema,
});
export const judgeWindowSchema = z.object(announcedSchema);
export type JudgeWindow = z.infer<typeof judgeWindowSchema>;

/** A slice that failed, of several that were profiled at once. */
export const failedSliceSchema = z.object({
  /** From 1, as in the name of its file. */
  number: z.int().positive(),
  /** How many more failed. */
  others: z.int().nonnegative(),
});
export type FailedSlice = z.infer<typeof failedSliceSchema>;

/** `record-failure`: frees the model's monitoring and says why there is no report. */
export const windowFailureInputSchema = recordFailureInputSchema.extend({
  startedAt: z.iso.datetime({ offset: true }),
  /** Where it was a slice of many. */
  slice: failedSliceSchema.nullable(),
});
