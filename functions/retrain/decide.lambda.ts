import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { InvariantError, unreachable } from '@tidemark/domain/errors.ts';
import { eventIdOf, sentenceOf } from '@tidemark/domain/events/domain-event.ts';
import { inputError } from '@tidemark/domain/executions/input-error.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { toldBy } from '@tidemark/domain/invocations/outcome.ts';
import { runIdOf } from '@tidemark/domain/names.ts';
import { Claims } from '@tidemark/domain/registry/claims.client.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import { Monitors } from '@tidemark/domain/registry/monitors.client.ts';
import { RegistryConflictError, RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { type Clocks, clocksOf } from '@tidemark/domain/registry/windows-clock.ts';
import type * as z from 'zod';
import { decideRetraining } from './decide-retraining.ts';
import { retrainingStarted, retrainingSuppressed } from './retrain-events.ts';
import {
  causeOfRetrainRequest,
  deliveryOf,
  momentOfRequest,
  type RetrainRequest,
  retrainRequestSchema,
  triggerOf,
} from './retrain-request.schema.ts';
import type { RetrainingDecision } from './retraining-decision.ts';
import { type RegistryFacts, retrainingFacts } from './retraining-facts.ts';
import { newRetraining, type RetrainingQuestion } from './retraining-record.ts';
import { type DecidedEpisode, Retrainings } from './retrainings.client.ts';
import { forModel, nextWaitSeconds } from './waiting.ts';
import { type Decided, decideInputSchema, type ExportedRows } from './workflow.schema.ts';

const environment = environmentSchema.parse(process.env);
const table = new RegistryTable(environment.TABLE_NAME);
const claims = new Claims(table);
const models = new Models(table);
const monitors = new Monitors(table);
const retrainings = new Retrainings(table);

const tellDecision = toldBy<Decided['outcome']>({
  count: 'done',
  busy: 'waiting',
  started: 'done',
  suppressed: 'unneeded',
  unneeded: 'unneeded',
  refused: 'refused',
});

/** Decides whether a model is trained again, and opens the retraining if so. Safe to repeat. */
export const handler = entry({
  capability: 'retrain',
  name: 'decide',
  input: decideInputSchema,
  subject: ({ request }) => ({ model: retrainRequestSchema.safeParse(request).data?.model }),
  run: answer,
  told: (decided) =>
    tellDecision(decided.outcome, {
      message: sentenceOf('events' in decided ? decided.events : []),
      subject: 'retraining' in decided ? decided.retraining : {},
    }),
});

async function answer(input: z.infer<typeof decideInputSchema>): Promise<Decided> {
  const { executionArn, request: unread, exported, waits } = input;
  const parsed = retrainRequestSchema.safeParse(unread);
  if (!parsed.success) return refuseUnreadable(parsed.error);
  const request = parsed.data;
  const elsewhere = await takenElsewhere(request, executionArn);
  if (elsewhere) return elsewhere;
  const retrainingId = runIdOf(executionArn);
  const causeId = causeOfRetrainRequest(request, executionArn);
  return decide({ request, executionArn, retrainingId, causeId, exported, waits });
}

function refuseUnreadable(error: z.ZodError): Decided {
  return {
    outcome: 'refused',
    message:
      'The input is neither the event of a model’s alarm, nor of a window after it, nor a schedule’s, nor like { "model": "flight-delay" }. ' +
      inputError(error),
  };
}

/** What is delivered twice is decided once; the second execution has nothing to do. */
async function takenElsewhere(request: RetrainRequest, owner: string): Promise<Decided | undefined> {
  const delivery = deliveryOf(request);
  if (delivery.kind === 'meant-each-time') return undefined;
  const wanted = { capability: 'retrain', delivery: delivery.key, owner };
  const claim = await claims.take(wanted, new Date());
  if (claim.kind === 'taken') return undefined;
  const message = `The execution ${claim.owner} took this at ${claim.claimedAt}.`;
  return { outcome: 'unneeded', message };
}

/** Another execution may decide about the same model meanwhile, each at most once; more conflicts than these are not theirs. */
const maximumAttempts = 5;

async function decide(question: RetrainingQuestion): Promise<Decided> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return (await decidedBefore(question)) ?? (await decideAndApply(question));
    } catch (error) {
      if (!(error instanceof RegistryConflictError) || attempt === maximumAttempts) throw error;
    }
  }
}

/** A retry after the commit would find its own retraining in the way. */
async function decidedBefore({
  request,
  retrainingId,
  causeId,
}: RetrainingQuestion): Promise<Decided | undefined> {
  const { model } = request;
  const [started, suppressed] = await Promise.all([
    table.recordedEvent(model, eventIdOf('retraining.started', model, causeId)),
    table.recordedEvent(model, eventIdOf('retraining.suppressed', model, causeId)),
  ]);
  if (suppressed) return { outcome: 'suppressed', message: suppressed.detail.message, events: [suppressed] };
  if (!started) return undefined;
  const record = await retrainings.find(model, retrainingId);
  return {
    outcome: 'started',
    message: started.detail.message,
    retraining: { model, retrainingId },
    dropsRows: record?.rows !== null,
    events: [started],
  };
}

