import { type Encoding, encodingSchema } from '@tidemark/domain/datasets/encoding.schema.ts';
import { inParallel } from '@tidemark/domain/datasets/in-parallel.ts';
import type { Manifest } from '@tidemark/domain/datasets/manifest.schema.ts';
import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { told } from '@tidemark/domain/invocations/outcome.ts';
import { runKeys } from '@tidemark/domain/names.ts';
import { Datasets } from '@tidemark/domain/registry/datasets.client.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import type { ModelRecord, VersionRecord } from '@tidemark/domain/registry/records.schema.ts';
import { requireActive } from '@tidemark/domain/registry/retired-model.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import type * as z from 'zod';
import { championOf, missingForChampion } from './champion.ts';
import { ImageRegistry } from './images.client.ts';
import type { Champion, Preparation } from './preparation.schema.ts';
import { DefinitionChangedError, datasetTooLarge, requireAllowedImage } from './preparation-errors.ts';
import { type Prepared, preparedSchema, prepareInputSchema } from './prepare.schema.ts';
import {
  type FittedData,
  fitData,
  type LocalDataset,
  type PreparedFiles,
  writeHoldoutFeatures,
  writeSplits,
} from './prepare-data.ts';
import type { ResolvedImage } from './resolved-image.ts';
import type { Run } from './run.schema.ts';
import { planRun } from './run-plan.ts';
import { Runs } from './runs.client.ts';
import type { SageMakerSettings } from './sagemaker-settings.ts';
import { memoryEnvironmentSchema, trainingEnvironmentSchema } from './training-environment.schema.ts';

const environment = trainingEnvironmentSchema.extend(memoryEnvironmentSchema.shape).parse(process.env);
const table = new RegistryTable(environment.TABLE_NAME);
const objects = new Objects();
const models = new Models(table);
const datasets = new Datasets(table, objects);
const runs = new Runs(table);
const registry = new ImageRegistry();
const imageLimits = { images: environment.IMAGES, networkIsolation: environment.NETWORK_ISOLATION };
const settings: SageMakerSettings = {
  stage: environment.STAGE,
  tags: environment.TAGS,
  roleArns: {
    jobs: environment.JOBS_ROLE_ARN,
    serving: environment.SERVING_ROLE_ARN,
    serverless: environment.SERVERLESS_ROLE_ARN,
  },
  xgboostImage: environment.XGBOOST_IMAGE,
  artifactsBucket: environment.ARTIFACTS_BUCKET,
  kmsKeyArn: environment.KMS_KEY_ARN,
  vpc:
    environment.SUBNET_IDS.length === 0
      ? null
      : { Subnets: environment.SUBNET_IDS, SecurityGroupIds: environment.SECURITY_GROUP_IDS },
};

/** What is read before any data is. */
interface Facts {
  readonly run: Run;
  readonly model: ModelRecord;
  readonly dataset: Awaited<ReturnType<Datasets['load']>>;
  readonly live: { readonly version: VersionRecord; readonly encoding: Encoding } | null;
}

/** Makes a dataset ready for training and judging, and plans every request of the run. Safe to repeat. */
export const handler = entry({
  capability: 'train',
  name: 'prepare',
  input: prepareInputSchema,
  subject: ({ run }) => ({ model: run.model, runId: run.runId, datasetId: run.datasetId }),
  run: prepareRun,
  told: () => told('done', 'prepared'),
});

async function prepareRun(input: z.infer<typeof prepareInputSchema>): Promise<Prepared> {
  const { run } = input;
  const facts = await load(run);
  requireAllowedImage(facts.model.definition, imageLimits);
  // Before the data is read, which takes minutes.
  const image = await imageFor(facts.model.definition);
  const memory = environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE;
  try {
    return await Database.with(memory, (database) => prepare(database, facts, image));
  } catch (error) {
    throw datasetTooLarge(error, facts.dataset.manifest.rows) ?? error;
  }
}

async function load(run: Run): Promise<Facts> {
  const model = await models.load(run.model);
  requireActive(model);
  if (model.definitionHash !== run.definitionHash) throw new DefinitionChangedError(run.model);
  const [dataset, live] = await Promise.all([
    datasets.load(run.model, run.datasetId),
    model.liveVersion === null ? undefined : runs.version(run.model, model.liveVersion),
  ]);
  if (!live) return { run, model, dataset, live: null };
  const encoding = encodingSchema.parse(JSON.parse(await objects.readText(live.encoding)));
  return { run, model, dataset, live: { version: live, encoding } };
}

