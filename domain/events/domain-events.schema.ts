import { driftVerdictSchema } from '@tidemark/statistics/drift/drift.schema.ts';
import { sentenceSchema } from '@tidemark/statistics/sentence.ts';
import * as z from 'zod';
import { objectPinSchema } from '../datasets/manifest.schema.ts';

import { announcedChangesSchema, announcedColumnsSchema } from './column-findings.schema.ts';
import { announcedWarningSchema } from './data-warning.schema.ts';
import { labelFileUseSchema } from './label-files.schema.ts';
import { retrainingTriggers } from './retraining-triggers.ts';

/** What every domain event carries. */
const base = z.object({
  schemaVersion: z.literal(1),
  eventId: z.string().min(1),
  model: z.string().min(1),
  time: z.iso.datetime(),
  /** Id of the event or the ARN of the execution that led to this one. */
  causeId: z.string().min(1),
  /** One plain sentence for a person: what happened and, for a failure, why and what to do. */
  message: z.string().min(1),
});

/** What is wrong, in sentences without values of the data: those stand in the report, which can be erased. */
const reasons = z.array(
  z.object({ check: z.string(), what: sentenceSchema, why: sentenceSchema, remedy: sentenceSchema }),
);

/** Who says what a binary model's probability is of: the definition, or it is the later of two values in order. */
export const positiveDecidedBySchema = z.enum(['definition', 'order']);

/** A stretch of windows, from the first with drift (or too little quality) to the first without. */
const episode = {
  version: z.int(),
  episodeId: z.string(),
  windowId: z.string(),
  reportKey: z.string(),
};

/** What is told of a version when it has been judged. */
const judged = {
  /** Columns that it does not use, or uses with a warning. */
  columns: announcedColumnsSchema.optional(),
  /** Key of `evaluation.json`, which has the values and classes that no event holds. */
  evaluationKey: z.string().optional(),
};

/** What a look at a file of labels has found. Values of the file are in the report. */
const labelFile = {
  key: z.string(),
  versionId: z.string(),
  /** In the artifacts bucket; `null`: the file was not read. */
  reportKey: z.string().nullable(),
  /** Lines that were looked at, and labels among them. */
  lines: z.int(),
  labels: z.int(),
  /** Labels that the next window can use. */
  usable: z.int(),
  /** Predictions that are named without a label. */
  notYet: z.int(),
  /** Inference ids that were not found among captured predictions; `null`: not looked up. */
  unknownIds: z.int().nullable(),
  /** Labels that a later line of the file contradicts. */
  overruled: z.int(),
  problems: z.array(
    z.object({
      code: z.string(),
      count: z.int(),
      /** Numbers of the first lines, from 1; none: the file as a whole. */
      lines: z.array(z.int()),
      /** Of `inference_id` and `label`, those that it is about. */
      columns: z.array(z.string()),
    }),
  ),
};

const retrainingTrigger = z.enum(retrainingTriggers);

