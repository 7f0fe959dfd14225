import * as z from 'zod';
import { domainEventSchema } from '../events/domain-events.schema.ts';
import { caughtErrorSchema } from './caught-error.schema.ts';

/** What a state machine gives the function `record-failure` of its capability. */
export const recordFailureInputSchema = z.object({
  /** The execution that failed: the one that asks, or one that was stopped and could not ask itself. */
  executionArn: z.string().min(1),
  /** That execution's input, unread. */
  request: z.unknown(),
  failure: caughtErrorSchema,
  /** Name of the state that failed. */
  step: z.string().min(1),
});

/** What the execution ends with, and what is announced before; nothing if there is nothing that failed. */
export const recordedFailureSchema = z.object({
  error: z.string(),
  message: z.string(),
  events: z.array(domainEventSchema),
});
export type RecordedFailure = z.infer<typeof recordedFailureSchema>;
