import * as z from 'zod';
import { estimateSchema } from '../metrics/estimate.schema.ts';

const rows = z.int().nonnegative();

/** A metric of some rows. Intervals are for people; tests need the standard error. */
export const measuredMetricSchema = z.object({
  metric: z.string(),
  value: z.number(),
  standardError: z.number().nonnegative(),
  rows,
});
export type MeasuredMetric = z.infer<typeof measuredMetricSchema>;
/** A figure as a test needs it, on whatever scale. */
export type Measurement = Pick<MeasuredMetric, 'value' | 'standardError' | 'rows'>;

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
    problem: z.literal('multiclass'),
    classes: z.int().positive(),
    /**
     * Of the certainty of a row's probabilities (`predictionCertainty`). Bins are those of the first class, where it is what the model says, then those of the second,
     * and so on.
     */
    edges: z.array(z.number()),
    rows: z.array(rows),
    /** Rows whose truth is what the model says. */
    correct: z.array(rows),
    /** Sums of -ln of the probability given to the true class, and of its square. */
    losses: z.array(z.number()),
    squaredLosses: z.array(z.number()),
    /** By what the model says: rows of each true class that it should have said; last, of a class that it does not know. */
    mistaken: z.array(z.array(rows)),
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

/** A stretch of the hold-out as long as a window: what a window without change looks like. */
export const holdoutBlockSchema = z.object({
  value: z.number(),
  standardError: z.number().nonnegative(),
  rows,
  /** Rows by bin of the calibration; `null` without calibration. */
  predictionCounts: z.array(rows).nullable(),
});
export type HoldoutBlock = z.infer<typeof holdoutBlockSchema>;

/** What later quality is held against: written by training, from the hold-out. */
export const qualityBaselineSchema = measuredMetricSchema.extend({
  /** The same metric of a guess that knows nothing of the features. */
  guess: z.number(),
  /** Without it quality cannot be estimated and waits for labels. */
  calibration: calibrationSchema.optional(),
  /** Of a hold-out whose rows have a time; how much windows differ without a change is known by them. */
  blocks: z.array(holdoutBlockSchema).default([]),
});
export type QualityBaseline = z.infer<typeof qualityBaselineSchema>;
export type QualityBaselineInput = z.input<typeof qualityBaselineSchema>;

export const qualityPolicySchema = z.object({
  /** Probability that a window without loss is called degraded; see `alphaPerWindow`. */
  alpha: z.number().gt(0).lt(1),
  /** Share of (expected - guess) that may be lost. */
  maximumDrop: z.number().min(0).max(1),
  /** A window is clear below this share of the drop that is allowed. */
  clearShare: z.number().min(0).max(1).default(0.8),
  /** With fewer labels the quality is estimated. */
  minimumLabels: z.int().positive(),
  /** With fewer predictions, or fewer effective rows of the hold-out, it is not estimated either. */
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
  /** Of the metric that labels would show: the window's labels, the calibration, and how far the estimate was off in blocks of the hold-out. */
  standardError: z.number().nonnegative(),
  /** Of the difference to what is expected: sampling, and how much the estimates of windows differ. */
  standardErrorOfDrop: z.number().nonnegative(),
  /** Of that difference; `null` where how much windows differ is not known, and only sampling counts. */
  degreesOfFreedom: z.number().nullable(),
  /**
   * Standard deviation, beyond sampling, of what labels showed in blocks of the hold-out around the estimate: what a change of the meaning of
   * scores makes of it from window to window. `null` where there are too few blocks: then nothing stands for it.
   */
  unforeseen: z.number().nonnegative().nullable(),
  /** What the metric is expected to be in a window without change. */
  expected: z.number(),
  /** Rows of the hold-out that speak for such predictions (Kish's effective sample size). */
  effectiveRows: z.number().nonnegative(),
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

export const qualityVerdictSchema = z.enum(['healthy', 'degraded', 'insufficient-data']);
export const qualityBasisSchema = z.enum(['measured', 'estimated', 'nothing']);

export const qualityJudgementSchema = z.object({
  version: z.literal(1),
  /** `insufficient-data`: too few labels, and no way to estimate. */
  verdict: qualityVerdictSchema,
  isClear: z.boolean(),
  /** What the verdict is based on. */
  basis: qualityBasisSchema,
  metric: z.string(),
  baseline: z.object({ value: z.number(), guess: z.number(), standardError: z.number(), rows }),
  /** What the metric is expected to be in a window without change, and the windows that say so and how much they differ. */
  expected: z.object({
    value: z.number(),
    blocks: rows,
    earlierWindows: rows,
    /** Of how much windows differ; `null` where that is not known, and only sampling counts. */
    degreesOfFreedom: z.number().nullable(),
  }),
  /** In the metric's unit: how much worse than expected (negative: better), and how much is allowed. */
  drop: z.number().optional(),
  allowedDrop: z.number(),
  /** Probability of such a drop if nothing has been lost, one-sided; absent if nothing could be compared. */
  p: z.number().min(0).max(1).optional(),
  /** How p was found. */
  convention: z.string().optional(),
  /** From labels; absent below `minimumLabels`. */
  measured: measuredMetricSchema.extend(estimateSchema.shape).optional(),
  /** Why it is not estimated from predictions: as many rows of the hold-out speak for such, and they are too few. */
  effectiveRows: z.number().nonnegative().optional(),
  /** From scores alone; given beside the measured one too, to show how well it does. */
  estimated: estimatedMetricSchema.optional(),
  reconciliation: reconciliationSchema.optional(),
  policy: qualityPolicySchema,
  sentence: z.string(),
});
export type QualityJudgement = z.infer<typeof qualityJudgementSchema>;
