import { driftVerdictSchema } from '@tidemark/statistics/drift/drift.schema.ts';
import { estimateSchema } from '@tidemark/statistics/metrics/estimate.schema.ts';
import * as z from 'zod';
import { objectPinSchema } from '../datasets/manifest.schema.ts';
import { definitionSchema } from '../definition/definition.schema.ts';
import { servingSettingsSchema } from '../definition/serving-settings.schema.ts';
import { labelFileUseSchema } from '../events/label-files.schema.ts';
import { retrainingTriggers } from '../events/retraining-triggers.ts';

/** The right to train or deploy a model, held by one execution at a time. */
export const leaseSchema = z.object({
  /** `run-<runId>`, `version-<n>` (handed over, not yet taken) or `deployment-<id of the execution>`. */
  owner: z.string(),
  purpose: z.enum(['train', 'deploy']),
  /** ISO 8601; from then on anybody may take it. */
  until: z.iso.datetime(),
});
export type Lease = z.infer<typeof leaseSchema>;

/** `MODEL#<m>` / `META`. */
export const modelRecordSchema = z.object({
  model: z.string(),
  definition: definitionSchema,
  definitionHash: z.string(),
  definitionObject: objectPinSchema,
  /** S3's order of the writes of that key: an older version that arrives late is not taken. */
  definitionSequencer: z.string(),
  onboardedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  /** Number of the next version to register; versions count from 1. */
  nextVersion: z.int().positive(),
  latestDatasetId: z.string().nullable(),
  liveVersion: z.int().positive().nullable(),
  /** The version that a retired model has again when it becomes active; absent or `null`: none. */
  restoreVersion: z.int().positive().nullable().optional(),
  lease: leaseSchema.nullable(),
  /** A retraining that waits for its training run; absent or `null`: none. */
  openRetraining: z.string().nullable().optional(),
  /** The retraining that was begun last. Who begins the next one makes sure that it still is. */
  latestRetraining: z.string().nullable().optional(),
  /** The definition that alarms and schedules were last made for; another hash than `definitionHash`, or none: not yet. */
  monitored: z.object({ definitionHash: z.string(), at: z.iso.datetime() }).optional(),
});
export type ModelRecord = z.infer<typeof modelRecordSchema>;

/** `MODELS` / `MODEL#<m>`: what a list of models shows. */
export const modelIndexRecordSchema = z.object({ model: z.string(), onboardedAt: z.iso.datetime() });
export type ModelIndexRecord = z.infer<typeof modelIndexRecordSchema>;

/** `CLAIM#<capability>#<hash>` / `CLAIM`: a delivery that was taken. */
export const claimRecordSchema = z.object({
  capability: z.string(),
  /** What was delivered, readable; its hash is in the key. */
  delivery: z.string(),
  /** ARN of the execution that took it. */
  owner: z.string(),
  claimedAt: z.iso.datetime(),
  /** Epoch seconds; DynamoDB deletes the item some time after. */
  expiresAt: z.int(),
});
export type ClaimRecord = z.infer<typeof claimRecordSchema>;

/** `MODEL#<m>` / `RECORDED#<eventId>`: where an event is, and that it need not be recorded again. */
export const recordedEventSchema = z.object({ eventTime: z.iso.datetime(), expiresAt: z.int() });

/** `MODEL#<m>` / `DATASET#<datasetId>`. */
export const datasetRecordSchema = z.object({
  model: z.string(),
  datasetId: z.string(),
  manifest: objectPinSchema,
  rows: z.int(),
  createdAt: z.iso.datetime(),
});
export type DatasetRecord = z.infer<typeof datasetRecordSchema>;

