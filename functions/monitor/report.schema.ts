import { objectPinSchema } from '@tidemark/domain/datasets/manifest.schema.ts';
import { referenceKindSchema } from '@tidemark/domain/definition/monitoring.schema.ts';
import { changedColumnCodeSchema } from '@tidemark/domain/events/column-findings.schema.ts';
import { lateCapturesSchema } from '@tidemark/domain/windows/window.schema.ts';
import { labelCountsSchema, leftOutSchema } from '@tidemark/domain/windows/window-facts.schema.ts';
import {
  columnKindSchema,
  driftJudgementSchema,
  driftVerdictSchema,
} from '@tidemark/statistics/drift/drift.schema.ts';
import {
  estimatedMetricSchema,
  qualityJudgementSchema,
  qualityVerdictSchema,
  reconciliationSchema,
} from '@tidemark/statistics/drift/quality.schema.ts';
import { estimateSchema } from '@tidemark/statistics/metrics/estimate.schema.ts';
import { problemTypeSchema } from '@tidemark/statistics/metrics/metric-names.ts';
import { revealingSchema, sentenceSchema } from '@tidemark/statistics/sentence.ts';
import * as z from 'zod';

const rows = z.int().nonnegative();
const share = z.number().min(0).max(1);

/** What a window was compared with. */
export const referenceSchema = z.object({
  kind: referenceKindSchema,
  /** As the definition has it: another kind where there was no such window. */
  asked: referenceKindSchema,
  /** The windows whose facts were merged; empty for the baseline. */
  windowIds: z.array(z.string()),
  rows,
  /** Why it is not what was asked; `null` if it is. */
  note: z.string().nullable(),
});

/** A file of labels, or lines of one, that were not taken. */
export const refusedLabelsSchema = z.object({
  key: z.string(),
  versionId: z.string(),
  /** `too-large`, `too-many`: the file as a whole, `why` being a clause. Otherwise lines of it, `why` being sentences. */
  code: z.string(),
  why: z.string(),
  /** Numbers of the first lines, from 1. */
  lines: z.array(z.int().positive()),
  /** Lines; `null`: the file as a whole. */
  count: z.int().nonnegative().nullable(),
});
export type RefusedLabels = z.infer<typeof refusedLabelsSchema>;

/** How many labels of a file one that came later contradicted, or later lines of its own. */
export const replacedLabelsSchema = z.object({ key: z.string(), by: z.string(), count: z.int().positive() });

/** A label that names no class, and how often it came. */
export const unknownLabelSchema = z.object({ value: z.string(), count: z.int().positive() });
export type UnknownLabel = z.infer<typeof unknownLabelSchema>;

/** An object and the SHA-256 of its bytes, in hexadecimal. */
export const evidenceObjectSchema = objectPinSchema.extend({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });
export type EvidenceObject = z.infer<typeof evidenceObjectSchema>;

