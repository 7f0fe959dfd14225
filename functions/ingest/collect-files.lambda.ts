import { type ListedObject, Objects } from '@tidemark/domain/datasets/objects.client.ts';
import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import type { DomainEvent } from '@tidemark/domain/events/domain-event.ts';
import { domainEventSchema } from '@tidemark/domain/events/domain-events.schema.ts';
import { earliestSequencer } from '@tidemark/domain/events/sequencer.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { toldBy } from '@tidemark/domain/invocations/outcome.ts';
import { dataKeys } from '@tidemark/domain/names.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type * as z from 'zod';
import { Arrivals, type Taken } from './arrivals.client.ts';
import type { BatchRecord } from './batch.schema.ts';
import { Batches } from './batches.client.ts';
import type { Arrival } from './claim.ts';
import { filesToCollect } from './collect.ts';
import { waitingFiles } from './waiting-files.ts';
import { type CollectOutput, collectInputSchema } from './workflow.schema.ts';

const environment = environmentSchema.parse(process.env);
const table = new RegistryTable(environment.TABLE_NAME);
const models = new Models(table);
const batches = new Batches(table);
const arrivals = new Arrivals(models, batches);
const objects = new Objects();

const tellNext = toldBy<CollectOutput['next']>({ finish: 'unneeded', wait: 'waiting', validate: 'done' });

/** Lists the files of a folder and puts them into a batch. Safe to repeat. */
export const handler = entry({
  capability: 'ingest',
  name: 'collect-files',
  input: collectInputSchema,
  subject: ({ model, batchId }) => ({ model, batchId }),
  run: collectFiles,
  told: ({ next }) => tellNext(next),
});

async function collectFiles(input: z.infer<typeof collectInputSchema>): Promise<CollectOutput> {
  const { model, batchId, executionArn } = input;
  if (batchId === null) return joinWaiting(model, executionArn);
  const batch = await batches.load(model, batchId);
  if (batch.status === 'collecting') {
    await collect(batch);
    await batches.seal(batch);
  }
  const files = await batches.countArrivals(model, batchId);
  // A new model without files is nothing to report; a marker in an empty folder is.
  if (files === 0 && batch.folder === null) return nothingWaits(model);
  return { next: 'validate', model, batchId, message: `${batchId} has ${files} files.` };
}

/** Makes a batch of what is listed: the marker's folder, or everything that waits. */
async function collect({ model, batchId, folder, definition, closedBy }: BatchRecord): Promise<void> {
  const by = { model, executionArn: closedBy, now: new Date() };
  const files = await listFiles(model, folder, definition);
  if (definition.ingestion.complete === 'marker') return batches.addListed(files, batchId, by);
  // Files that arrive one by one are claimed one by one: their own events may still be on the way.
  for (const file of files) await batches.claimListed(asArrival(file), batchId, by);
}

/** Lets each waiting file arrive, as if its event came now: into the open batch, which may get more. */
async function joinWaiting(model: string, executionArn: string): Promise<CollectOutput> {
  const { definition } = await models.load(model);
  let last: Extract<Taken, { kind: 'in-batch' }> | undefined;
  for (const file of await listFiles(model, null, definition)) {
    const taken = await arrivals.take(asArrival(file), executionArn);
    if (taken.kind === 'in-batch') last = taken;
  }
  if (last === undefined) return nothingWaits(model);
  const { batchId, step } = last;
  const message = `Files that waited for ${model} are in ${batchId}.`;
  // It was closed between an attempt of this function and the next.
  if (step.next !== 'wait') return { next: 'validate', model, batchId, message };
  return { ...step, model, batchId, message };
}

async function listFiles(
  model: string,
  folder: string | null,
  { ingestion }: Definition,
): Promise<ListedObject[]> {
  const listed: ListedObject[] = [];
  const prefix = folder ?? dataKeys.incoming(model);
  for await (const object of objects.list(environment.DATA_BUCKET, prefix)) listed.push(object);
  const wanted = folder === null ? waitingFiles(listed, await eventsOf(model), ingestion) : listed;
  return filesToCollect(wanted, folder, ingestion);
}

/** Everything that was announced for the model, in order: some thousands a year. */
async function eventsOf(model: string): Promise<DomainEvent[]> {
  const events: DomainEvent[] = [];
  const query = table.query(keys.modelPk(model), keys.eventPrefix, domainEventSchema);
  for await (const event of query) events.push(event);
  return events;
}

function asArrival({ size, ...object }: ListedObject): Arrival {
  return { object, size, sequencer: earliestSequencer };
}

function nothingWaits(model: string): CollectOutput {
  return { next: 'finish', message: `No files wait for ${model}.` };
}
