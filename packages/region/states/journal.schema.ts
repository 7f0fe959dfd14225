import * as z from 'zod';
import { jsonSchema } from './machine-definition.schema.ts';

const failure = {
  /** Absent when a `Fail` state, or whoever reported the failure, gave no name. */
  errorName: z.string().exactOptional(),
  cause: z.string().exactOptional(),
};

/** What an execution remembers, so that it can go on where it stopped. One kind per thing that must not happen twice. */
export const checkpointSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('started') }),
  z.strictObject({ kind: z.literal('entered'), enteredTime: z.string() }),
  /** A task's call is about to be made. The token is there for `.waitForTaskToken`. */
  z.strictObject({
    kind: z.literal('scheduled'),
    /** Milliseconds since the epoch. */
    at: z.number(),
    arguments: jsonSchema,
    token: z.string().exactOptional(),
    timeoutSeconds: z.number().exactOptional(),
    heartbeatSeconds: z.number().exactOptional(),
  }),
  /** The call of a `.sync` or `.waitForTaskToken` task has been answered; from here on it is only waited for. */
  z.strictObject({ kind: z.literal('submitted'), output: jsonSchema }),
  z.strictObject({ kind: z.literal('succeeded'), result: jsonSchema }),
  z.strictObject({ kind: z.literal('failed'), ...failure, aliases: z.array(z.string()) }),
  /** An attempt has failed and the next one starts at `resumeAt` (milliseconds since the epoch). */
  z.strictObject({ kind: z.literal('retrying'), resumeAt: z.number() }),
  z.strictObject({ kind: z.literal('waiting'), until: z.number() }),
  /** A Parallel or Map state has started its children with these inputs. */
  z.strictObject({
    kind: z.literal('forked'),
    inputs: z.array(jsonSchema),
    /** Of a distributed map: how many items each input holds. */
    itemCounts: z.array(z.int()).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('exited'),
    output: jsonSchema,
    assigned: z.record(z.string(), jsonSchema),
    next: z.string().nullable(),
  }),
  /** An event without a consequence of its own, recorded once. */
  z.strictObject({ kind: z.literal('noted') }),
  z.strictObject({
    kind: z.literal('ended'),
    status: z.enum(['SUCCEEDED', 'FAILED', 'ABORTED', 'TIMED_OUT']),
    output: jsonSchema.exactOptional(),
    ...failure,
  }),
]);
export type Checkpoint = z.infer<typeof checkpointSchema>;

const historyEventSchema = z.strictObject({
  id: z.int(),
  previousEventId: z.int(),
  timestamp: z.number(),
  type: z.string(),
  details: z.record(z.string(), z.record(z.string(), jsonSchema)).exactOptional(),
});

/** One line of an execution's journal: a checkpoint with the history events that belong to it, written as one. */
export const journalLineSchema = z.strictObject({
  key: z.string(),
  checkpoint: checkpointSchema,
  events: z.array(historyEventSchema),
});
export type JournalLine = z.infer<typeof journalLineSchema>;
