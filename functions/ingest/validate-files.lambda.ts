import { inOrder } from '@tidemark/domain/datasets/in-order.ts';
import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import { ObjectGoneError, Objects } from '@tidemark/domain/datasets/objects.client.ts';
import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { entry, type InvocationContext } from '@tidemark/domain/invocations/entry.client.ts';
import { writeLine } from '@tidemark/domain/invocations/log.client.ts';
import { told } from '@tidemark/domain/invocations/outcome.ts';
import { dataKeys } from '@tidemark/domain/names.ts';
import { Datasets } from '@tidemark/domain/registry/datasets.client.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { say } from '@tidemark/statistics/sentence.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import * as z from 'zod';
import type { ArrivalRecord } from './batch.schema.ts';
import { Batches } from './batches.client.ts';
import { firstFindings, type UnacceptableFileError, unacceptable } from './data-finding.ts';
import { endedProcess, type FileFailure, fileFailureOf } from './file-failure.ts';
import type { FileResult } from './file-result.schema.ts';
import { FileResults } from './file-results.client.ts';
import { unforeseenLine } from './ingest-gauges.ts';
import { maximumFileBytes, maximumFileFindings, maximumOpenings } from './ingest-limits.ts';
import type { ReferenceSchema } from './schema-rules.ts';
import { type AcceptedBefore, SchemaSoFar } from './schema-so-far.ts';
import { tooLarge } from './text-file.ts';
import { type ValidatedFile, validateFile } from './validate-file.ts';
import { batchInputSchema, type ValidateOutput } from './workflow.schema.ts';

const environment = environmentSchema
  .extend({ AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z.coerce.number().int().positive() })
  .parse(process.env);
const table = new RegistryTable(environment.TABLE_NAME);
const objects = new Objects();
const models = new Models(table);
const datasets = new Datasets(table, objects);
const batches = new Batches(table);
const results = new FileResults(objects, environment.DATA_BUCKET);

/**
 * Results of earlier slices that are read at once: at some 50 ms each, 300 a second, so that in a slice of 7 minutes there is time for
 * more than the 10,000 files that a dataset can have.
 */
const resultsAtOnce = 16;

/**
 * Validates the batch's files one after the other, in the order of their keys, and keeps a result for each. Stops while more than
 * half of its time is left for a file that takes long; invoked again, it continues after the last result.
 */
export const handler = entry({
  capability: 'ingest',
  name: 'validate-files',
  input: batchInputSchema,
  subject: ({ model, batchId }) => ({ model, batchId }),
  run: validateFiles,
  told: ({ validated, remaining }) => {
    const subject = { items: validated };
    return remaining > 0 ? told('waiting', 'some', { subject }) : told('done', 'all', { subject });
  },
});

async function validateFiles(
  input: z.infer<typeof batchInputSchema>,
  context: InvocationContext,
): Promise<ValidateOutput> {
  const { model, batchId } = input;
  const { definition } = await batches.load(model, batchId);
  const facts = { model, batchId, definition };
  const opened = await results.opened(model, batchId);
  const schema = new SchemaSoFar(definition, await acceptedBefore(model));
  const deadline = context.getRemainingTimeInMillis() / 2;
  let [seen, validated] = [0, 0];
  const look = async (arrival: ArrivalRecord) => ({
    arrival,
    columns: await results.columns(model, batchId, arrival.object.key),
  });
  for await (const { arrival, columns } of inOrder(
    batches.arrivals(model, batchId),
    () => resultsAtOnce,
    look,
  )) {
    const { key } = arrival.object;
    if (columns === undefined && context.getRemainingTimeInMillis() < deadline && validated > 0) break;
    seen += 1;
    if (columns) schema.add(key, columns);
    if (columns !== undefined) continue;
    const openings = isSame(opened?.object, arrival.object) ? (opened?.times ?? 0) : 0;
    const result = await validate(arrival, facts, schema.reference, openings);
    await results.put(model, batchId, result);
    validated += 1;
    if (result.finding.kind === 'acceptable') schema.add(key, result.finding.columns);
  }
  return { validated, remaining: (await batches.countArrivals(model, batchId)) - seen };
}

