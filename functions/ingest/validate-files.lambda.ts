import type { Context } from 'aws-lambda';
import { z } from 'zod';
import { Datasets } from '../datasets/datasets.client.ts';
import { Database } from '../datasets/duckdb.client.ts';
import { inOrder } from '../datasets/in-order.ts';
import { ObjectGoneError, Objects } from '../datasets/objects.client.ts';
import type { Definition } from '../definition/definition.schema.ts';
import { environmentSchema } from '../environment.schema.ts';
import { dataKeys } from '../names.ts';
import { Models } from '../registry/models.client.ts';
import { RegistryTable } from '../registry/table.client.ts';
import { say } from '../sentence.ts';
import type { ArrivalRecord } from './batch.schema.ts';
import { Batches } from './batches.client.ts';
import type { FileResult } from './file-result.schema.ts';
import { FileResults } from './file-results.client.ts';
import { maximumFileBytes, maximumFileProblems } from './limits.ts';
import { firstProblems, problem, UnacceptableFileError } from './problem.ts';
import type { ReferenceSchema } from './schema-rules.ts';
import { type AcceptedBefore, SchemaSoFar } from './schema-so-far.ts';
import { tooLarge } from './text-file.ts';
import { validateFile } from './validate-file.ts';
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
 * half of its time is left for a file that takes long; invoked again, it goes on after the last result.
 */
export async function handler(
  event: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<ValidateOutput> {
  const { model, batchId } = batchInputSchema.parse(event);
  const { definition } = await batches.load(model, batchId);
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
    const result = await validate(arrival, model, definition, schema.reference);
    await results.put(model, batchId, result);
    validated += 1;
    if (result.finding.kind === 'acceptable') schema.add(key, result.finding.columns);
  }
  return { validated, remaining: (await batches.countArrivals(model, batchId)) - seen };
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

async function validate(
  { object, size }: ArrivalRecord,
  model: string,
  definition: Definition,
  reference: ReferenceSchema | undefined,
): Promise<FileResult> {
  const result = { schemaVersion: 1, object, size } as const;
  try {
    return { ...result, finding: await accept({ object, size }, model, definition, reference) };
  } catch (error) {
    return {
      ...result,
      finding: { kind: 'unacceptable', problems: firstProblems(problemsOf(error), maximumFileProblems) },
    };
  }
}

/** Brings the file to scratch disk, validates it, and keeps its part under the name of its content. */
function accept(
  { object, size }: Pick<ArrivalRecord, 'object' | 'size'>,
  model: string,
  definition: Definition,
  reference: ReferenceSchema | undefined,
): Promise<FileResult['finding']> {
  if (size > maximumFileBytes) throw tooLarge();
  return Database.with(environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE, async (database) => {
    const path = database.path('original');
    await objects.download(object, path);
    const { part: written, ...file } = await validateFile(database, path, definition, reference);
    const { partHash, rows, splitRows, rowHashSums } = written;
    const partKey = dataKeys.part(model, partHash);
    const stored = await objects.putFileIfAbsent(environment.DATA_BUCKET, partKey, written.path);
    const part = { partHash, object: stored, rows, splitRows, rowHashSums, sources: [object] };
    return { kind: 'acceptable', ...file, part };
  });
}

/** What is wrong with the file, if that is what failed; whatever else failed is not the file's fault. */
function problemsOf(error: unknown): UnacceptableFileError['problems'] {
  if (error instanceof UnacceptableFileError) return error.problems;
  if (!(error instanceof ObjectGoneError)) throw error;
  return [
    problem(
      'object-gone',
      say`The file was deleted for good before it could be read.`,
      say`There is nothing left to read; deleting without naming a version would have kept it.`,
      say`Drop the file again.`,
    ),
  ];
}
