import { calibrationSchema, holdoutBlockSchema } from '@tidemark/statistics/drift/quality.schema.ts';
import { estimateSchema } from '@tidemark/statistics/metrics/estimate.schema.ts';
import { problemTypeSchema } from '@tidemark/statistics/metrics/metric-names.ts';
import { binningPlanSchema } from '@tidemark/statistics/profile/binning-plan.schema.ts';
import * as z from 'zod';
import { monitoredColumnSchema } from './monitored.schema.ts';
import { unusedColumnSchema } from './unused-column.schema.ts';
import { windowFactsSchema } from './window-facts.schema.ts';

/** A segment column that windows can be cut by. */
export const segmentPlanSchema = z.object({
  column: z.string(),
  /** Where a row's value is: among its monitored values, or only in the record as it was sent. */
  source: z.enum(['monitored', 'record']),
  /** Most frequent first; all others are `(rare)`. */
  values: z.array(z.string()),
});
export type SegmentPlan = z.infer<typeof segmentPlanSchema>;

/** What rows are counted by. Fixed by the baseline, so that whatever is counted by it can be merged and compared. */
export const windowPlanSchema = z.object({
  runId: z.string(),
  problem: problemTypeSchema,
  /** `monitoredColumns` of the encoding. */
  columns: z.array(monitoredColumnSchema),
  bins: binningPlanSchema,
  /** Columns that are parts of a time, and how long each takes to come round. */
  timeParts: z.array(z.object({ name: z.string(), cycleDays: z.number().positive() })),
  /** Edges of the calibration's bins; `null` where quality cannot be estimated from predictions. */
  predictionEdges: z.array(z.number()).nullable(),
  segments: z.array(segmentPlanSchema),
  /** Columns of the dataset that the model does not read. */
  unused: z.array(unusedColumnSchema),
});
export type WindowPlan = z.infer<typeof windowPlanSchema>;

const metricsSchema = z.record(z.string(), estimateSchema);

/**
 * `baseline.json`: what windows of predictions are compared with. The hold-out in monitored form with the predictions that were
 * judged, as the model has seen the training rows. Bins are made from training rows and counts from the hold-out: a bin that
 * was made from the rows that it counts fits them better than any later ones.
 */
export const baselineSchema = z.object({
  schemaVersion: z.literal(1),
  model: z.string(),
  datasetId: z.string(),
  plan: windowPlanSchema,
  /** Training rows that the bins were made from. */
  plannedRows: z.int().nonnegative(),
  /** Labels of the classes, in the order of their numbers; empty for regression. */
  classes: z.array(z.string()),
  /** A binary model says yes from this probability on. */
  decisionThreshold: z.number().nullable(),
  holdout: windowFactsSchema,
  quality: z.object({
    /** The metric that a loss of quality is told by, with its standard error on the hold-out. */
    metric: z.string(),
    value: z.number(),
    standardError: z.number().nonnegative(),
    rows: z.int(),
    /** The same metric of a guess that knows nothing of the features. */
    guess: z.number(),
    calibration: calibrationSchema.nullable(),
    /** The hold-out in stretches as long as a window, where its rows have a time. Baselines of before they were made have none. */
    blocks: z.array(holdoutBlockSchema).default([]),
    /** All metrics with their intervals at `confidence`. */
    metrics: metricsSchema,
    confidence: z.number(),
    segments: z.array(
      z.object({
        column: z.string(),
        values: z.array(
          z.object({ value: z.string().nullable(), rows: z.int(), metrics: metricsSchema.nullable() }),
        ),
      }),
    ),
  }),
});
export type Baseline = z.infer<typeof baselineSchema>;
