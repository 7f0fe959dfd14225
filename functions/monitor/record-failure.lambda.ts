import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { domainEvent, eventIdOf } from '@tidemark/domain/events/domain-event.ts';
import type { RecordedFailure } from '@tidemark/domain/executions/failure.schema.ts';
import type { Failure } from '@tidemark/domain/executions/failure.ts';
import { toldFailure } from '@tidemark/domain/executions/recorded-failure.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { windowIdOf } from '@tidemark/domain/names.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type * as z from 'zod';
import { describeWindowFailure } from './window-failure.ts';
import { windowEnd } from './window-start-decision.ts';
import { Windows } from './windows.client.ts';
import { monitorRequestSchema, windowFailureInputSchema } from './workflow.schema.ts';

const environment = environmentSchema.parse(process.env);
const table = new RegistryTable(environment.TABLE_NAME);
const windows = new Windows(table);

/** Records why a window was not judged and frees the model's monitoring. Safe to repeat; a window that is judged stays so. */
export const handler = entry({
  capability: 'monitor',
  name: 'record-failure',
  input: windowFailureInputSchema,
  subject: ({ request }) => ({ model: monitorRequestSchema.safeParse(request).data?.model }),
  run: recordFailure,
  told: toldFailure,
});

async function recordFailure(input: z.infer<typeof windowFailureInputSchema>): Promise<RecordedFailure> {
  const { executionArn, startedAt, request, ...failed } = input;
  const failure = describeWindowFailure(failed);
  const { data } = monitorRequestSchema.safeParse(request);
  const end = data && windowEnd(data, new Date(startedAt));
  if (!end) return { ...failure, events: [] };
  return record(data.model, windowIdOf(end), executionArn, failure);
}

async function record(
  model: string,
  windowId: string,
  executionArn: string,
  { error, message: why }: Failure,
): Promise<RecordedFailure> {
  const recorded = await table.recordedEvent(model, eventIdOf('monitoring.failed', model, executionArn));
  if (recorded) return { error, message: recorded.detail.message, events: [recorded] };
  const window = await windows.find(model, windowId);
  if (window?.executionArn === executionArn) return { error, message: why, events: [] };
  const message = `The window ${windowId} of ${model} was not judged: ${why} Nothing is lost: its predictions are in the next window.`;
  const failed = domainEvent(
    'monitoring.failed',
    { model, windowId, error, causeId: executionArn, message },
    new Date(),
  );
  const events = await windows.free(model, executionArn, [failed]);
  return { error, message, events: [...events] };
}
