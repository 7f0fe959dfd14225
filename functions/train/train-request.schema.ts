import { z } from 'zod';
import { domainEventSchemas } from '../events/domain-events.schema.ts';
import { modelName } from '../names.ts';

const committedEvent = z
  .object({
    'detail-type': z.literal('dataset.committed'),
    detail: domainEventSchemas['dataset.committed'],
  })
  .transform(({ detail }) => ({
    by: 'event' as const,
    model: detail.model,
    datasetId: detail.datasetId,
    eventId: detail.eventId,
  }));

const personsRequest = z
  .strictObject({
    model: modelName,
    /** The newest without it. */
    datasetId: z.string().min(1).optional(),
  })
  .transform(({ model, datasetId }) => ({ by: 'person' as const, model, datasetId: datasetId ?? null }));

/** What starts an execution: `dataset.committed` as EventBridge delivers it, or what a person typed. */
export const trainRequestSchema = z.union([committedEvent, personsRequest]);
export type TrainRequest = z.infer<typeof trainRequestSchema>;
