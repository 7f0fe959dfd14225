import { encodingSchema } from '@tidemark/domain/datasets/encoding.schema.ts';
import type { Manifest } from '@tidemark/domain/datasets/manifest.schema.ts';
import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { vocabularyOf } from '@tidemark/domain/definition/column-vocabulary.ts';
import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { InvariantError } from '@tidemark/domain/errors.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { told } from '@tidemark/domain/invocations/outcome.ts';
import { retrainingKeys, runKeys } from '@tidemark/domain/names.ts';
import { Datasets } from '@tidemark/domain/registry/datasets.client.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import type { VersionRecord } from '@tidemark/domain/registry/records.schema.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import * as z from 'zod';
import { type Feedback, FeedbackExport, type FeedbackPlan } from './feedback-export.client.ts';
import type { FeedbackColumn } from './feedback-row.ts';
import { FeedbackSources } from './feedback-sources.client.ts';
import { Retrainings } from './retrainings.client.ts';
import { areRowsUsed, lookBackFrom } from './used-rows.ts';
import { type ExportedRows, exportRowsInputSchema, type RetrainingRef } from './workflow.schema.ts';

const environment = environmentSchema
  .extend({ AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z.coerce.number().int().positive() })
  .parse(process.env);
const table = new RegistryTable(environment.TABLE_NAME);
const objects = new Objects();
const models = new Models(table);
const datasets = new Datasets(table, objects);
const retrainings = new Retrainings(table);
const sources = new FeedbackSources(objects, {
  data: environment.DATA_BUCKET,
  artifacts: environment.ARTIFACTS_BUCKET,
});

/**
 * Joins what was captured for a model with the labels that have come, as rows of its data, each prediction once and none that a
 * retraining has used. They are kept apart: it is decided afterwards whether they are enough. Safe to repeat.
 */
export const handler = entry({
  capability: 'retrain',
  name: 'export-rows',
  input: exportRowsInputSchema,
  subject: ({ retraining }) => retraining,
  run: exportRows,
  told: ({ rows }) => told('done', 'exported', { subject: { items: rows } }),
});

async function exportRows(input: z.infer<typeof exportRowsInputSchema>): Promise<ExportedRows> {
  const { retraining } = input;
  const planned = await planFeedback(retraining.model);
  if (planned.kind === 'nothing-live') {
    const { note, latestRetraining } = planned;
    return { rows: 0, files: null, labels: null, notes: [note], latestRetraining };
  }
  const { plan, latestRetraining } = planned;
  return Database.with(environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE, async (database) => {
    const feedback = await new FeedbackExport(database, plan, { sources, objects }).run();
    return { ...(await keep(retraining, feedback)), latestRetraining };
  });
}

type Planned = Pick<ExportedRows, 'latestRetraining'> &
  (
    | { readonly kind: 'rows'; readonly plan: FeedbackPlan }
    /** The model was retired, or a deployment failed, since a retraining was allowed: that is decided again. */
    | { readonly kind: 'nothing-live'; readonly note: string }
  );

async function planFeedback(model: string): Promise<Planned> {
  // Before the retrainings are listed, so that one that begins in between is noticed.
  const { definition, liveVersion, latestDatasetId, latestRetraining = null } = await models.load(model);
  const [versions, begun] = await Promise.all([retrainings.versions(model), retrainings.list(model)]);
  if (liveVersion === null) {
    return { kind: 'nothing-live', note: `No version of ${model} is live any more.`, latestRetraining };
  }
  const live = versions.find(({ version }) => version === liveVersion);
  if (!live || latestDatasetId === null) {
    throw new InvariantError(`${model} has no version ${liveVersion} or no dataset, though it is live.`);
  }
  const [{ manifest }, encoding] = await Promise.all([
    datasets.load(model, latestDatasetId),
    objects.readText(live.encoding),
  ]);
  const plan: FeedbackPlan = {
    model,
    encoding: encodingSchema.parse(JSON.parse(encoding)),
    columns: feedbackColumns(manifest, definition),
    time: definition.time,
    since: lookBackFrom(live),
    used: begun
      .filter((record) => areRowsUsed(record, manifest))
      .flatMap(({ inferenceIds }) => inferenceIds ?? []),
    trainedRows: await trainedRows(manifest, live, definition),
    maximumLabelFileShare: definition.retraining.maximumLabelFileShare,
  };
  return { kind: 'rows', plan, latestRetraining };
}

/** Of `preparation.json` what is asked here. */
const preparedRowsSchema = z.object({
  rows: z.object({ train: z.int(), validation: z.int(), holdout: z.int() }),
});

/**
 * Rows that a training of the dataset as it stands would use. Of a window of days: what the live version was made of, and all that has
 * come since, because counting them again would mean reading the data.
 */
async function trainedRows({ rows }: Manifest, live: VersionRecord, definition: Definition): Promise<number> {
  if (definition.retraining.data === 'append') return rows;
  const { preparation } = runKeys(live.model, live.runId);
  const text = await objects.readCurrent(environment.ARTIFACTS_BUCKET, preparation);
  if (text === undefined)
    throw new InvariantError(`Version ${live.version} of ${live.model} has no ${preparation}.`);
  const { train, validation, holdout } = preparedRowsSchema.parse(JSON.parse(text)).rows;
  return Math.min(rows, train + validation + holdout + Math.max(0, rows - live.dataset.rows));
}

/** The dataset's columns, with how its files and the definition spell their values. */
function feedbackColumns({ columns, parts }: Manifest, definition: Definition): FeedbackColumn[] {
  const inTexts = [...new Set(parts.flatMap(({ missingInTexts }) => missingInTexts))];
  return columns.map((column) => {
    const { missing = [], format } = vocabularyOf(definition, column.name);
    return { ...column, missing: [...(column.type === 'string' ? inTexts : []), ...missing], format };
  });
}

/** Another export of the same execution, after a wait, is another version of the same keys. */
async function keep(
  { model, retrainingId }: RetrainingRef,
  feedback: Feedback,
): Promise<Omit<ExportedRows, 'latestRetraining'>> {
  const { rows, rowsPath, inferenceIdsPath, labels } = feedback;
  const notes = [...feedback.notes];
  if (rows === 0) return { rows, files: null, labels, notes };
  const keys = retrainingKeys(model, retrainingId);
  const bucket = environment.ARTIFACTS_BUCKET;
  return {
    rows,
    files: {
      rows: await objects.putFileVersion(bucket, keys.rows, rowsPath, 'application/x-ndjson'),
      inferenceIds: await objects.putFileVersion(
        bucket,
        keys.inferenceIds,
        inferenceIdsPath,
        'application/vnd.apache.parquet',
      ),
    },
    labels,
    notes,
  };
}
