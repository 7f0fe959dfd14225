import { encodingSchema } from '@tidemark/domain/datasets/encoding.schema.ts';
import { type ObjectPin, objectPinSchema } from '@tidemark/domain/datasets/manifest.schema.ts';
import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { type Smoke, smokeSchema } from '@tidemark/domain/datasets/smoke.schema.ts';
import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { told } from '@tidemark/domain/invocations/outcome.ts';
import { runKeys } from '@tidemark/domain/names.ts';
import { type Baseline, baselineSchema } from '@tidemark/domain/windows/baseline.schema.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import * as z from 'zod';
import { type BaselineSources, makeBaseline } from './baseline.ts';
import { type Evaluation, evaluationSchema } from './evaluation.schema.ts';
import { evaluateHoldout } from './evaluation.ts';
import { readHoldout, readScores, readTimes, UnusableScoresError } from './holdout.ts';
import { type Preparation, preparationSchema } from './preparation.schema.ts';
import { type Run, runSchema } from './run.schema.ts';
import { predictionsOf, reorderClasses, scoresPerRow } from './scored-predictions.ts';
import { chooseSmokeRows, markMissing, readSmokeRows } from './smoke-rows.ts';
import { memoryEnvironmentSchema } from './training-environment.schema.ts';
import { featuresKey, type Side, scoresKey } from './transform-job.ts';

const inputSchema = z.object({ run: runSchema, preparation: objectPinSchema });
const outputSchema = z.object({
  evaluation: objectPinSchema,
  smoke: objectPinSchema,
  /** `null` when the hold-out does not allow the metric that quality is told by. */
  baseline: objectPinSchema.nullable(),
  headline: z.string(),
});

const environment = environmentSchema.extend(memoryEnvironmentSchema.shape).parse(process.env);
const objects = new Objects();
const bucket = environment.ARTIFACTS_BUCKET;

/** Measures and judges a model by its scores of the hold-out, and keeps rows for the proof that it serves, and the baseline for monitoring. Safe to repeat. */
export const handler = entry({
  capability: 'train',
  name: 'evaluate',
  input: inputSchema,
  subject: ({ run }) => ({ model: run.model, runId: run.runId, datasetId: run.datasetId }),
  run: evaluateModel,
  told: () => told('done', 'evaluated'),
});

async function evaluateModel(input: z.infer<typeof inputSchema>): Promise<z.infer<typeof outputSchema>> {
  const { run, preparation: pin } = input;
  const preparation = preparationSchema.parse(JSON.parse(await objects.readText(pin)));
  const keys = runKeys(run.model, run.runId);
  return Database.with(environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE, async (database) => {
    const { evaluation, smoke, baseline } = await evaluateRun(database, run, preparation);
    return {
      evaluation: await objects.putJson(bucket, keys.evaluation, evaluationSchema.parse(evaluation)),
      smoke: await objects.putJson(bucket, keys.smoke, smokeSchema.parse(smoke)),
      baseline:
        baseline === undefined
          ? null
          : await objects.putJson(bucket, keys.baseline, baselineSchema.parse(baseline)),
      headline: evaluation.headline,
    };
  });
}

async function evaluateRun(
  database: Database,
  run: Run,
  preparation: Preparation,
): Promise<{ evaluation: Evaluation; smoke: Smoke; baseline: Baseline | undefined }> {
  const { definition, classes } = preparation;
  const { problem } = definition;
  const holdoutPath = await fetch(database, runKeys(run.model, run.runId).holdoutRows);
  const { labels, segments } = await readHoldout(database, holdoutPath, definition.segments);
  const width = scoresPerRow(problem, classes.length);
  const scores = await sideScores(database, run, 'challenger', labels.length, width);
  const challenger = predictionsOf(problem, labels, scores, classes.length);
  const champion = await championScores(database, run, preparation, labels.length);
  const evaluation = evaluateHoldout(preparation, {
    challenger,
    champion: champion && predictionsOf(problem, labels, champion, classes.length),
    segments,
  });
  const holdoutFeatures = await fetch(database, featuresKey('challenger', run.model, run.runId));
  const times =
    definition.time === undefined ? null : await readTimes(database, holdoutPath, definition.time);
  const judged = { preparation, evaluation, predictions: challenger, scores, width, segments, times };
  return {
    evaluation,
    smoke: await smokeOf(run, holdoutFeatures, scores, width),
    baseline: await baselineOf(database, run, { ...judged, holdoutPath: holdoutFeatures }),
  };
}

async function baselineOf(
  database: Database,
  { model, runId }: Run,
  judged: Omit<BaselineSources, 'encoding' | 'trainPath'>,
): Promise<Baseline | undefined> {
  const encoding = encodingSchema.parse(JSON.parse(await objects.readText(judged.preparation.encoding)));
  const trainPath = await fetch(database, runKeys(model, runId).train);
  return makeBaseline({ ...judged, encoding, trainPath });
}

async function championScores(
  database: Database,
  run: Run,
  { definition: { problem }, champion, classes }: Preparation,
  rows: number,
): Promise<Float64Array | null> {
  if (champion.kind !== 'comparable') return null;
  const width = scoresPerRow(problem, champion.classes.length);
  const scores = await sideScores(database, run, 'champion', rows, width);
  return problem === 'multiclass' ? reorderClasses(scores, champion.classes, classes) : scores;
}

async function sideScores(
  database: Database,
  { model, runId }: Run,
  side: Side,
  rows: number,
  width: number,
): Promise<Float64Array> {
  const key = scoresKey(side, model, runId);
  return readScores(await download(database, key, await objects.soleVersion(bucket, key)), rows, width);
}

/** Rows spread over the first score of each: the probability of yes or of the first class, or the number itself. */
async function smokeOf(
  { model, runId }: Run,
  features: string,
  scores: Float64Array,
  width: number,
): Promise<Smoke> {
  const rows = scores.length / width;
  const firstScores = scores.filter((_, index) => index % width === 0);
  const chosen = chooseSmokeRows(firstScores, await markMissing(features, rows));
  return { schemaVersion: 1, model, runId, rows: await readSmokeRows(features, chosen, scores, width) };
}

/** Downloads a file of the run to scratch disk. */
async function fetch(database: Database, key: string): Promise<string> {
  const versionId = await objects.currentVersion(bucket, key);
  return download(database, key, versionId === undefined ? undefined : { bucket, key, versionId });
}

async function download(database: Database, key: string, object: ObjectPin | undefined): Promise<string> {
  if (object === undefined) {
    throw new UnusableScoresError(`There is no object ${key}: the job that should have written it did not.`);
  }
  const path = database.path(key.replaceAll('/', '_'));
  await objects.download(object, path);
  return path;
}