async function decideAndApply(question: RetrainingQuestion): Promise<Decided> {
  const now = new Date();
  const facts = await load(question.request);
  const clocks = clocksOf(now, facts.monitor, [momentOfRequest(question.request)]);
  const labelledRows = rowsThatCount(question.exported, facts);
  const decision = decideRetraining(question.request, retrainingFacts(facts, labelledRows), clocks);
  switch (decision.kind) {
    case 'count': {
      const { request, retrainingId } = question;
      const retraining = { model: request.model, retrainingId };
      return { outcome: 'count', message: `Counting what ${request.model} could learn from.`, retraining };
    }
    case 'wait':
      return wait(question, facts, decision.message, now);
    case 'start':
      return start(question, facts, decision, clocks);
    case 'suppress':
      return suppress(question, facts, decision, now);
    case 'not-due':
      return { outcome: 'unneeded', message: decision.message };
    default:
      return unreachable(decision);
  }
}

/** What was counted before another retraining began may be used by now: it is counted again. */
function rowsThatCount(exported: ExportedRows | null, { model }: RegistryFacts): number | null {
  const latest = model?.latestRetraining ?? null;
  return exported?.latestRetraining === latest ? exported.rows : null;
}

async function load(request: RetrainRequest): Promise<RegistryFacts> {
  const name = request.model;
  const [model, monitor, begun, runs, versions] = await Promise.all([
    models.find(name),
    monitors.find(name),
    retrainings.list(name),
    retrainings.runs(name),
    retrainings.versions(name),
  ]);
  const latest = model?.latestDatasetId ? await retrainings.dataset(name, model.latestDatasetId) : undefined;
  const isAboutEpisode = request.by === 'alarm' || request.by === 'window';
  const episode = isAboutEpisode ? (monitor?.[request.kind] ?? null) : null;
  return { model, monitor, episode, retrainings: begun, runs, versions, latest };
}

function wait(
  question: RetrainingQuestion,
  facts: RegistryFacts,
  message: string,
  now: Date,
): Promise<Decided> | Decided {
  const waitSeconds = nextWaitSeconds(forModel, question.waits);
  if (waitSeconds !== undefined) return { outcome: 'busy', message, waitSeconds };
  const given = `${message} It has been so for a day, and this execution gives up.`;
  return suppress(question, facts, { reason: 'model-busy', message: given }, now);
}

async function start(
  question: RetrainingQuestion,
  facts: RegistryFacts,
  { datasetId, message }: Extract<RetrainingDecision, { kind: 'start' }>,
  clocks: Clocks,
): Promise<Decided> {
  const { request, retrainingId, causeId } = question;
  const { model: seen, episode } = facts;
  if (!seen) throw new InvariantError(`There is no model ${request.model} to train again.`);
  const record = newRetraining(question, { model: seen, episode }, datasetId, clocks);
  const started = retrainingStarted(record, withNotes(message, question.exported), {
    causeId,
    now: clocks.wall,
  });
  const events = await retrainings.begin(record, seen, decidedEpisode(request, episode), started);
  return {
    outcome: 'started',
    message: started.detail.message,
    retraining: { model: seen.model, retrainingId },
    dropsRows: record.rows !== null,
    events: [...events],
  };
}

/** What was left out when rows were counted belongs to what is said of their number. */
function withNotes(message: string, exported: ExportedRows | null): string {
  return [message, ...(exported?.notes ?? [])].join(' ');
}

async function suppress(
  { request, causeId, exported }: RetrainingQuestion,
  { episode, model }: RegistryFacts,
  why: { readonly reason: string; readonly message: string },
  now: Date,
): Promise<Decided> {
  const said = { ...why, message: withNotes(why.message, exported), labels: exported?.labels ?? null };
  const event = retrainingSuppressed(request.model, triggerOf(request), said, { causeId, now });
  // Of an episode that is another's, or of a version that is not live any more, the alarm says nothing.
  const isAbout =
    model !== undefined && episode?.version === model.liveVersion && why.reason !== 'episode-over';
  const events = await retrainings.suppress(event, isAbout ? decidedEpisode(request, episode) : null);
  return { outcome: 'suppressed', message: event.detail.message, events: [...events] };
}

function decidedEpisode(request: RetrainRequest, episode: RegistryFacts['episode']): DecidedEpisode | null {
  if (episode === null || (request.by !== 'alarm' && request.by !== 'window')) return null;
  const isNews = request.by === 'alarm' && episode.alarmedAt === null;
  const alarmedAt = isNews ? new Date(request.alarmedAt) : null;
  const { episodeId, retrainingId: former } = episode;
  return { model: request.model, kind: request.kind, episodeId, former, alarmedAt };
}
