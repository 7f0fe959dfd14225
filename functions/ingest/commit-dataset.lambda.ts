import type { Manifest, ObjectPin, Part } from '@tidemark/domain/datasets/manifest.schema.ts';
import { contestedKeys, type NewestVersions } from '@tidemark/domain/datasets/merge-parts.ts';
import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { InvariantError, unreachable } from '@tidemark/domain/errors.ts';
import {
  type DomainEvent,
  domainEvent,
  eventIdOf,
  sentenceOf,
} from '@tidemark/domain/events/domain-event.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import type { InvocationSubject } from '@tidemark/domain/invocations/invocation-line.schema.ts';
import { toldBy } from '@tidemark/domain/invocations/outcome.ts';
import { dataKeys } from '@tidemark/domain/names.ts';
import { type Dataset, Datasets } from '@tidemark/domain/registry/datasets.client.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import type { DatasetRecord } from '@tidemark/domain/registry/records.schema.ts';
import { RegistryTable, type Write } from '@tidemark/domain/registry/table.client.ts';
import type * as z from 'zod';
import type { BatchRecord } from './batch.schema.ts';
import { Batches } from './batches.client.ts';
import { announcedWarningsOf, committedMessage, decideCommit, partsToMerge } from './commit.ts';
import { type Validation, validationSchema } from './validation.schema.ts';
import { actInputSchema, type CommitOutput } from './workflow.schema.ts';

const environment = environmentSchema.parse(process.env);
const table = new RegistryTable(environment.TABLE_NAME);
const objects = new Objects();
const models = new Models(table);
const datasets = new Datasets(table, objects);
const batches = new Batches(table);

const tellCommit = toldBy<CommitOutput['outcome']>({
  committed: 'done',
  unchanged: 'unneeded',
  superseded: 'unneeded',
  outdated: 'waiting',
});

/** Makes the accepted files of a batch the model's dataset. Safe to repeat: a settled batch says how it was settled. */
export const handler = entry({
  capability: 'ingest',
  name: 'commit-dataset',
  input: actInputSchema,
  subject: ({ model, batchId }) => ({ model, batchId }),
  run: commitDataset,
  told: (output) =>
    tellCommit(output.outcome, {
      message: sentenceOf('event' in output ? [output.event] : []),
      subject: committedOf(output),
    }),
});

async function commitDataset(input: z.infer<typeof actInputSchema>): Promise<CommitOutput> {
  const { model, batchId, validationVersionId } = input;
  const batch = await batches.load(model, batchId);
  if (batch.status !== 'closed') return settledBefore(batch);

  const pin = {
    bucket: environment.DATA_BUCKET,
    key: dataKeys.validation(model, batchId),
    versionId: validationVersionId,
  };
  const validation = validationSchema.parse(JSON.parse(await objects.readText(pin)));
  const { latestDatasetId } = await models.load(model);
  if (latestDatasetId !== validation.judgedAgainst) {
    return {
      outcome: 'outdated',
      message: `${model} has the dataset ${latestDatasetId} since ${batchId} was judged.`,
    };
  }
  return settle(batch, validation, pin);
}

function committedOf(output: CommitOutput): InvocationSubject {
  if (!('event' in output) || output.event.type !== 'dataset.committed') return {};
  const { datasetId, rows } = output.event.detail;
  return { datasetId, items: rows };
}

async function settle(batch: BatchRecord, validation: Validation, pin: ObjectPin): Promise<CommitOutput> {
  const { model, judgedAgainst } = validation;
  const { mode } = batch.definition.ingestion;
  const dataset = judgedAgainst === null ? undefined : await datasets.load(model, judgedAgainst);
  const previous = dataset?.manifest;
  const newest = await newestVersions(partsToMerge({ mode, validation, previous }));
  const now = new Date();
  const decision = decideCommit({ mode, validation, previous, newest, now });
  switch (decision.kind) {
    case 'superseded':
      await table.transact([batches.settledWrite(batch, 'superseded', pin, null)]);
      return supersededOutput(batch, decision.by);
    case 'unchanged': {
      const writes = decision.manifest ? await datasetWrites(decision.manifest, dataset) : [];
      const settled = batches.settledWrite(batch, 'unchanged', pin, decision.datasetId);
      await table.transact([...writes, settled]);
      return unchangedOutput(batch, decision.datasetId);
    }
    case 'new': {
      const { manifest } = decision;
      const writes = await datasetWrites(manifest, dataset);
      const settled = batches.settledWrite(batch, 'committed', pin, manifest.datasetId);
      const event = committedEvent(batch, manifest, validation, pin, now);
      const [recorded = event] = await table.commit([...writes, settled], [event]);
      return { outcome: 'committed', event: recorded, message: recorded.detail.message };
    }
    default:
      return unreachable(decision);
  }
}

