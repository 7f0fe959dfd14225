import { z } from 'zod';
import { estimateSchema } from '../registry/records.schema.ts';

const rows = z.int().nonnegative();

/** A metric of some rows. Intervals are for people; tests need the standard error. */
export const measuredMetricSchema = z.object({
  metric: z.string(),
  value: z.number(),
  standardError: z.number().nonnegative(),
  rows,
});
export type MeasuredMetric = z.infer<typeof measuredMetricSchema>;

/**
 * How often predictions of the baseline were right, by bin of the prediction; sums of rows, so that it merges. Bins are below
 * the first edge, from each edge (included) to the next (excluded), and from the last edge on.
 */
export const calibrationSchema = z.discriminatedUnion('problem', [
  z.object({
    problem: z.literal('binary'),
    /** Of the probability of yes; 0.5, at which the model decides, is one of them. */
    edges: z.array(z.number()),
    rows: z.array(rows),
    /** Rows whose truth is yes. */
    positives: z.array(rows),
    /** Sum of the probabilities, for the mean of each bin. */
    scores: z.array(z.number()),
  }),
  z.object({
    problem: z.literal('regression'),
    /** Of the predicted number, in the target's unit. */
    edges: z.array(z.number()),
    rows: z.array(rows),
    /** Sums of |error|, error^2 and error^4. */
    absoluteErrors: z.array(z.number()),
    squaredErrors: z.array(z.number()),
    fourthPowers: z.array(z.number()),
  }),
]);
export type Calibration = z.infer<typeof calibrationSchema>;

/** What later quality is held against: written by training, from the hold-out. */
export const qualityBaselineSchema = measuredMetricSchema.extend({
  /** The same metric of a guess that knows nothing of the features. */
  guess: z.number(),
  /** Without it quality cannot be estimated and waits for labels. */
  calibration: calibrationSchema.optional(),
});
export type QualityBaseline = z.infer<typeof qualityBaselineSchema>;

export const qualityPolicySchema = z.object({
  /** Probability that a window without loss is called degraded; see `alphaPerWindow`. */
  alpha: z.number().gt(0).lt(1),
  /** Share of (value - guess) that may be lost. */
  maximumDrop: z.number().min(0).max(1),
  /** A window is clear below this share of the drop that is allowed. */
  clearShare: z.number().min(0).max(1).default(0.8),
  /** With fewer labels the quality is estimated. */
  minimumLabels: z.int().positive(),
  /** With fewer predictions it is not estimated either. */
  minimumRows: z.int().positive(),
  /** Of the resampling behind the estimate's uncertainty. */
  seed: z.int().nonnegative(),
});
export type QualityPolicy = z.infer<typeof qualityPolicySchema>;
export type QualityPolicyInput = z.input<typeof qualityPolicySchema>;

/** A metric that was estimated without labels. */
export const estimatedMetricSchema = estimateSchema.extend({
  metric: z.string(),
  rows,
  /** Of the metric that labels would show: sampling of the window's labels and of the baseline's calibration. */
  standardError: z.number().nonnegative(),
  /** Of the difference to the baseline's metric, whose rows are also the calibration's. */
  standardErrorOfDrop: z.number().nonnegative(),
  /** Name and source of the method, and what it cannot see. */
  convention: z.string(),
});
export type EstimatedMetric = z.infer<typeof estimatedMetricSchema>;

/** How an estimate did, once labels are in. */
export const reconciliationSchema = z.object({
  metric: z.string(),
  estimated: z.number(),
  measured: z.number(),
  /** estimated - measured */
  error: z.number(),
  /** The error in standard errors of both together; absent if neither has any. */
  standardErrors: z.number().optional(),
  /** Whether the estimate's interval holds the measured value. */
  withinInterval: z.boolean(),
});
export type Reconciliation = z.infer<typeof reconciliationSchema>;

export const qualityJudgementSchema = z.object({
  version: z.literal(1),
  /** `insufficient-data`: too few labels, and no way to estimate. */
  verdict: z.enum(['healthy', 'degraded', 'insufficient-data']),
  isClear: z.boolean(),
  /** What the verdict is based on. */
  basis: z.enum(['measured', 'estimated', 'nothing']),
  metric: z.string(),
  baseline: z.object({ value: z.number(), guess: z.number(), standardError: z.number(), rows }),
  /** In the metric's unit: how much worse than the baseline (negative: better), and how much is allowed. */
  drop: z.number().optional(),
  allowedDrop: z.number(),
  /** Probability of such a drop if nothing has been lost, one-sided; absent if nothing could be compared. */
  p: z.number().min(0).max(1).optional(),
  /** How p was found. */
  convention: z.string().optional(),
  /** From labels; absent below `minimumLabels`. */
  measured: measuredMetricSchema.extend(estimateSchema.shape).optional(),
  /** From scores alone; given beside the measured one too, to show how well it does. */
  estimated: estimatedMetricSchema.optional(),
  reconciliation: reconciliationSchema.optional(),
  policy: qualityPolicySchema,
  sentence: z.string(),
});
export type QualityJudgement = z.infer<typeof qualityJudgementSchema>;
