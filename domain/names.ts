import { createHash } from 'node:crypto';
import * as z from 'zod';

/** Lower-case letter first, then letters, digits and hyphens: SageMaker's ARNs are lower case, and S3 keys are not folded. */
export const modelName = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{1,30}$/,
    'must have 2 to 31 characters: a lower-case letter, then lower-case letters, digits or hyphens',
  )
  .refine(
    (name) => !name.endsWith('-') && !name.includes('--'),
    'must not end with a hyphen or have two in a row',
  );

/** At most 8 characters, so that every SageMaker name fits 63; see `docs/design/contracts.md`, Names. */
export const stageName = z
  .string()
  .regex(/^[a-z][a-z0-9]{0,7}$/, 'must have 1 to 8 lower-case letters or digits');

/**
 * A name for a SageMaker resource: `tidemark-<stage>-<model>[-<suffix>]`, at most 63 characters because
 * 9 + 8 + 1 + 31 + 1 + 13 = 63.
 */
export function resourceName(stage: string, model: string, suffix?: string): string {
  return ['tidemark', stage, model, ...(suffix === undefined ? [] : [suffix])].join('-');
}

/** The endpoint of a model. It outlives its versions. */
export function endpointName(stage: string, model: string): string {
  return resourceName(stage, model);
}

/** What a model's two alarms watch; `episodeKinds` of the registry. */
export type AlarmKind = 'drift' | 'quality';

/**
 * How alarms begin that workflows make: those that watch a `model`, and those that watch an `update` of its endpoint. Who makes the ones
 * may not touch the others, and neither may touch the alarms of the stacks, which CloudFormation calls after the stack.
 */
export function alarmPrefix(stage: string, purpose: 'model' | 'update'): string {
  return `tidemark-${stage}-${purpose}-`;
}

/** A model's alarm: `tidemark-<stage>-model-<model>-drift`. */
export function alarmName(stage: string, model: string, kind: AlarmKind): string {
  return `${alarmPrefix(stage, 'model')}${model}-${kind}`;
}

/** An alarm on the fleet of an endpoint configuration, whose own name begins with the stage: `tidemark-<stage>-update-<model>-v3-…-latency`. */
export function updateAlarmName(stage: string, endpointConfigName: string, watched: string): string {
  return `${alarmPrefix(stage, 'update')}${endpointConfigName.slice(`tidemark-${stage}-`.length)}-${watched}`;
}

/** The function that predicts for every model of a stage; callers name it. */
export function predictFunctionName(stage: string): string {
  return `tidemark-${stage}-predict`;
}

/** Ten hexadecimal digits of the execution's ARN: the same execution, retried or redriven, is the same run. */
export function runIdOf(executionArn: string): string {
  return createHash('sha256').update(executionArn).digest('hex').slice(0, 10);
}

/** Keys in the data bucket. */
export const dataKeys = {
  definition: (model: string) => `definitions/${model}.yaml`,
  incoming: (model: string) => `incoming/${model}/`,
  labels: (model: string) => `labels/${model}/`,
  /** Labelled predictions that a retraining adds to the data; a folder each, so that a marker completes its own. */
  feedback: (model: string, retrainingId: string) => `incoming/${model}/feedback/${retrainingId}/rows.jsonl`,
  feedbackMarker: (model: string, retrainingId: string, marker: string) =>
    `incoming/${model}/feedback/${retrainingId}/${marker}`,
  quarantine: (model: string, batchId: string) => `quarantine/${model}/${batchId}/`,
  fileResult: (model: string, batchId: string, keyHash: string) =>
    `datasets/${model}/batches/${batchId}/files/${keyHash}.json`,
  openedFile: (model: string, batchId: string) => `datasets/${model}/batches/${batchId}/opened.json`,
  validation: (model: string, batchId: string) => `datasets/${model}/batches/${batchId}/validation.json`,
  part: (model: string, partHash: string) => `datasets/${model}/parts/${partHash}.parquet`,
  manifest: (model: string, datasetId: string) => `datasets/${model}/${datasetId}/manifest.json`,
} as const;

/**
 * Prefixes of the artifacts bucket, by what SageMaker's roles may do there (docs/threat-model.md). What no job may see, such as the
 * hold-out's labels, is in none of the first three.
 */
export const artifactPrefixes = {
  /** Jobs read, and write nothing. */
  jobInputs: 'job-inputs/',
  /** Jobs write, and read nothing. */
  jobOutputs: 'job-outputs/',
  /** What is scored and served: jobs and endpoints read it, and neither can write it. */
  models: 'models/',
  /** What functions alone read and write. */
  runs: 'runs/',
} as const;

