import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { domainEvent, sentenceOf } from '@tidemark/domain/events/domain-event.ts';
import { inputError } from '@tidemark/domain/executions/input-error.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { toldBy } from '@tidemark/domain/invocations/outcome.ts';
import { runIdOf } from '@tidemark/domain/names.ts';
import { Claims } from '@tidemark/domain/registry/claims.client.ts';
import { eventDelivery } from '@tidemark/domain/registry/claims.ts';
import { Datasets } from '@tidemark/domain/registry/datasets.client.ts';
import { Leases } from '@tidemark/domain/registry/leases.client.ts';
import { holderSentence } from '@tidemark/domain/registry/leases.ts';
import { ModelNotFoundError, Models } from '@tidemark/domain/registry/models.client.ts';
import { Monitors } from '@tidemark/domain/registry/monitors.client.ts';
import type { Lease, ModelRecord } from '@tidemark/domain/registry/records.schema.ts';
import { isRetired } from '@tidemark/domain/registry/retired-model.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { type Clocks, clocksOf } from '@tidemark/domain/registry/windows-clock.ts';
import { type Hold, type Kept, withLease } from '@tidemark/domain/registry/with-lease.client.ts';
import type * as z from 'zod';
import type { Run } from './run.schema.ts';
import { RunExecutions } from './run-executions.client.ts';
import { runLeaseSeconds, runOf, runOwner } from './run-lease.ts';
import { type RunStart, runStartInputSchema } from './run-start.schema.ts';
import {
  decideRunStart,
  maximumWaits,
  type RunStartDecision,
  requestedDataset,
  restoration,
  waitSeconds,
} from './run-start-decision.ts';
import { Runs } from './runs.client.ts';
import { causeOfTrainRequest, type TrainRequest, trainRequestSchema } from './train-request.schema.ts';

const environment = environmentSchema.parse(process.env);
const table = new RegistryTable(environment.TABLE_NAME);
const claims = new Claims(table);
const models = new Models(table);
const monitors = new Monitors(table);
const leases = new Leases(table);
const datasets = new Datasets(table, new Objects());
const runs = new Runs(table);
const executions = new RunExecutions();

const tellStart = toldBy<RunStart['outcome']>({
  started: 'done',
  busy: 'waiting',
  vanished: 'waiting',
  unneeded: 'unneeded',
  skipped: 'unneeded',
  refused: 'refused',
  'gave-up': 'refused',
});

/** Takes a model for this execution and begins a run, or says why there is none. Safe to repeat. */
export const handler = entry({
  capability: 'train',
  name: 'start-run',
  input: runStartInputSchema,
  subject: ({ request }) => ({ model: trainRequestSchema.safeParse(request).data?.model }),
  run: startRun,
  told: (started) =>
    tellStart(started.outcome, {
      message: sentenceOf('events' in started ? started.events : []),
      subject: 'run' in started ? started.run : {},
    }),
});

async function startRun(input: z.infer<typeof runStartInputSchema>): Promise<RunStart> {
  const { executionArn, request: unread, waits } = input;
  const parsed = trainRequestSchema.safeParse(unread);
  if (!parsed.success) return refuseUnreadable(parsed.error);
  const request = parsed.data;

  const taken = await takenElsewhere(request, executionArn);
  if (taken) return taken;
  const holder = { model: request.model, owner: runOwner(runIdOf(executionArn)) };
  return withLease(leases, holder, (hold) => start(hold, request, { executionArn, waits }));
}

async function start(
  hold: Hold,
  request: TrainRequest,
  { executionArn, waits }: { readonly executionArn: string; readonly waits: number },
): Promise<RunStart | Kept<RunStart>> {
  const begun = await begunBefore(request, executionArn);
  if (begun) return hold.keep(() => begun);
  const model = await models.find(request.model);
  if (!model) return { outcome: 'refused', message: new ModelNotFoundError(request.model).message };
  const first = await decide(request, model);
  if (first.kind !== 'train') return ended(first, request, executionArn);
  const restored = restoration(model, waits);
  if (restored !== undefined) return busy(restored, waits);

  const wanted = { purpose: 'train', seconds: runLeaseSeconds(model.definition) } as const;
  const lease = await hold.acquire(wanted, new Date());
  if (lease.kind === 'refused') {
    return (
      (await vanished(model.model, lease.holder)) ?? busy(holderSentence(model.model, lease.holder), waits)
    );
  }

  // What was read before the lease was ours may have changed since; from here on no other execution trains or deploys.
  const held = await models.load(model.model);
  const decision = await decide(request, held);
  if (decision.kind !== 'train') return ended(decision, request, executionArn);
  return hold.keep(() => begin(request, held, decision, executionArn));
}

function refuseUnreadable(error: z.ZodError): RunStart {
  return {
    outcome: 'refused',
    message:
      'The input is neither an event dataset.committed nor like { "model": "flight-delay" } (also "datasetId"). ' +
      inputError(error),
  };
}