/** The detail of each domain event by its type, which is EventBridge's `detail-type`. */
export const domainEventSchemas = {
  'model.onboarded': base.extend({ definitionHash: z.string(), created: z.boolean() }),
  /** Decided: from here on nothing of the model runs by itself. `endpoint.removed` follows. */
  'model.retired': base.extend({
    definitionHash: z.string(),
    /** The version that was live; `null`: none. */
    liveVersion: z.int().nullable(),
    endpointName: z.string(),
    /** What is deleted, by name, if it is there. */
    alarms: z.array(z.string()),
    schedules: z.array(z.string()),
  }),
  'model.reactivated': base.extend({
    definitionHash: z.string(),
    /** The version that was live when the model was retired, and is deployed again; `null`: none. */
    restoring: z.int().nullable(),
  }),
  'definition.rejected': base.extend({
    key: z.string(),
    versionId: z.string(),
    problems: z.array(
      z.object({
        /** Line and column from 1; `null` when it is about the file as a whole. */
        line: z.int().nullable(),
        column: z.int().nullable(),
        field: z.string(),
        what: z.string(),
        remedy: z.string(),
      }),
    ),
  }),
  'data.rejected': base.extend({
    batchId: z.string(),
    reportKey: z.string(),
    files: z.array(z.string()),
    reasons,
  }),
  /** A file stays where it is, as no model takes it yet. */
  'data.waiting': base.extend({ key: z.string(), versionId: z.string() }),
  'dataset.committed': base.extend({
    datasetId: z.string(),
    rows: z.int(),
    batchId: z.string(),
    /** What the data's owner should look at; `validation` has the values. */
    warnings: z.array(announcedWarningSchema).optional(),
    validation: objectPinSchema.optional(),
  }),
  'training.started': base.extend({ runId: z.string(), datasetId: z.string() }),
  'training.failed': base.extend({ runId: z.string(), datasetId: z.string(), error: z.string() }),
  /** A dataset is not trained, though it was to be. `reason`: `retired`. */
  'training.skipped': base.extend({ datasetId: z.string().nullable(), reason: z.string() }),
  'version.registered': base.extend({
    runId: z.string(),
    version: z.int(),
    datasetId: z.string(),
    ...judged,
    /** Of a binary problem: whether the definition says which class counts as yes, or it is the later in order. */
    positiveDecidedBy: positiveDecidedBySchema.optional(),
  }),
  'version.gated': base.extend({
    version: z.int(),
    passed: z.boolean(),
    failedGates: z.array(z.string()),
    ...judged,
  }),
  'version.approved': base.extend({ version: z.int(), approvedBy: z.string(), ...judged }),
  'version.rejected': base.extend({ version: z.int(), failedGates: z.array(z.string()), ...judged }),
  'deployment.succeeded': base.extend({
    version: z.int(),
    endpointName: z.string(),
    replaced: z.int().nullable(),
  }),
  'deployment.rolled-back': base.extend({
    version: z.int(),
    endpointName: z.string(),
    serving: z.int().nullable(),
  }),
  /** An approved version is not deployed. `reason`: `retired`, or `refused`, where `message` says why. */
  'deployment.skipped': base.extend({ version: z.int(), reason: z.string() }),
  /** The endpoint of a retired model is gone. `version`: what it served with, by the registry. */
  'endpoint.removed': base.extend({ version: z.int().nullable(), endpointName: z.string() }),
  'endpoint.removal-failed': base.extend({ endpointName: z.string(), error: z.string() }),
  /** A window of predictions was looked at, whatever came of it. */
  'window.monitored': base.extend({
    version: z.int(),
    windowId: z.string(),
    verdict: driftVerdictSchema,
    rows: z.int(),
    reportKey: z.string(),
    /** Columns that the version does not use and that are not as they were in training: train again. */
    changedColumns: announcedChangesSchema.optional(),
  }),
  /** There was nothing to look at, or somebody else is looking. */
  'monitoring.skipped': base.extend({
    windowId: z.string(),
    reason: z.string(),
    /** `nothing-came`: the model is idle, which needs no attention. */
    code: z.literal('nothing-came').optional(),
  }),
  /** A file of labels came, and some of it can be used, as far as its first lines tell. */
  'labels.received': base.extend(labelFile),
  /** A file of labels came, and nothing of it can be used. */
  'labels.rejected': base.extend(labelFile),
  /** Files of labels were too large, or lines of them could not be read; at most 100 files are named. */
  'labels.refused': base.extend({
    windowId: z.string(),
    reportKey: z.string(),
    files: z.array(z.string()),
  }),
  'monitoring.failed': base.extend({ windowId: z.string(), error: z.string() }),
  'drift.detected': base.extend({ ...episode, features: z.array(z.string()) }),
  /** Drift that was detected before continues, and nothing has been done about it. */
  'drift.continued': base.extend({ ...episode, features: z.array(z.string()) }),
  'drift.cleared': base.extend(episode),
  /** The version that drifted is no longer live. No good news: the one that is live may do no better. */
  'drift.superseded': base.extend(episode),
  'quality.degraded': base.extend({ ...episode, metric: z.string() }),
  'quality.continued': base.extend({ ...episode, metric: z.string() }),
  'quality.recovered': base.extend(episode),
  /** The version that had degraded is no longer live. No good news either. */
  'quality.superseded': base.extend(episode),
  'retraining.started': base.extend({
    retrainingId: z.string(),
    trigger: retrainingTrigger,
    /** What is trained; `null`: the dataset that the new rows will make. */
    datasetId: z.string().nullable(),
    /** Which files labelled the new rows; absent: it adds none. */
    labels: labelFileUseSchema.optional(),
  }),
  /** `reason`: the guard that held it back, such as `cooldown`; `message` says the same in a sentence. */
  'retraining.suppressed': base.extend({
    trigger: retrainingTrigger,
    reason: z.string(),
    /** Which files labelled the rows that were counted; absent: none were. */
    labels: labelFileUseSchema.optional(),
  }),
  /** It was begun and no training came of it, as when its rows were rejected. */
  'retraining.abandoned': base.extend({
    retrainingId: z.string(),
    trigger: retrainingTrigger,
    reason: z.string(),
  }),
} as const;

export type DomainEventType = keyof typeof domainEventSchemas;
export type DomainEventDetail<T extends DomainEventType> = z.infer<(typeof domainEventSchemas)[T]>;

/** An event with the schema of its type: one for each. */
type EventSchema = {
  [T in DomainEventType]: z.ZodObject<{ type: z.ZodLiteral<T>; detail: (typeof domainEventSchemas)[T] }>;
}[DomainEventType];

// `Object.entries` loses which detail belongs to which type; the map is what keeps them together.
const eventSchemas = Object.entries(domainEventSchemas).map(([type, detail]) =>
  z.object({ type: z.literal(type), detail }),
) as unknown as [EventSchema, ...EventSchema[]];

/** Any domain event, checked by its type: the audit item, and what functions hand to a state machine. */
export const domainEventSchema = z.discriminatedUnion('type', eventSchemas);
