import { inOrder } from '@tidemark/domain/datasets/in-order.ts';
import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { InvariantError } from '@tidemark/domain/errors.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { told } from '@tidemark/domain/invocations/outcome.ts';
import { dataKeys } from '@tidemark/domain/names.ts';
import { Datasets } from '@tidemark/domain/registry/datasets.client.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type * as z from 'zod';
import type { ArrivalRecord } from './batch.schema.ts';
import { BatchAcceptance } from './batch-acceptance.ts';
import { Batches } from './batches.client.ts';
import type { FileResult } from './file-result.schema.ts';
import { FileResults } from './file-results.client.ts';
import { columnsAtOnce } from './ingest-limits.ts';
import type { AcceptedBefore } from './schema-so-far.ts';
import { type Validation, validationSchema } from './validation.schema.ts';
import { rejectedFiles } from './validation-report.ts';
import { batchInputSchema, type JudgeOutput } from './workflow.schema.ts';

const environment = environmentSchema.parse(process.env);
const table = new RegistryTable(environment.TABLE_NAME);
const objects = new Objects();
const models = new Models(table);
const datasets = new Datasets(table, objects);
const batches = new Batches(table);
const results = new FileResults(objects, environment.DATA_BUCKET);

/** At some 50 ms a read, 32 at once are 600 files a second, more than can be parsed meanwhile: for files with few columns. */
const maximumResultsAtOnce = 32;

/** What is read of the validation of the dataset before. */
const acceptedTargetSchema = validationSchema.pick({ targetValues: true });

/** Judges a validated batch against the newest dataset. A batch that was acted on keeps the judgement that was acted on. */
export const handler = entry({
  capability: 'ingest',
  name: 'judge-batch',
  input: batchInputSchema,
  subject: ({ model, batchId }) => ({ model, batchId }),
  run: judgeBatch,
  told: ({ accepted, rejected }) => told('done', 'judged', { subject: { items: accepted + rejected } }),
});

async function judgeBatch(input: z.infer<typeof batchInputSchema>): Promise<JudgeOutput> {
  const { model, batchId } = input;
  const batch = await batches.load(model, batchId);
  if (batch.validation !== null) return outputOf(batch.validation, await readValidation(batch.validation));
  const judgement = new BatchAcceptance({
    model,
    batchId,
    definition: batch.definition,
    accepted: await acceptedBefore(model),
  });
  for await (const result of allResults(model, batchId)) judgement.add(result);
  const validation = judgement.validation();
  const key = dataKeys.validation(model, batchId);
  return outputOf(await objects.putJson(environment.DATA_BUCKET, key, validation), validation);
}

function outputOf({ versionId }: ObjectPin, validation: Validation): JudgeOutput {
  const rejected = rejectedFiles(validation).length;
  return {
    validationVersionId: versionId,
    accepted: validation.files.length - rejected,
    rejected,
  };
}

async function acceptedBefore(model: string): Promise<AcceptedBefore | undefined> {
  const { latestDatasetId: datasetId } = await models.load(model);
  if (datasetId === null) return undefined;
  const { manifest } = await datasets.load(model, datasetId);
  const text = await objects.readCurrent(environment.DATA_BUCKET, manifest.profileKey);
  // Nothing else of it is needed: another release may have written it, with a profile of its own.
  const targetValues = text === undefined ? [] : acceptedTargetSchema.parse(JSON.parse(text)).targetValues;
  return {
    datasetId,
    columns: manifest.columns,
    targetValues: targetValues.map(({ value }) => value),
    parts: manifest.parts.length,
  };
}

/** In the order of the files' keys. The first is read alone, as it tells how large the others are. */
async function* allResults(model: string, batchId: string): AsyncGenerator<FileResult> {
  let atOnce = 1;
  const read = async ({ object }: ArrivalRecord) => {
    const result = await results.find(model, batchId, object.key);
    if (result === undefined) throw new InvariantError(`${object.key} of ${batchId} was not validated.`);
    return result;
  };
  for await (const result of inOrder(batches.arrivals(model, batchId), () => atOnce, read)) {
    if (result.finding.kind === 'acceptable') atOnce = resultsAtOnce(result.finding.columns.length);
    yield result;
  }
}

/** As many results as have so many columns together. */
function resultsAtOnce(columns: number): number {
  return Math.min(maximumResultsAtOnce, Math.max(1, Math.floor(columnsAtOnce / columns)));
}

async function readValidation(pin: ObjectPin): Promise<Validation> {
  return validationSchema.parse(JSON.parse(await objects.readText(pin)));
}
