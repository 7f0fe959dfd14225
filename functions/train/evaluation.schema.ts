import { positiveDecidedBySchema } from '@tidemark/domain/events/domain-events.schema.ts';
import { gateVerdictSchema } from '@tidemark/domain/registry/records.schema.ts';
import { estimateSchema } from '@tidemark/statistics/metrics/estimate.schema.ts';
import { problemTypeSchema } from '@tidemark/statistics/metrics/metric-names.ts';
import * as z from 'zod';
import { columnFindingSchema } from './column-finding.schema.ts';
import { unreadTextSchema } from './unread-text.schema.ts';

const estimates = z.record(z.string(), estimateSchema);

/** `evaluation.json`: what a model is worth on rows that it has never seen. */
export const evaluationSchema = z.object({
  schemaVersion: z.literal(1),
  model: z.string(),
  runId: z.string(),
  datasetId: z.string(),
  problem: problemTypeSchema,
  /** One sentence: the problem's main metric with its interval. */
  headline: z.string(),
  /** Hold-out rows. */
  rows: z.int(),
  /** Confidence of every interval. */
  confidence: z.number(),
  /** A binary model says yes from this probability on. */
  decisionThreshold: z.number().nullable(),
  metrics: estimates,
  /** How each metric is computed and where its interval comes from. */
  methods: z.record(z.string(), z.string()),
  /** What somebody reaches who knows only the labels of the training rows. */
  guess: z.object({ what: z.string(), metrics: z.record(z.string(), z.number()) }),
  /** Rows by true class (outer) and predicted class (inner); the last class is one the model does not know. */
  confusion: z.object({ classes: z.array(z.string()), rows: z.array(z.array(z.int())) }).nullable(),
  segments: z.array(
    z.object({
      column: z.string(),
      values: z.array(
        z.object({
          /** `null`: the rows without a value. */
          value: z.string().nullable(),
          rows: z.int(),
          /** `null`: too few rows to say anything. */
          metrics: estimates.nullable(),
        }),
      ),
      /** Rarer values that are not listed, and their rows. */
      omitted: z.object({ values: z.int(), rows: z.int() }),
    }),
  ),
  /** The live version on the same rows; `null` when there was none, or nothing to compare. */
  comparison: z
    .object({
      version: z.int(),
      metrics: estimates,
      metric: z.string(),
      /** In the metric's unit; positive is better. `null` if the metric has no paired test on these rows. */
      improvement: z
        .object({ value: z.number(), atLeast: z.number(), standardError: z.number(), confidence: z.number() })
        .nullable(),
    })
    .nullable(),
  gates: z.array(gateVerdictSchema),
  notes: z.array(z.string()),
  /** Sentences of `columns` that are warnings. */
  warnings: z.array(z.string()),
  /** Columns that the model does not use, with the reason, and those that it uses with a warning; warnings first. */
  columns: z.array(columnFindingSchema),
  /** What the words of free text tell that the model does not read. */
  unreadTexts: z.array(unreadTextSchema),
  /** What a binary model's probability is of; `null` for other problems. */
  positive: z
    .object({
      label: z.string(),
      /** The definition says so, or of two values it is the later in order. */
      decidedBy: positiveDecidedBySchema,
    })
    .nullable(),
});
export type Evaluation = z.infer<typeof evaluationSchema>;