/** `MODEL#<m>` / `RUN#<runId>`. */
export const runRecordSchema = z.object({
  model: z.string(),
  runId: z.string(),
  executionArn: z.string(),
  datasetId: z.string(),
  definitionHash: z.string(),
  codeVersion: z.string(),
  status: z.enum(['running', 'registered', 'failed', 'superseded']),
  startedAt: z.iso.datetime(),
  /** The same moment by the clock of the model's windows: see `Clocks`. */
  askedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  version: z.int().nullable(),
  failure: z
    .object({
      error: z.string(),
      message: z.string(),
      /** A container's own words, which may quote the data and are not announced. */
      said: z.string().nullable(),
    })
    .nullable(),
  /** The retraining that it carries out. */
  retrainingId: z.string().nullable().optional(),
  /** Seconds of training that SageMaker bills; absent or `null`: not known, as of a run that has not trained yet. */
  billedSeconds: z.int().nonnegative().nullable().optional(),
});
export type RunRecord = z.infer<typeof runRecordSchema>;

export const versionStatusSchema = z.enum([
  'candidate',
  'rejected',
  'approved',
  'deploying',
  'live',
  'deploy-failed',
  'retired',
]);
export type VersionStatus = z.infer<typeof versionStatusSchema>;

export const gateVerdictSchema = z.object({
  gate: z.string(),
  passed: z.boolean(),
  /** A sentence with the numbers: what was measured, what was asked. */
  message: z.string(),
});
export type GateVerdict = z.infer<typeof gateVerdictSchema>;