/** S3 knows which of several versions of a key is the newest. One that it has no longer is older than one that it has. */
async function newestVersions(parts: readonly Part[]): Promise<NewestVersions> {
  const newest = new Map<string, string>();
  for (const [key, versions] of contestedKeys(parts)) {
    const inOrder = await objects.versionsNewestFirst(environment.DATA_BUCKET, key);
    const found = inOrder.find((versionId) => versions.includes(versionId)) ?? versions.at(-1);
    if (found !== undefined) newest.set(key, found);
  }
  return newest;
}

/** Writes the manifest; gives what makes it the model's dataset if the dataset is still the one that it was made from. */
async function datasetWrites(manifest: Manifest, previous: Dataset | undefined): Promise<Write[]> {
  const { model, datasetId, rows, createdAt } = manifest;
  const known = datasetId === previous?.record.datasetId ? previous : await datasets.find(model, datasetId);
  const key = dataKeys.manifest(model, datasetId);
  const object = await objects.putJson(environment.DATA_BUCKET, key, manifest);
  const record: DatasetRecord = { model, datasetId, manifest: object, rows, createdAt };
  const latest: Write = {
    Update: {
      Key: keys.meta(model),
      UpdateExpression: 'SET latestDatasetId = :dataset',
      ConditionExpression: 'latestDatasetId = :previous',
      ExpressionAttributeValues: {
        ':dataset': datasetId,
        ':previous': previous?.record.datasetId ?? null,
      },
    },
  };
  const put: Write = {
    Put: { Item: { ...keys.dataset(model, datasetId), ...record }, ...unchangedSince(known) },
  };
  if (previous === undefined || previous === known) return [latest, put];
  // The same dataset may have got more sources meanwhile, under the same name.
  const check: Write = {
    ConditionCheck: { Key: keys.dataset(model, previous.record.datasetId), ...unchangedSince(previous) },
  };
  return [latest, put, check];
}

/** The condition that the registry's item is as it was read, or still not there. */
function unchangedSince(known: Dataset | undefined) {
  if (known === undefined) return { ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    ConditionExpression: 'manifest.versionId = :known',
    ExpressionAttributeValues: { ':known': known.record.manifest.versionId },
  };
}

function committedEvent(
  { model, batchId, closedBy }: BatchRecord,
  manifest: Manifest,
  validation: Validation,
  pin: ObjectPin,
  now: Date,
): DomainEvent<'dataset.committed'> {
  const { datasetId, rows } = manifest;
  const message = committedMessage(manifest, validation);
  const announced = announcedWarningsOf(validation);
  const warnings = announced.length === 0 ? {} : { warnings: announced, validation: pin };
  return domainEvent(
    'dataset.committed',
    { model, causeId: closedBy, message, datasetId, rows, batchId, ...warnings },
    now,
  );
}

async function settledBefore(batch: BatchRecord): Promise<CommitOutput> {
  const { model, batchId, status, datasetId, closedBy } = batch;
  if (status === 'unchanged') return unchangedOutput(batch, datasetId ?? '');
  if (status === 'superseded') return supersededOutput(batch, 'one with a higher number');
  const event = await table.recordedEvent(model, eventIdOf('dataset.committed', model, closedBy));
  if (status === 'committed' && event) {
    return { outcome: 'committed', event, message: event.detail.message };
  }
  throw new InvariantError(`${batchId} of ${model} is ${status} and cannot be committed.`);
}

function unchangedOutput({ model, batchId }: BatchRecord, datasetId: string): CommitOutput {
  return {
    outcome: 'unchanged',
    message: `${model} keeps its dataset ${datasetId}: ${batchId} has no rows that it did not have.`,
  };
}

function supersededOutput({ model, batchId }: BatchRecord, by: string): CommitOutput {
  return {
    outcome: 'superseded',
    message: `${batchId} of ${model} came too late: ${by} has replaced the dataset before.`,
  };
}
