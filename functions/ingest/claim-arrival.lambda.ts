import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { NotFoundError, unreachable } from '@tidemark/domain/errors.ts';
import { domainEvent, sentenceOf } from '@tidemark/domain/events/domain-event.ts';
import { comparableSequencer } from '@tidemark/domain/events/sequencer.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import type { InvocationSubject } from '@tidemark/domain/invocations/invocation-line.schema.ts';
import { toldBy } from '@tidemark/domain/invocations/outcome.ts';
import { Claims } from '@tidemark/domain/registry/claims.client.ts';
import { eventDelivery, objectDelivery } from '@tidemark/domain/registry/claims.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import { isRetired, retiredSentence } from '@tidemark/domain/registry/retired-model.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type * as z from 'zod';
import { Arrivals } from './arrivals.client.ts';
import { Batches } from './batches.client.ts';
import type { Arrival } from './claim.ts';
import { beginningOf, type IngestBeginning, takeoverDelays } from './takeover.ts';
import {
  type ClaimOutput,
  type ClaimStep,
  claimInputSchema,
  type IncomingObjectCreated,
  type IngestStart,
  ingestStartSchema,
} from './workflow.schema.ts';

const remedy = 'See docs/runbook.md, The ingest workflow has failed.';

const environment = environmentSchema.parse(process.env);
const table = new RegistryTable(environment.TABLE_NAME);
const models = new Models(table);
const batches = new Batches(table);
const arrivals = new Arrivals(models, batches);
const claims = new Claims(table);

/** There is no such batch, so there is nothing to continue. */
class BatchNotFoundError extends NotFoundError {
  override readonly name = 'BatchNotFoundError';
}

const tellNext = toldBy<ClaimOutput['next']>({
  finish: 'unneeded',
  refuse: 'refused',
  'take-over-later': 'waiting',
  wait: 'waiting',
  validate: 'done',
  announce: 'waiting',
  collect: 'done',
});

/**
 * Takes what started the execution, once, and says what follows. Safe to repeat. An execution that is told that another of its machine has
 * ended without success continues for that one.
 */
export const handler = entry({
  capability: 'ingest',
  name: 'claim-arrival',
  input: claimInputSchema,
  subject: ({ start }) => subjectOf(ingestStartSchema.safeParse(start).data),
  run: claimArrival,
  told: (claimed) =>
    tellNext(claimed.next, {
      message: sentenceOf('event' in claimed ? [claimed.event] : []),
      subject: 'batchId' in claimed ? claimed : {},
    }),
});

async function claimArrival(input: z.infer<typeof claimInputSchema>): Promise<ClaimOutput> {
  const { start: unread, executionArn, waited } = input;
  const start = ingestStartSchema.safeParse(unread);
  if (!start.success) {
    // Only events have a source: what is wrong with one of those is a fault, and fails.
    if (Object(unread).source !== undefined) throw start.error;
    const message =
      'The input is neither an event nor like { "model": "flight-delay", "batchId": "batch-00000012" }.';
    return { next: 'refuse', message, owner: executionArn };
  }
  const beginning = beginningOf(start.data, executionArn);
  if (typeof beginning === 'string') return { next: 'finish', message: beginning, owner: executionArn };
  const { owner, ended } = beginning;
  try {
    return { ...((await hold(beginning, waited)) ?? (await begin(beginning))), owner };
  } catch (error) {
    if (ended > 0 || 'source' in start.data || !(error instanceof NotFoundError)) throw error;
    return { next: 'refuse', message: error.message, owner };
  }
}

function subjectOf(start: IngestStart | undefined): InvocationSubject {
  if (start === undefined) return {};
  if ('batchId' in start) return { model: start.model, batchId: start.batchId };
  if (start.source === 'aws.s3') return { objectKey: start.detail.object.key };
  return start.source === 'tidemark' ? { model: start.detail.model } : {};
}

/** What keeps an execution from taking another's work over, for now or for good. */
async function hold(
  { work, owner, ended, mayOnlyClose }: IngestBeginning,
  waited: boolean,
): Promise<ClaimStep | undefined> {
  if (ended === 0) return undefined;
  const seconds = takeoverDelays[ended - 1];
  if (seconds === undefined) {
    return {
      next: 'finish',
      message: `${ended} executions have failed to do the work of ${owner}. ${remedy}`,
    };
  }
  if (mayOnlyClose && 'batchId' in work) {
    return {
      next: 'finish',
      message: `The work of ${owner} is not repeated, as it would end the same way. ${remedy}`,
    };
  }
  if (waited) return undefined;
  return { next: 'take-over-later', seconds, message: `The work of ${owner} resumes in ${seconds} s.` };
}