/** An image of one's own is known by its digest or not run: what was judged must be what serves. */
function imageFor({ training }: Definition): Promise<ResolvedImage> {
  return training.image === undefined
    ? registry.resolveIfTold(settings.xgboostImage)
    : registry.resolve(training.image);
}

async function prepare(database: Database, facts: Facts, image: ResolvedImage): Promise<Prepared> {
  const { run, model } = facts;
  const { definition } = model;
  const local = await download(database, facts.dataset.manifest);
  const fitted = await fitData(database, definition, local);
  const files = await writeSplits(database, local, fitted.encoding, definition.weight);
  const champion = championOf(facts.live?.version ?? null, facts.live?.encoding ?? null, fitted.encoding);
  const championNotes = await writeChampionFeatures(database, facts, local, champion, files.holdoutRows);
  await upload(run, files);
  const preparation = await record(facts, fitted, champion, championNotes);
  const plan = {
    definition,
    runId: run.runId,
    image,
    classes: fitted.encoding.target.classes.length,
    dataBytes: files.bytes,
  };
  return preparedSchema.parse({ preparation, ...planRun(plan, champion, settings) });
}

/** Small parts wait for S3 longer than they are read; of large ones, eight share the network and hold 64 KB each. */
const partsAtOnce = 8;

async function download(database: Database, { parts, columns }: Manifest): Promise<LocalDataset> {
  const partPaths = await inParallel(parts.entries(), partsAtOnce, async ([index, { object }]) => {
    const path = database.path(`part-${index}.parquet`);
    await objects.download(object, path);
    return path;
  });
  const partKeys = parts.map(({ sources }) => sources.map(({ key }) => key));
  const missingInTexts = [...new Set(parts.flatMap((part) => part.missingInTexts))];
  return { columns, partPaths, partKeys, missingInTexts };
}

/** The hold-out as the live version reads it; says what it misses. */
async function writeChampionFeatures(
  database: Database,
  { run, live }: Facts,
  { columns }: LocalDataset,
  champion: Champion,
  holdoutRows: string,
): Promise<string[]> {
  if (champion.kind !== 'comparable' || live === null) return [];
  const path = database.path('champion-features.csv');
  await writeHoldoutFeatures(database, holdoutRows, columns, live.encoding, path);
  await put(runKeys(run.model, run.runId).holdoutChampionFeatures, path, 'text/csv');
  const missing = missingForChampion(live.encoding, columns);
  return missing.length === 0
    ? []
    : [
        `Version ${champion.version} uses columns that this dataset does not have, which are missing for it: ${missing.join(', ')}.`,
      ];
}

async function upload({ model, runId }: Run, files: PreparedFiles): Promise<void> {
  const keys = runKeys(model, runId);
  await put(keys.train, files.train, 'text/csv');
  await put(keys.validation, files.validation, 'text/csv');
  await put(keys.holdoutFeatures, files.holdoutFeatures, 'text/csv');
  await put(keys.holdoutRows, files.holdoutRows, 'application/vnd.apache.parquet');
}

async function record(
  { run, model, dataset }: Facts,
  { encoding, trainingLabels, rows, notes, findings, unused, unreadTexts }: FittedData,
  champion: Champion,
  championNotes: readonly string[],
): Promise<Prepared['preparation']> {
  const keys = runKeys(run.model, run.runId);
  const { datasetId, rows: allRows, splitRows } = dataset.manifest;
  const preparation: Preparation = {
    schemaVersion: 1,
    model: run.model,
    runId: run.runId,
    definition: model.definition,
    definitionHash: model.definitionHash,
    definitionObject: model.definitionObject,
    dataset: { datasetId, manifest: dataset.record.manifest, rows: allRows, splitRows },
    encoding: await objects.putJson(environment.ARTIFACTS_BUCKET, keys.encoding, encoding),
    classes: encoding.target.classes,
    trainingLabels:
      trainingLabels.kind === 'classes'
        ? { kind: 'classes', rows: [...trainingLabels.rows] }
        : trainingLabels,
    rows,
    champion,
    notes: [...notes, ...championNotes],
    findings: [...findings],
    unused: [...unused],
    unreadTexts: [...unreadTexts],
  };
  return objects.putJson(environment.ARTIFACTS_BUCKET, keys.preparation, preparation);
}

async function put(key: string, path: string, contentType: string): Promise<void> {
  await objects.putFile(environment.ARTIFACTS_BUCKET, key, path, contentType);
}
