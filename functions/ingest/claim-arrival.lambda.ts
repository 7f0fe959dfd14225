import { environmentSchema } from '../environment.schema.ts';
import { NotFoundError } from '../errors.ts';
import { domainEvent } from '../events/domain-event.ts';
import { Claims } from '../registry/claims.client.ts';
import { objectDelivery } from '../registry/claims.ts';
import { Models } from '../registry/models.client.ts';
import type { ModelRecord } from '../registry/records.schema.ts';
import { RegistryTable } from '../registry/table.client.ts';
import { parseArrivalKey } from './arrival-key.ts';
import type { BatchRecord } from './batch.schema.ts';
import { Batches, eventDeliveryOf, keyDelivery } from './batches.client.ts';
import { type Arrival, decideArrival } from './claim.ts';
import { comparableSequencer } from './sequencer.ts';
import { type ClaimOutput, claimInputSchema, type ObjectCreated } from './workflow.schema.ts';

const environment = environmentSchema.parse(process.env);
const table = new RegistryTable(environment.TABLE_NAME);
const models = new Models(table);
const batches = new Batches(table);
const claims = new Claims(table);

/** Nobody knows this batch, so there is nothing to go on with. */
class BatchNotFoundError extends NotFoundError {
  override readonly name = 'BatchNotFoundError';
}

/** Takes what started the execution, once, and says what follows. Safe to repeat. */
export async function handler(event: unknown): Promise<ClaimOutput> {
  const { start, executionArn } = claimInputSchema.parse(event);
  if ('batchId' in start) return resume(start.model, start.batchId, executionArn);
  if (start.source === 'aws.s3') return arrive(arrivalOf(start), executionArn);
  return adopt(start.detail.model, start.detail.created, start.detail.eventId, executionArn);
}

function arrivalOf({ detail: { bucket, object } }: ObjectCreated): Arrival {
  return {
    object: { bucket: bucket.name, key: object.key, versionId: object['version-id'] },
    size: object.size,
    sequencer: comparableSequencer(object.sequencer),
  };
}

async function arrive(arrival: Arrival, executionArn: string): Promise<ClaimOutput> {
  const key = parseArrivalKey(arrival.object.key);
  const [record, claim, open] = await Promise.all([
    models.find(key.model),
    batches.claimOn(keyDelivery(arrival.object)),
    batches.batches(key.model),
  ]);
  const definition = record?.definition;
  const decision = decideArrival({ arrival, key, definition, claim, batches: open, executionArn });
  const by = { model: key.model, executionArn, now: new Date() };
  const objectKey = arrival.object.key;
  switch (decision.kind) {
    case 'nothing':
      return { next: 'finish', message: decision.message };
    case 'wait-for-model':
      return announceWaiting(arrival, key.model, decision.message, executionArn);
    case 'go-on':
      return goOn(key.model, decision.batchId, definition?.ingestion.quietSeconds);
    case 'join':
      await batches.join(arrival, decision.batchId, by);
      return waiting(key.model, decision.batchId, decision.waitSeconds, objectKey);
    case 'open':
      await batches.open(arrival, decision.lastNumber, by);
      return waiting(key.model, decision.batchId, decision.waitSeconds, objectKey);
    case 'own-batch': {
      const batchId = await batches.closeWith(arrival, newBatch(record, null), by);
      return { next: 'validate', model: key.model, batchId, message: `${objectKey} is ${batchId}.` };
    }
    case 'collect': {
      const batchId = await batches.collectFor(arrival, newBatch(record, decision.folder), by);
      const message = `${objectKey} completes ${decision.folder}, which becomes ${batchId}.`;
      return { next: 'collect', model: key.model, batchId, message };
    }
  }
}

function newBatch(record: ModelRecord | undefined, folder: string | null) {
  if (record === undefined) throw new BatchNotFoundError('A batch needs a definition.');
  return { definition: record.definition, folder };
}

function waiting(model: string, batchId: string, seconds: number, objectKey: string): ClaimOutput {
  const message = `${objectKey} has joined ${batchId}, which is complete when nothing has arrived for ${seconds} s.`;
  return { next: 'wait', model, batchId, seconds, message };
}

/** Says once that a file has no model yet. Nothing is claimed: the model's own event will bring it up. */
async function announceWaiting(
  { object }: Arrival,
  model: string,
  message: string,
  executionArn: string,
): Promise<ClaimOutput> {
  const now = new Date();
  const claim = { capability: 'ingest-waiting', delivery: objectDelivery(object), owner: executionArn };
  const taken = await claims.take(claim, now);
  if (taken.kind === 'already-taken') return { next: 'finish', message: `${message} This was said before.` };
  const { key, versionId } = object;
  const event = domainEvent('data.waiting', { model, causeId: executionArn, message, key, versionId }, now);
  const [recorded = event] = await table.commit([], [event]);
  return { next: 'announce', event: recorded, message };
}

/** A new model: what was dropped before its definition becomes its first batch. */
async function adopt(
  model: string,
  created: boolean,
  eventId: string,
  executionArn: string,
): Promise<ClaimOutput> {
  if (!created) return { next: 'finish', message: `${model} is not new: nothing waits for it.` };
  const claim = await batches.claimOn(eventDeliveryOf(eventId));
  if (claim && claim.owner !== executionArn) {
    return { next: 'finish', message: `${claim.owner} looks for waiting files of ${model} already.` };
  }
  if (claim) return goOn(model, claim.batchId, undefined);
  const record = await models.load(model);
  const by = { model, executionArn, now: new Date() };
  const batchId = await batches.collectForEvent(eventId, newBatch(record, null), by);
  const message = `Files that were dropped before the definition of ${model} become ${batchId}.`;
  return { next: 'collect', model, batchId, message };
}

/** Goes on where a batch stands: one that this execution had taken before, or one that a person names. */
async function goOn(model: string, batchId: string, quietSeconds: number | undefined): Promise<ClaimOutput> {
  const batch = await batches.find(model, batchId);
  const message = `Going on with ${batchId}${batch ? `, which is ${batch.status}` : ''}.`;
  if (batch) return { next: nextStep(batch), model, batchId, message };
  return { next: 'wait', model, batchId, seconds: quietSeconds ?? 1, message };
}

function nextStep({ status }: BatchRecord): 'collect' | 'validate' {
  return status === 'collecting' ? 'collect' : 'validate';
}

async function resume(model: string, batchId: string, executionArn: string): Promise<ClaimOutput> {
  const batch = await batches.find(model, batchId);
  if (batch) return goOn(model, batchId, undefined);
  const [{ definition }, open] = await Promise.all([models.load(model), batches.batches(model)]);
  if (open?.openBatch !== batchId) {
    throw new BatchNotFoundError(
      `${model} has no batch ${batchId}. An execution that failed names its batch in its cause; batches are called like batch-00000012.`,
    );
  }
  await batches.sign(model, batchId, executionArn);
  return goOn(model, batchId, definition.ingestion.quietSeconds);
}
