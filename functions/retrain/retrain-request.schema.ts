import { unreachable } from '@tidemark/domain/errors.ts';
import { domainEventSchemas } from '@tidemark/domain/events/domain-events.schema.ts';
import type { RetrainingTrigger } from '@tidemark/domain/events/retraining-triggers.ts';
import { modelName } from '@tidemark/domain/names.ts';
import { eventDelivery } from '@tidemark/domain/registry/claims.ts';
import { timeOfWindow } from '@tidemark/domain/registry/windows-clock.ts';
import * as z from 'zod';

/** CloudWatch writes its times with a numeric offset without a colon: `2026-01-01T00:00:00.000+0000`. */
const alarmTime = z
  .string()
  .transform((text) => text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  .pipe(z.iso.datetime({ offset: true }))
  .transform((text) => new Date(text).toISOString());

/** `tidemark-<stage>-model-<model>-<kind>`: see `alarmName`. */
const modelAlarmName = z.string().transform((name, context) => {
  const [, model, kind] = /^tidemark-[a-z0-9]+-model-(.+)-(drift|quality)$/.exec(name) ?? [];
  const parsed = modelName.safeParse(model);
  if (parsed.success && (kind === 'drift' || kind === 'quality'))
    return { model: parsed.data, kind } as const;
  context.addIssue(`${name} is not the name of a model's alarm`);
  return z.NEVER;
});

const alarmEvent = z
  .object({
    id: z.string().min(1),
    'detail-type': z.literal('CloudWatch Alarm State Change'),
    detail: z.object({
      alarmName: modelAlarmName,
      state: z.object({ value: z.literal('ALARM'), timestamp: alarmTime }),
    }),
  })
  .transform(({ id, detail }) => ({
    by: 'alarm' as const,
    ...detail.alarmName,
    alarmedAt: detail.state.timestamp,
    eventId: id,
  }));

const driftContinued = z.object({
  'detail-type': z.literal('drift.continued'),
  detail: domainEventSchemas['drift.continued'],
});
const qualityContinued = z.object({
  'detail-type': z.literal('quality.continued'),
  detail: domainEventSchemas['quality.continued'],
});

/** A further window of an episode that has alarmed and that nothing has been done about. */
const windowEvent = z
  .discriminatedUnion('detail-type', [driftContinued, qualityContinued])
  .transform(({ 'detail-type': type, detail }) => ({
    by: 'window' as const,
    kind: type === 'drift.continued' ? ('drift' as const) : ('quality' as const),
    model: detail.model,
    episodeId: detail.episodeId,
    windowId: detail.windowId,
    eventId: detail.eventId,
  }));

const scheduled = z
  .strictObject({
    model: modelName,
    trigger: z.literal('schedule'),
    scheduledTime: z.iso.datetime({ offset: true }),
  })
  .transform(({ model, scheduledTime }) => ({ by: 'schedule' as const, model, scheduledTime }));

const personsRequest = z
  .strictObject({ model: modelName })
  .transform(({ model }) => ({ by: 'person' as const, model }));

/** What starts an execution: an alarm's event, a further window of its episode, the schedule, or what a person typed. */
export const retrainRequestSchema = z.union([alarmEvent, windowEvent, scheduled, personsRequest]);
export type RetrainRequest = z.infer<typeof retrainRequestSchema>;

/** When it is asked, by the clock of the model's windows; `undefined`: a person does not say. */
export function momentOfRequest(request: RetrainRequest): string | undefined {
  switch (request.by) {
    case 'alarm':
      return request.alarmedAt;
    case 'window':
      return timeOfWindow(request.windowId);
    case 'schedule':
      return request.scheduledTime;
    case 'person':
      return undefined;
    default:
      return unreachable(request);
  }
}

/** What a request is about, in the words of events and records. */
export function triggerOf(request: RetrainRequest): RetrainingTrigger {
  switch (request.by) {
    case 'alarm':
    case 'window':
      return request.kind;
    case 'schedule':
      return 'schedule';
    case 'person':
      return 'manual';
    default:
      return unreachable(request);
  }
}

/** What its events are caused by: an event's id, or the execution, if a clock or a person started it. */
export function causeOfRetrainRequest(request: RetrainRequest, executionArn: string): string {
  return 'eventId' in request ? request.eventId : executionArn;
}

/** Whether a repeat of the request is one: what is delivered may come twice and is claimed by its key; a person means it each time. */
export type RequestDelivery =
  | { readonly kind: 'claimed'; readonly key: string }
  | { readonly kind: 'meant-each-time' };

export function deliveryOf(request: RetrainRequest): RequestDelivery {
  switch (request.by) {
    case 'alarm':
    case 'window':
      return { kind: 'claimed', key: eventDelivery(request.eventId) };
    case 'schedule':
      return { kind: 'claimed', key: `schedule:${request.model}:${request.scheduledTime}` };
    case 'person':
      return { kind: 'meant-each-time' };
    default:
      return unreachable(request);
  }
}