async function begin({ work, owner, mayOnlyClose }: IngestBeginning): Promise<ClaimStep> {
  if ('batchId' in work) return resume(work.model, work.batchId, owner);
  const step = await (work.source === 'aws.s3' ? arrive(arrivalOf(work), owner) : adopt(work.detail, owner));
  if (!mayOnlyClose || step.next === 'finish' || step.next === 'wait') return step;
  return {
    next: 'finish',
    message: `The work of ${owner} is not repeated, as it was stopped, or would end the same way. ${remedy}`,
  };
}

function arrivalOf({ detail: { bucket, object } }: IncomingObjectCreated): Arrival {
  return {
    object: { bucket: bucket.name, key: object.key, versionId: object['version-id'] },
    size: object.size,
    sequencer: comparableSequencer(object.sequencer),
  };
}

async function arrive(arrival: Arrival, executionArn: string): Promise<ClaimStep> {
  const taken = await arrivals.take(arrival, executionArn);
  switch (taken.kind) {
    case 'nothing':
      return { next: 'finish', message: taken.message };
    case 'waits-for-model':
      return announceWaiting(arrival, taken.model, taken.message, executionArn);
    case 'in-batch': {
      const { model, batchId, step } = taken;
      return { ...step, model, batchId, message: `${arrival.object.key} is in ${batchId} of ${model}.` };
    }
    default:
      return unreachable(taken);
  }
}

/** Says once that a file has no model yet. Nothing is claimed: the model's own event will bring it up. */
async function announceWaiting(
  { object }: Arrival,
  model: string,
  message: string,
  executionArn: string,
): Promise<ClaimStep> {
  const now = new Date();
  const claim = { capability: 'ingest-waiting', delivery: objectDelivery(object), owner: executionArn };
  const taken = await claims.take(claim, now);
  if (taken.kind === 'already-taken')
    return { next: 'finish', message: `${message} This was announced before.` };
  const { key, versionId } = object;
  const event = domainEvent('data.waiting', { model, causeId: executionArn, message, key, versionId }, now);
  const [recorded = event] = await table.commit([], [event]);
  return { next: 'announce', event: recorded, message };
}

/** A model that is new, or active again: what waits for it is taken up. */
async function adopt(
  { model, created, eventId }: { model: string; created?: boolean | undefined; eventId: string },
  executionArn: string,
): Promise<ClaimStep> {
  if (created === false) return { next: 'finish', message: `${model} is not new: nothing waits for it.` };
  const now = new Date();
  const delivery = eventDelivery(eventId);
  const claim = await claims.take({ capability: 'ingest', delivery, owner: executionArn }, now);
  if (claim.kind === 'already-taken') {
    return { next: 'finish', message: `${claim.owner} looks for waiting files of ${model} already.` };
  }
  const { definition } = await models.load(model);
  if (isRetired({ definition })) {
    return { next: 'finish', message: `${retiredSentence(model)} Files keep waiting for it.` };
  }
  const message = `Looking for files that wait for ${model}.`;
  // They may be followed by more, so they join the open batch; else they are a batch of their own.
  if (definition.ingestion.complete === 'quiet-period') {
    return { next: 'collect', model, batchId: null, message };
  }
  const by = { model, executionArn, now };
  return { next: 'collect', model, batchId: await batches.collectWaiting(definition, by), message };
}

/** Continues a batch that a person names. */
async function resume(model: string, batchId: string, executionArn: string): Promise<ClaimStep> {
  const [batch, open] = await Promise.all([batches.find(model, batchId), batches.batches(model)]);
  if (batch === undefined && open?.openBatch !== batchId) {
    throw new BatchNotFoundError(
      `${model} has no batch ${batchId}. Batches are called like batch-00000012; the registry has them under MODEL#${model}.`,
    );
  }
  if (batch === undefined) await batches.sign(model, batchId, executionArn);
  const step = await arrivals.stepOf(model, batchId);
  return { ...step, model, batchId, message: `Continuing with ${batchId} of ${model}.` };
}
