import { domainEventSchema } from '@tidemark/domain/events/domain-events.schema.ts';
import { caughtErrorSchema } from '@tidemark/domain/executions/caught-error.schema.ts';
import * as z from 'zod';
import { runSchema } from './run.schema.ts';

/** What the state machine gives `start-run`. */
export const runStartInputSchema = z.object({
  executionArn: z.string().min(1),
  /** The execution's input, unread. */
  request: z.unknown(),
  /** How often the execution has waited for the model. */
  waits: z.int().nonnegative(),
});

/** What `start-run` decides. */
export const runStartSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('started'),
    message: z.string(),
    run: runSchema,
    events: z.array(domainEventSchema),
  }),
  /** Another execution has the model: wait and ask again. */
  z.object({ outcome: z.literal('busy'), message: z.string(), waitSeconds: z.int().positive() }),
  /** The execution that has the model is over and has not said so: record its failure, which frees the model, and ask again. */
  z.object({
    outcome: z.literal('vanished'),
    message: z.string(),
    /** As `record-failure` takes it. */
    former: z.object({
      executionArn: z.string(),
      request: z.object({ model: z.string() }),
      failure: caughtErrorSchema,
    }),
  }),
  /** There is nothing to do, and that is not a failure. */
  z.object({ outcome: z.literal('unneeded'), message: z.string() }),
  /** The model was retired meanwhile. */
  z.object({ outcome: z.literal('skipped'), message: z.string(), events: z.array(domainEventSchema) }),
  /** It cannot be done: a wrong request. */
  z.object({ outcome: z.literal('refused'), message: z.string() }),
  /** The model was busy for too long. */
  z.object({ outcome: z.literal('gave-up'), message: z.string() }),
]);
export type RunStart = z.infer<typeof runStartSchema>;
