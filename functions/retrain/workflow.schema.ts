import { objectPinSchema } from '@tidemark/domain/datasets/manifest.schema.ts';
import { domainEventSchema } from '@tidemark/domain/events/domain-events.schema.ts';
import { labelFileUseSchema } from '@tidemark/domain/events/label-files.schema.ts';
import * as z from 'zod';

/** A retraining that is being decided on or has begun; the state machine carries it. */
export const retrainingRefSchema = z.object({ model: z.string(), retrainingId: z.string() });
export type RetrainingRef = z.infer<typeof retrainingRefSchema>;

/** `export-rows`: labelled predictions that no retraining has used, as rows of the model's data. */
export const exportRowsInputSchema = z.object({ retraining: retrainingRefSchema });
export const exportedRowsSchema = z.object({
  rows: z.int().nonnegative(),
  /** The rows as they would be dropped, and the ids of the predictions that they are; `null`: there are none. */
  files: z.object({ rows: objectPinSchema, inferenceIds: objectPinSchema }).nullable(),
  /** Which files labelled them; `null`: nothing is live, so nothing was looked at. */
  labels: labelFileUseSchema.nullable(),
  /** What was left out, and why. */
  notes: z.array(z.string()),
  /** The model's latest retraining when they were counted: a later one may have used them. */
  latestRetraining: z.string().nullable(),
});
export type ExportedRows = z.infer<typeof exportedRowsSchema>;

/** `decide`: asked first without rows, and once more with them if nothing else speaks against a retraining. */
export const decideInputSchema = z.object({
  executionArn: z.string().min(1),
  /** The execution's input, unread. */
  request: z.unknown(),
  exported: exportedRowsSchema.nullable(),
  /** How often the execution has waited for the model. */
  waits: z.int().nonnegative(),
});
export const decideSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('count'), message: z.string(), retraining: retrainingRefSchema }),
  /** Another execution has the model: wait and ask again. */
  z.object({ outcome: z.literal('busy'), message: z.string(), waitSeconds: z.int().positive() }),
  z.object({
    outcome: z.literal('started'),
    message: z.string(),
    retraining: retrainingRefSchema,
    /** Whether its rows are still to be dropped. */
    dropsRows: z.boolean(),
    events: z.array(domainEventSchema),
  }),
  /** The model is not trained again, and the events say why. */
  z.object({ outcome: z.literal('suppressed'), message: z.string(), events: z.array(domainEventSchema) }),
  /** There is nothing to decide. */
  z.object({ outcome: z.literal('unneeded'), message: z.string() }),
  /** The execution's input cannot be read. */
  z.object({ outcome: z.literal('refused'), message: z.string() }),
]);
export type Decided = z.infer<typeof decideSchema>;

/** `drop-rows`: the rows into `incoming/`, once. */
export const dropRowsInputSchema = z.object({ retraining: retrainingRefSchema });
export const droppedRowsSchema = z.object({ message: z.string() });
export type DroppedRows = z.infer<typeof droppedRowsSchema>;

/** `follow`: what has become of a retraining that was begun. */
export const followInputSchema = z.object({
  executionArn: z.string().min(1),
  retraining: retrainingRefSchema,
  waits: z.int().nonnegative(),
});
export const followSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('open'), message: z.string(), waitSeconds: z.int().positive() }),
  z.object({ outcome: z.literal('training'), message: z.string() }),
  z.object({ outcome: z.literal('abandoned'), message: z.string(), events: z.array(domainEventSchema) }),
]);
export type Followed = z.infer<typeof followSchema>;
