import { domainEventSchema } from '@tidemark/domain/events/domain-events.schema.ts';
import { objectCreatedSchema } from '@tidemark/domain/events/object-created.schema.ts';
import * as z from 'zod';

/** What the state machine gives `check-labels`. */
export const checkLabelsInputSchema = z.object({
  executionArn: z.string().min(1),
  /** S3's event for an object under `labels/`. */
  event: objectCreatedSchema,
});

/** What was found; without events, there is nothing to tell. */
export const checkLabelsSchema = z.object({ message: z.string(), events: z.array(domainEventSchema) });
export type CheckLabels = z.infer<typeof checkLabelsSchema>;