/** A model's artifact, `model.tar.gz`. */
export const artifactSchema = objectPinSchema.extend({
  /** Hexadecimal SHA-256 of its bytes. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().nonnegative(),
});
export type Artifact = z.infer<typeof artifactSchema>;

/** `MODEL#<m>` / `VERSION#<8 digits>`: a version and everything needed to make it again. */
export const versionRecordSchema = z.object({
  model: z.string(),
  version: z.int().positive(),
  status: versionStatusSchema,
  runId: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  codeVersion: z.string(),
  definitionHash: z.string(),
  definitionObject: objectPinSchema,
  dataset: z.object({
    datasetId: z.string(),
    manifest: objectPinSchema,
    rows: z.int(),
    splitRows: z.record(z.string(), z.int()),
  }),
  encoding: objectPinSchema,
  training: z.object({
    jobName: z.string(),
    jobArn: z.string(),
    image: z.string(),
    /** `sha256:…` of the image that trained; `null` when the image's registry would not tell. */
    imageDigest: z.string().nullable(),
    hyperparameters: z.record(z.string(), z.string()),
    instance: z.string(),
    spot: z.boolean(),
    /** What it wrote, where no job can write: what is scored and served. */
    artifact: artifactSchema,
  }),
  /** SageMaker model that serves it. */
  sagemakerModelName: z.string(),
  /** SageMaker model of the same artifact and image that scores hold-outs. */
  scoredModelName: z.string(),
  evaluation: objectPinSchema,
  smoke: objectPinSchema,
  /** What windows of predictions are compared with; absent in versions that were registered before there was monitoring. */
  baseline: objectPinSchema.optional(),
  /** `hashOfClass` of the class that counts as yes; absent where there is no such class. */
  positiveHash: z.string().optional(),
  metrics: z.record(z.string(), estimateSchema),
  gates: z.array(gateVerdictSchema),
  /** The live version that it was compared with on the same hold-out. */
  comparedWith: z.int().nullable(),
  deployment: servingSettingsSchema,
  /** Lease owner of the deployment that took it up last; absent before the first. */
  deployer: z.string().optional(),
  /** Set once it was proven to serve. */
  served: z
    .object({
      endpointName: z.string(),
      endpointConfigName: z.string(),
      provenAt: z.iso.datetime(),
      /** Image that answered, with its digest (`…@sha256:…`); `null` when SageMaker does not report it. */
      resolvedImage: z.string().nullable(),
    })
    .nullable(),
  /** Why it is rejected, failed or retired. */
  statusReason: z.string().nullable(),
});
export type VersionRecord = z.infer<typeof versionRecordSchema>;

/** A stretch of windows, from the first with drift (or too little quality) to the first without. */
export const episodeSchema = z.object({
  /** `<kind>-<version>-<windowId of the first window>` */
  episodeId: z.string(),
  version: z.int().positive(),
  since: z.iso.datetime(),
  windowId: z.string(),
  /** When its alarm went off; `null`: not yet. */
  alarmedAt: z.iso.datetime().nullable(),
  /** The retraining that answers it; `null`: none yet. */
  retrainingId: z.string().nullable(),
});
export type Episode = z.infer<typeof episodeSchema>;
export const episodeKinds = ['drift', 'quality'] as const;
export type EpisodeKind = (typeof episodeKinds)[number];

/** A window that could be judged, as the alarms count it. */
export const windowMarkSchema = z.object({
  windowId: z.string(),
  end: z.iso.datetime(),
  version: z.int().positive(),
  /** Whether it was in an episode. */
  moved: z.boolean(),
});
export type WindowMark = z.infer<typeof windowMarkSchema>;

/** `MODEL#<m>` / `MONITOR`: where monitoring stands. */
export const monitorRecordSchema = z.object({
  model: z.string(),
  /** The execution that is looking at a window; anybody may take over from `until` on. */
  running: z.object({ owner: z.string(), until: z.iso.datetime() }).nullable(),
  /** The latest window that was finished. */
  lastWindowId: z.string().nullable(),
  drift: episodeSchema.nullable(),
  quality: episodeSchema.nullable(),
  /** The windows that were judged last, seven at most: what the alarms count. Of any version, each said of the mark. */
  judged: z
    .object({ drift: z.array(windowMarkSchema), quality: z.array(windowMarkSchema) })
    .default({ drift: [], quality: [] }),
});
export type MonitorRecord = z.infer<typeof monitorRecordSchema>;

/** `MODEL#<m>` / `WINDOW#<windowId>`: a window that was looked at. */
export const windowRecordSchema = z.object({
  model: z.string(),
  windowId: z.string(),
  version: z.int().positive(),
  executionArn: z.string(),
  /** The scheduled end; the window is what was captured since the one before. */
  end: z.iso.datetime(),
  rows: z.int(),
  verdict: driftVerdictSchema,
  /** What was published to CloudWatch, by `domain/monitoring-gauges.ts`; `null`: no datapoint. */
  measures: z.object({
    drift: z.number().nullable(),
    qualityDegraded: z.number().nullable(),
    /** What the alarms follow: 1, on; 0, off. */
    driftAlarm: z.number().nullable(),
    qualityAlarm: z.number().nullable(),
    driftedColumns: z.number().nullable(),
    windowRows: z.number().nullable(),
  }),
  /** `window.json`, `profile.json` and `report.json` in the artifacts bucket. */
  window: objectPinSchema,
  profile: objectPinSchema,
  report: objectPinSchema,
});
export type WindowRecord = z.infer<typeof windowRecordSchema>;

/** `MODEL#<m>` / `RETRAINING#<retrainingId>`: a retraining that was begun. */
export const retrainingRecordSchema = z.object({
  model: z.string(),
  retrainingId: z.string(),
  trigger: z.enum(retrainingTriggers),
  episodeId: z.string().nullable(),
  /** The version that it is to replace. */
  version: z.int().positive(),
  executionArn: z.string(),
  startedAt: z.iso.datetime(),
  /** The same moment by the clock of the model's windows: see `Clocks`. */
  askedAt: z.iso.datetime(),
  /** `open`: waits for its training run. `training`: the run has begun. `abandoned`: there will be none, see `statusReason`. */
  status: z.enum(['open', 'training', 'abandoned']),
  /** Why it was abandoned. */
  statusReason: z.string().nullable(),
  /** Labelled predictions that it adds to the data. */
  newRows: z.int(),
  /** These rows as they are dropped, and the ids of the predictions, so that none is added twice; `null`: it adds none. */
  rows: objectPinSchema.nullable(),
  inferenceIds: objectPinSchema.nullable(),
  /** Which files labelled them; `null`: it adds none. */
  labels: labelFileUseSchema.nullable(),
  /** What is trained; `null` until the new rows have become a dataset. */
  datasetId: z.string().nullable(),
  /** The training run that carries it out. */
  runId: z.string().nullable(),
});
export type RetrainingRecord = z.infer<typeof retrainingRecordSchema>;
