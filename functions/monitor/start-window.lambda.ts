import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { domainEvent, eventIdOf, sentenceOf } from '@tidemark/domain/events/domain-event.ts';
import { inputError } from '@tidemark/domain/executions/input-error.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { toldBy } from '@tidemark/domain/invocations/outcome.ts';
import { windowIdOf } from '@tidemark/domain/names.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import { Monitors } from '@tidemark/domain/registry/monitors.client.ts';
import { versionRecordSchema } from '@tidemark/domain/registry/records.schema.ts';
import { RegistryConflictError, RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type * as z from 'zod';
import { decideWindowStart, type WantedWindow, windowEnd } from './window-start-decision.ts';
import { Windows } from './windows.client.ts';
import { monitorRequestSchema, type StartWindow, startWindowInputSchema } from './workflow.schema.ts';

const environment = environmentSchema.parse(process.env);
const table = new RegistryTable(environment.TABLE_NAME);
const models = new Models(table);
const monitors = new Monitors(table);
const windows = new Windows(table);

/** A state machine retries with pauses; this many times the facts are loaded again at once. */
const maximumAttempts = 5;

const tellStart = toldBy<StartWindow['outcome']>({
  started: 'done',
  skipped: 'unneeded',
  refused: 'refused',
});

/** Takes a model's monitoring for this execution, or says why there is nothing to look at. Safe to repeat. */
export const handler = entry({
  capability: 'monitor',
  name: 'start-window',
  input: startWindowInputSchema,
  subject: ({ request }) => ({ model: monitorRequestSchema.safeParse(request).data?.model }),
  run: startWindow,
  told: (started) =>
    tellStart(started.outcome, {
      message: sentenceOf('events' in started ? started.events : []),
      subject: 'run' in started ? started.run : {},
    }),
});

async function startWindow(input: z.infer<typeof startWindowInputSchema>): Promise<StartWindow> {
  const { executionArn, startedAt: started, request: unread } = input;
  const request = monitorRequestSchema.safeParse(unread);
  if (!request.success) {
    const wrong = inputError(request.error);
    return { outcome: 'refused', message: `The input is not like { "model": "flight-delay" }. ${wrong}` };
  }
  const { model } = request.data;
  const startedAt = new Date(started);
  const end = windowEnd(request.data, startedAt);
  if (!end) {
    const message = `A window that ended at ${request.data.scheduledTime} is too long ago: CloudWatch takes no figures that old. Leave scheduledTime out to look at what was captured since the last window.`;
    return { outcome: 'refused', message };
  }
  return start({ model, windowId: windowIdOf(end), end, executionArn });
}

async function start(wanted: WantedWindow): Promise<StartWindow> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryToStart(wanted);
    } catch (error) {
      if (!(error instanceof RegistryConflictError) || attempt === maximumAttempts) throw error;
    }
  }
}

async function tryToStart(wanted: WantedWindow): Promise<StartWindow> {
  const { model, windowId, executionArn } = wanted;
  // A retry of a call whose answer was lost must not find that the other execution has ended meanwhile.
  const skipped = await table.recordedEvent(model, eventIdOf('monitoring.skipped', model, executionArn));
  if (skipped) return { outcome: 'skipped', message: skipped.detail.message, events: [skipped] };
  const [record, monitor, window] = await Promise.all([
    models.find(model),
    monitors.find(model),
    windows.find(model, windowId),
  ]);
  const live = record?.liveVersion ?? undefined;
  const version =
    live === undefined ? undefined : await table.get(keys.version(model, live), versionRecordSchema);
  const now = new Date();
  const decision = decideWindowStart(wanted, { model: record, version, monitor, window }, now);
  if (decision.kind === 'skip') return skip(wanted, decision.reason, now);
  await windows.take(model, monitor, decision.running);
  return { outcome: 'started', message: `Looking at the window ${windowId} of ${model}.`, run: decision.run };
}

/** Also frees the monitoring, which an earlier attempt of this execution may have taken. */
async function skip(
  { model, windowId, executionArn }: WantedWindow,
  reason: string,
  now: Date,
): Promise<StartWindow> {
  const message = `The window ${windowId} of ${model} was not looked at: ${reason}`;
  const event = domainEvent(
    'monitoring.skipped',
    { model, windowId, reason, causeId: executionArn, message },
    now,
  );
  return { outcome: 'skipped', message, events: [...(await windows.free(model, executionArn, [event]))] };
}