/** Keys of a run in the artifacts bucket. */
export const runKeys = (model: string, runId: string) => {
  const { jobInputs, jobOutputs, models, runs } = artifactPrefixes;
  const run = `${model}/${runId}/`;
  return {
    train: `${jobInputs}${run}train/data.csv`,
    validation: `${jobInputs}${run}validation/data.csv`,
    holdoutFeatures: `${jobInputs}${run}holdout/features.csv`,
    holdoutChampionFeatures: `${jobInputs}${run}holdout/champion-features.csv`,
    modelPrefix: `${jobOutputs}${run}model/`,
    scoresPrefix: (side: 'challenger' | 'champion') => `${jobOutputs}${run}scores/${side}/`,
    /** The copy of what the training job wrote. */
    artifact: `${models}${run}model.tar.gz`,
    holdoutRows: `${runs}${run}holdout/rows.parquet`,
    encoding: `${runs}${run}encoding.json`,
    preparation: `${runs}${run}preparation.json`,
    evaluation: `${runs}${run}evaluation.json`,
    smoke: `${runs}${run}smoke.json`,
    baseline: `${runs}${run}baseline.json`,
  } as const;
};

/**
 * Names of a run's two SageMaker models, of one artifact and one image. The one that is scored is always isolated; the one that is served
 * is not where SageMaker cannot isolate it (serverless), and then its name says so, which is what a policy can tell them apart by.
 */
export const sagemakerModelNames = (stage: string, model: string, runId: string) =>
  ({
    scored: resourceName(stage, model, `${runId}-t`),
    served: resourceName(stage, model, runId),
    servedOpen: resourceName(stage, model, `${runId}${openModelSuffix}`),
  }) as const;

/** End of the names of SageMaker models that are not isolated. */
export const openModelSuffix = '-o';

/** Captures of all models, in the artifacts bucket. */
export const capturesPrefix = 'captures/';
/** What Firehose could not partition or deliver, by kind of error. */
export const captureErrorsPrefix = 'capture-errors/';

/** Keys of captured predictions in the artifacts bucket, below which come year, month, day and hour (UTC) of the capture. */
export const captureKeys = (model: string) =>
  ({
    prefix: `captures/${model}/`,
    /** Written by Firehose for the prediction function: raw features. */
    byFunction: `captures/${model}/function/`,
    /** Written by SageMaker's data capture for instance endpoints: encoded features. */
    byEndpoint: `captures/${model}/endpoint/`,
    /** Where a version's endpoint configuration has them put, so that a capture tells who answered. */
    byVersion: (version: number) => `captures/${model}/endpoint/v${String(version).padStart(8, '0')}/`,
  }) as const;

/** Keys of one monitored window in the artifacts bucket. */
export const windowKeys = (model: string, windowId: string) => {
  const prefix = `monitoring/${model}/${windowId}/`;
  return {
    prefix,
    window: `${prefix}window.json`,
    /** Hashes of the keys of captures that a sweep found, for windows that come later. */
    knownCaptures: `${prefix}known-captures.bin`,
    /** Inputs of a distributed map. */
    items: `${prefix}items.json`,
    slice: (number: number) => `${prefix}slices/${String(number).padStart(5, '0')}.json`,
    /** Ids of the slice's predictions that count elsewhere. */
    repeats: (number: number) => `${prefix}repeats/${String(number).padStart(5, '0')}.json`,
    /** The slice's predictions, for labels that come later. */
    predictions: (number: number) => `${prefix}predictions/${String(number).padStart(5, '0')}.jsonl.gz`,
    /** Hashes of the inference ids, for windows that come later. */
    ids: `${prefix}ids.bin`,
    /** What the labels that came say. */
    labels: `${prefix}labels.json`,
    /** Predictions, of this window or earlier ones, that got their labels in this one. */
    labelled: `${prefix}labelled.jsonl.gz`,
    profile: `${prefix}profile.json`,
    report: `${prefix}report.json`,
    page: `${prefix}report.html`,
  } as const;
};

/** Keys of one retraining in the artifacts bucket. */
export const retrainingKeys = (model: string, retrainingId: string) => {
  const prefix = `retraining/${model}/${retrainingId}/`;
  return {
    prefix,
    /** The rows as they are dropped under `incoming/`. */
    rows: `${prefix}rows.jsonl`,
    /** Ids of the predictions that they are. */
    inferenceIds: `${prefix}inference-ids.parquet`,
  } as const;
};

/** What was found in a file of labels, in the artifacts bucket. @param object names the version of the file */
export function labelReportKey(model: string, object: string): string {
  const name = createHash('sha256').update(object).digest('hex').slice(0, 16);
  return `label-reports/${model}/${name}.json`;
}

/** A window is called by its scheduled end, in UTC: `20260301T140000Z`. Names order as the windows do. */
export function windowIdOf(end: Date): string {
  return end.toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
}