function isSame(a: ObjectPin | undefined, b: ObjectPin): boolean {
  return a?.key === b.key && a.versionId === b.versionId;
}

async function acceptedBefore(model: string): Promise<AcceptedBefore | undefined> {
  const { latestDatasetId } = await models.load(model);
  if (latestDatasetId === null) return undefined;
  const { manifest } = await datasets.load(model, latestDatasetId);
  return {
    datasetId: latestDatasetId,
    columns: manifest.columns,
    targetValues: [],
    parts: manifest.parts.length,
  };
}

/** What every file of an invocation is validated with. */
interface BatchFacts {
  readonly model: string;
  readonly batchId: string;
  readonly definition: Definition;
}

/** @param openings how often the file was opened before without a result */
async function validate(
  { object, size }: ArrivalRecord,
  facts: BatchFacts,
  reference: ReferenceSchema | undefined,
  openings: number,
): Promise<FileResult> {
  const result = { schemaVersion: 1, object, size } as const;
  const found = await findingOf({ object, size }, facts, reference, openings);
  if (!('unforeseen' in found)) return { ...result, finding: found };
  if (found.unforeseen !== null) tellOperators(facts, object.key, found.unforeseen);
  return {
    ...result,
    finding: { kind: 'unacceptable', problems: firstFindings(found.problems, maximumFileFindings) },
  };
}

/**
 * Brings the file to scratch disk, validates it, and keeps its part under the name of its content. What goes wrong with the file is
 * its finding; what goes wrong with S3 or the disk is thrown. That the file is being opened is written down first: if the process ends
 * meanwhile, nothing else would tell which file it was.
 */
async function findingOf(
  { object, size }: Pick<ArrivalRecord, 'object' | 'size'>,
  { model, batchId, definition }: BatchFacts,
  reference: ReferenceSchema | undefined,
  openings: number,
): Promise<FileResult['finding'] | FileFailure> {
  if (size > maximumFileBytes) return foreseen(tooLarge());
  if (openings >= maximumOpenings) return endedProcess(openings);
  const memory = environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE;
  try {
    return await Database.with(memory, async (database) => {
      const path = database.path('original');
      const opened = results.putOpened(model, batchId, { object, times: openings + 1 });
      const [isThere] = await Promise.all([downloaded(object, path), opened]);
      if (!isThere) return foreseen(gone());
      const validated = await validateOrFail(database, path, definition, reference);
      if ('unforeseen' in validated) return validated;
      const { part: written, ...file } = validated;
      const { path: writtenPath, columns: _, ...content } = written;
      const partKey = dataKeys.part(model, content.partHash);
      const stored = await objects.putFileIfAbsent(environment.DATA_BUCKET, partKey, writtenPath);
      const part = { ...content, object: stored, sources: [object] };
      return { kind: 'acceptable', ...file, part };
    });
  } catch (error) {
    // It is not the file that failed, so this attempt does not count against it.
    await results.putOpened(model, batchId, { object, times: openings }).catch(() => undefined);
    throw error;
  }
}

async function validateOrFail(
  database: Database,
  path: string,
  definition: Definition,
  reference: ReferenceSchema | undefined,
): Promise<ValidatedFile | FileFailure> {
  try {
    return await validateFile(database, path, definition, reference);
  } catch (error) {
    const failure = fileFailureOf(error);
    if (failure === undefined) throw error;
    return failure;
  }
}

function foreseen({ problems }: UnacceptableFileError): FileFailure {
  return { problems, unforeseen: null };
}

/** @returns whether the file is still there */
async function downloaded(object: ArrivalRecord['object'], path: string): Promise<boolean> {
  try {
    await objects.download(object, path);
    return true;
  } catch (error) {
    if (error instanceof ObjectGoneError) return false;
    throw error;
  }
}

function gone(): UnacceptableFileError {
  return unacceptable(
    'object-gone',
    say`The file was deleted for good before it could be read.`,
    say`There is nothing left to read; deleting without naming a version would have kept it.`,
    say`Drop the file again.`,
  );
}

function tellOperators({ model, batchId }: BatchFacts, key: string, kind: string): void {
  writeLine(unforeseenLine({ stage: environment.STAGE, model, batchId, key, kind }, new Date()));
}