/** EventBridge may deliver an event twice; the second execution has nothing to do. */
async function takenElsewhere(request: TrainRequest, owner: string): Promise<RunStart | undefined> {
  if (request.by === 'person') return undefined;
  const delivery = eventDelivery(request.eventId);
  const claim = await claims.take({ capability: 'train', delivery, owner }, new Date());
  if (claim.kind === 'taken') return undefined;
  return {
    outcome: 'unneeded',
    message: `The execution ${claim.owner} took this dataset at ${claim.claimedAt}.`,
  };
}

/** A retry after its run had begun would find the retraining under way, and nothing left to do. */
async function begunBefore(request: TrainRequest, executionArn: string): Promise<RunStart | undefined> {
  const found = await runs.find(request.model, runIdOf(executionArn));
  if (found?.status !== 'running') return undefined;
  const { model, runId, datasetId, definitionHash } = found;
  const causeId = causeOfTrainRequest(request, executionArn);
  const run: Run = { model, runId, datasetId, definitionHash, causeId, leaseOwner: runOwner(runId) };
  const events = await runs.startEvents(run);
  return { outcome: 'started', message: events[0]?.detail.message ?? '', run, events };
}

async function decide(request: TrainRequest, model: ModelRecord): Promise<RunStartDecision> {
  const datasetId = requestedDataset(request, model);
  const [versions, dataset, open] = await Promise.all([
    runs.versions(model.model),
    datasetId === null ? undefined : datasets.find(model.model, datasetId),
    model.openRetraining ? runs.retraining(model.model, model.openRetraining) : undefined,
  ]);
  const decision = decideRunStart(request, {
    model,
    retired: isRetired(model),
    triggers: model.definition.retraining.on,
    versions,
    codeVersion: environment.CODE_VERSION,
    open: open ?? null,
    sources: (dataset?.manifest.parts ?? []).flatMap(({ sources }) => sources.map(({ key }) => key)),
  });
  if (decision.kind !== 'train' || dataset) return decision;
  return { kind: 'refused', message: `${model.model} has no dataset ${decision.datasetId}.` };
}

async function ended(
  decision: Exclude<RunStartDecision, { kind: 'train' }>,
  request: TrainRequest,
  executionArn: string,
): Promise<RunStart> {
  const { kind, message } = decision;
  if (kind === 'skipped') {
    const { datasetId } = decision;
    const causeId = causeOfTrainRequest(request, executionArn);
    const skipped = { model: request.model, causeId, datasetId, reason: 'retired', message };
    const event = domainEvent('training.skipped', skipped, new Date());
    return { outcome: 'skipped', message, events: [...(await table.commit([], [event]))] };
  }
  return { outcome: kind === 'refused' ? 'refused' : 'unneeded', message };
}

/** The run that has the model, if its execution is over without having freed it. EventBridge's word of that may be lost, or had no machine to start. */
async function vanished(model: string, holder: Lease | null): Promise<RunStart | undefined> {
  const runId = runOf(holder);
  const run = runId === undefined ? undefined : await runs.find(model, runId);
  if (run?.status !== 'running') return undefined;
  const end = await executions.endOf(run.executionArn);
  if (end === undefined) return undefined;
  const { executionArn } = run;
  return {
    outcome: 'vanished',
    message: `The run ${runId} of ${model} has ended with ${end} and has not freed the model. Its failure is recorded.`,
    former: { executionArn, request: { model }, failure: { Error: end, Cause: '' } },
  };
}

function busy(holder: string, waits: number): RunStart {
  if (waits < maximumWaits) return { outcome: 'busy', message: holder, waitSeconds: waitSeconds(waits) };
  return {
    outcome: 'gave-up',
    message: `${holder} This execution has waited for a day and gives up. Start train again when the model is free.`,
  };
}

/** A retraining that it carries out may have been asked for after the last window, as by an alarm. */
async function clocks(model: string, retrainingId: string | null, now: Date): Promise<Clocks> {
  const [monitor, retraining] = await Promise.all([
    monitors.find(model),
    retrainingId === null ? undefined : runs.retraining(model, retrainingId),
  ]);
  return clocksOf(now, monitor, [retraining?.askedAt]);
}

async function begin(
  request: TrainRequest,
  { model, definitionHash }: ModelRecord,
  { datasetId, retrainingId }: Extract<RunStartDecision, { kind: 'train' }>,
  executionArn: string,
): Promise<RunStart> {
  const runId = runIdOf(executionArn);
  const causeId = causeOfTrainRequest(request, executionArn);
  const run: Run = { model, runId, datasetId, definitionHash, causeId, leaseOwner: runOwner(runId) };
  const now = new Date();
  const { windows } = await clocks(model, retrainingId, now);
  const message = `Training ${model} with ${datasetId} (run ${runId}).`;
  const started = domainEvent('training.started', { model, runId, datasetId, causeId, message }, now);
  const record = {
    model,
    runId,
    executionArn,
    datasetId,
    definitionHash,
    codeVersion: environment.CODE_VERSION,
    status: 'running',
    startedAt: now.toISOString(),
    askedAt: windows.toISOString(),
    endedAt: null,
    version: null,
    failure: null,
    retrainingId,
    billedSeconds: null,
  } as const;
  const events = await runs.begin(record, run, started);
  return { outcome: 'started', message, run, events: [...events] };
}