/** Everything that the verdicts follow from: the same evidence and code give the same report. */
export const evidenceSchema = z.object({
  baseline: evidenceObjectSchema,
  /** `window.json`: which captures and labels. */
  window: objectPinSchema,
  /** `profile.json`: the window's facts. */
  profile: evidenceObjectSchema,
  /** The facts of the windows that it was compared with. */
  references: z.array(evidenceObjectSchema),
  definitionHash: z.string(),
  codeVersion: z.string(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** How the rows of a column lie, in the reference and in the window, as shares of the rows with a value. */
export const distributionSchema = z.object({
  name: z.string(),
  kind: columnKindSchema,
  /** One per bin, readable. */
  bins: z.array(z.string()),
  /** Of numbers: one fewer than bins, ascending. */
  edges: z.array(z.number()).nullable(),
  reference: z.array(share),
  current: z.array(share),
  missing: z.object({ reference: share, current: share }),
});
export type Distribution = z.infer<typeof distributionSchema>;

/** One segment's part in a column's drift. */
export const attributionSchema = z.object({
  /** The column that drifts. */
  name: z.string(),
  segment: z.string(),
  /** `null`: the rows without a value. */
  value: z.string().nullable(),
  rows: z.object({ reference: rows, current: rows }),
  /** The segment's share of the rows. */
  share: z.object({ reference: share, current: share }),
  /** Debiased Jensen-Shannon distance of the column within the segment, base 2; `null` where one side has no rows. */
  distance: share.nullable(),
  /**
   * Part of the movement of all rows between the column's bins that the segment's rows account for, with its interval at 0.95. The parts of a
   * segment column's values add up to 1; one that moved against the rest has a negative part.
   */
  contribution: estimateSchema,
});
export type Attribution = z.infer<typeof attributionSchema>;

/** How an estimate of an earlier window did, now that its labels are in. */
export const settledEstimateSchema = reconciliationSchema.extend({
  windowId: z.string(),
  /** That arrived in the window of this report. */
  labels: rows,
});
export type SettledEstimate = z.infer<typeof settledEstimateSchema>;

/** A column that the model does not use and that is not as it was in training. */
export const changedColumnSchema = z.object({
  column: z.string(),
  change: changedColumnCodeSchema,
  /** Records in which it is so, of those that have the field. */
  rows,
  of: rows,
  /** With the value that it is about. */
  sentence: z.union([sentenceSchema, revealingSchema]),
  /** Without. */
  announcement: sentenceSchema,
});
export type ChangedColumn = z.infer<typeof changedColumnSchema>;

/** What later reports keep of a report: the strip of recent windows, and estimates that labels may settle. */
export const pastWindowSchema = z.object({
  windowId: z.string(),
  end: z.iso.datetime(),
  version: z.int(),
  rows,
  verdict: driftVerdictSchema,
  /** Columns that drift. */
  drifting: rows,
  /** Debiased distance of the prediction; `null` where it was not judged. */
  predictionDistance: share.nullable(),
  quality: qualityVerdictSchema,
  metric: z.string(),
  measured: estimateSchema.extend({ standardError: z.number().nonnegative(), rows }).nullable(),
  estimated: estimatedMetricSchema.nullable(),
});
export type PastWindow = z.infer<typeof pastWindowSchema>;

/** `report.json`: what is said of a window, and everything that it follows from. */
export const windowReportSchema = z.object({
  schemaVersion: z.literal(1),
  model: z.string(),
  windowId: z.string(),
  /** The scheduled end. */
  end: z.iso.datetime(),
  version: z.int().positive(),
  runId: z.string(),
  problem: problemTypeSchema,
  judgedAt: z.iso.datetime(),
  /** The most important first, in one sentence. */
  headline: z.string(),
  /** What moved, by how much, in which segment, and how sure we are. */
  findings: z.array(z.string()),
  /** What makes the verdicts doubtful, or is to be known beside them. */
  notes: z.array(z.string()),
  counts: z.object({
    rows,
    earliest: z.iso.datetime().nullable(),
    latest: z.iso.datetime().nullable(),
    leftOut: leftOutSchema,
    labels: labelCountsSchema,
    lateCaptures: lateCapturesSchema,
    refusedLabels: z.array(refusedLabelsSchema),
    /** Labels that name no class of the version, as they are spelled, the most frequent first; 20 at most. */
    unknownLabels: z.array(unknownLabelSchema),
    /** Whose labels were contradicted by whose, those that earlier windows counted included (they stand), the most first; 100 at most. */
    replacedLabels: z.array(replacedLabelsSchema),
  }),
  reference: referenceSchema,
  drift: driftJudgementSchema,
  /** Columns that are not judged: parts of a time whose cycle is longer than a window. */
  calendar: z.array(z.string()),
  /** Columns that are not judged, as the definition excludes them from monitoring. */
  excluded: z.array(z.string()),
  /** Columns that the model does not use and that are not as they were in training. */
  changedColumns: z.array(changedColumnSchema),
  /** Names of the columns, the worst first: what drifts before what does not, the prediction before features. */
  ranking: z.array(z.string()),
  /** In the order of the ranking. */
  distributions: z.array(distributionSchema),
  attributions: z.array(attributionSchema),
  /** Categories that the model does not know, most frequent first. */
  unknownCategories: z.array(
    z.object({
      column: z.string(),
      /** Predictions with such a category. */
      rows,
      values: z.array(z.object({ value: z.string(), rows })),
    }),
  ),
  quality: qualityJudgementSchema,
  /** All metrics of the labelled predictions; `null` without enough labels. */
  metrics: z
    .object({ window: z.record(z.string(), estimateSchema), baseline: z.record(z.string(), estimateSchema) })
    .nullable(),
  /** The metric of the quality verdict by segment, where there are labels enough. */
  segmentQuality: z.array(
    z.object({
      column: z.string(),
      value: z.string().nullable(),
      labels: rows,
      window: estimateSchema,
      baseline: estimateSchema.nullable(),
    }),
  ),
  settledEstimates: z.array(settledEstimateSchema),
  /** Windows before this one, of this version and earlier ones, the oldest first; at most a week of hours. */
  history: z.array(pastWindowSchema),
  evidence: evidenceSchema,
});
export type WindowReport = z.infer<typeof windowReportSchema>;
