import { type ListedObject, Objects } from '../datasets/objects.client.ts';
import { environmentSchema } from '../environment.schema.ts';
import { dataKeys } from '../names.ts';
import { RegistryTable } from '../registry/table.client.ts';
import type { BatchRecord } from './batch.schema.ts';
import { Batches } from './batches.client.ts';
import { filesToCollect } from './collect.ts';
import { earliestSequencer } from './sequencer.ts';
import { batchInputSchema, type CollectOutput } from './workflow.schema.ts';

const environment = environmentSchema.parse(process.env);
const batches = new Batches(new RegistryTable(environment.TABLE_NAME));
const objects = new Objects();

/** Lists a folder's files as the batch's content, and fixes it. Safe to repeat: a sealed batch stays as it is. */
export async function handler(event: unknown): Promise<CollectOutput> {
  const { model, batchId } = batchInputSchema.parse(event);
  const batch = await batches.load(model, batchId);
  if (batch.status === 'collecting') {
    await collect(batch);
    await batches.seal(batch);
  }
  const files = await batches.countArrivals(model, batchId);
  // A new model without files is nothing to report; a marker in an empty folder is.
  const isNothing = files === 0 && batch.folder === null;
  return {
    next: isNothing ? 'finish' : 'validate',
    files,
    message: isNothing ? `No files wait for ${model}.` : `${batchId} has ${files} files.`,
  };
}

async function collect({ model, batchId, folder, definition, closedBy }: BatchRecord): Promise<void> {
  const by = { model, executionArn: closedBy, now: new Date() };
  const listed: ListedObject[] = [];
  const prefix = folder ?? dataKeys.incoming(model);
  for await (const object of objects.list(environment.DATA_BUCKET, prefix)) listed.push(object);
  const files = filesToCollect(listed, folder, definition.ingestion);
  if (definition.ingestion.complete === 'marker') return batches.addListed(files, batchId, by);
  // Files that arrive one by one are claimed one by one: their own events may still be on the way.
  for (const { size, ...object } of files) {
    await batches.claimListed({ object, size, sequencer: earliestSequencer }, batchId, by);
  }
}
