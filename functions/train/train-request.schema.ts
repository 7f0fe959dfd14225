import { domainEventSchemas } from '@tidemark/domain/events/domain-events.schema.ts';
import { modelName } from '@tidemark/domain/names.ts';
import * as z from 'zod';

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

/** A retraining for which there is a dataset; one that adds rows is trained once they have become one. */
const startedEvent = z
  .object({
    'detail-type': z.literal('retraining.started'),
    detail: domainEventSchemas['retraining.started'].extend({ datasetId: z.string().min(1) }),
  })
  .transform(({ detail }) => ({
    by: 'retraining' as const,
    model: detail.model,
    retrainingId: detail.retrainingId,
    eventId: detail.eventId,
  }));

const personsRequest = z
  .strictObject({
    model: modelName,
    /** The newest without it. */
    datasetId: z.string().min(1).optional(),
  })
  .transform(({ model, datasetId }) => ({ by: 'person' as const, model, datasetId: datasetId ?? null }));

/** What starts an execution: `dataset.committed` or `retraining.started` as EventBridge delivers it, or what a person typed. */
export const trainRequestSchema = z.union([committedEvent, startedEvent, personsRequest]);
export type TrainRequest = z.infer<typeof trainRequestSchema>;

/** What a run's events are caused by: an event's id, or the execution that a person started. */
export function causeOfTrainRequest(request: TrainRequest, executionArn: string): string {
  return 'eventId' in request ? request.eventId : executionArn;
}
