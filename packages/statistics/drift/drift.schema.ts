import * as z from 'zod';

const rows = z.int().nonnegative();
const share = z.number().min(0).max(1);

/** Names of the last two bins of a category column. */
export const otherLabel = '(other)';
export const newLabel = '(new)';

/** Rows of one column on one side of the comparison. */
export const binCountsSchema = z.object({
  /** Rows per bin; the same bins on both sides. */
  counts: z.array(rows),
  /** Rows without a value. They are in no bin. */
  missing: rows,
});
export type BinCounts = z.infer<typeof binCountsSchema>;

const momentsSchema = z.object({ mean: z.number(), standardDeviation: z.number().nonnegative() });

/** Whether both sides have the column. */
export const presenceSchema = z.enum(['both', 'absent-in-window', 'unknown-to-reference']);

/** What drift is looked for in. */
const roleSchema = z.enum(['feature', 'prediction']);

/** How a column is compared: by its distribution, or by the shares of its values. */
export const columnKindSchema = z.enum(['number', 'category']);

/** What is said of a window. */
export const driftVerdictSchema = z.enum(['stable', 'drift', 'insufficient-data']);

const comparedBase = {
  name: z.string(),
  /** What the model says is compared like what it is told, and named first in reports. */
  role: roleSchema,
  presence: presenceSchema,
  /** The reference's only value, where it had only one. */
  constant: z.union([z.number(), z.string()]).optional(),
  reference: binCountsSchema,
  current: binCountsSchema,
};

/**
 * A column of the reference beside the same column of a window.
 *
 * The tests hold exactly if bins were chosen without looking at the rows that are counted here: edges and categories from the
 * training split, counts from the hold-out and the window. Categories that were chosen from the very rows of the reference
 * would leave its new bin empty by construction, and a column of names would drift in every window.
 */
export const comparedColumnSchema = z.discriminatedUnion('kind', [
  z.object({
    ...comparedBase,
    kind: z.literal('number'),
    /** Ascending. Bins are below the first edge, from each edge (included) to the next (excluded), and from the last edge on: one more than edges. */
    edges: z.array(z.number()).min(1),
    /** Of the values that are not missing; without it no distance in standard deviations is reported. */
    moments: z.object({ reference: momentsSchema, current: momentsSchema }).optional(),
  }),
  z.object({
    ...comparedBase,
    kind: z.literal('category'),
    /** One per bin. Values too rare for a bin count under `(other)`, those that no row of training had under `(new)`, the last two. */
    labels: z.array(z.string()).min(1),
  }),
]);
export type ComparedColumn = z.infer<typeof comparedColumnSchema>;

/** What it takes to call something drift. */
export const driftPolicySchema = z.object({
  /** Probability that a window without drift is called drift; see `alphaPerWindow`. */
  alpha: z.number().gt(0).lt(1),
  /** Debiased Jensen-Shannon distance (base 2, 0 to 1) below which a change does not matter, however certain. */
  minimumDistance: share,
  /** A window is clear below this share of the minimum distance. */
  clearShare: share.default(0.8),
  /** With fewer rows on either side nothing is judged. */
  minimumRows: z.int().positive(),
  /** Of the simulation behind the tests. Take another for every window, such as `seedOf(windowId)`. */
  seed: z.int().nonnegative(),
  /** Benjamini-Hochberg holds for tests that are independent or rise together, Benjamini-Yekutieli for any, at some power. */
  procedure: z.enum(['benjamini-hochberg', 'benjamini-yekutieli']).default('benjamini-hochberg'),
});
/** As stored, with defaults filled in. */
export type DriftPolicy = z.infer<typeof driftPolicySchema>;
/** As given. */
export type DriftPolicyInput = z.input<typeof driftPolicySchema>;

/** What a test looks at: the shares of all bins, the order of the values, or the share of missing values. */
export const testKindSchema = z.enum(['shape', 'location', 'missing']);

/** A test of "nothing has changed", with everything that is needed to compute it again. */
export const driftTestSchema = z.object({
  what: testKindSchema,
  /** Name of the statistic and its convention, in words. */
  statistic: z.object({ name: z.string(), value: z.number() }),
  /** Probability of a statistic at least as extreme if nothing has changed. Never 0. */
  p: share,
  /** The smallest alpha of the window at which this test is significant, all tests of all columns considered. */
  adjustedP: share,
  significant: z.boolean(),
  /** How the p-value was found. */
  method: z.enum(['exact', 'approximation', 'importance-sampling']),
  /** The method in a sentence, with its source. */
  convention: z.string(),
  /** Draws of a simulation and the seed of its first; absent where nothing is drawn. */
  simulation: z.object({ draws: z.int(), seed: z.int() }).optional(),
});
export type DriftTest = z.infer<typeof driftTestSchema>;

/** A distance of two distributions. */
export const distanceSchema = z.object({
  name: z.enum([
    'jensen-shannon',
    'jensen-shannon-debiased',
    'jensen-shannon-missing',
    'jensen-shannon-missing-debiased',
    'population-stability-index',
    'total-variation',
    'largest-difference',
    'wasserstein-1-binned',
  ]),
  value: z.number().nonnegative(),
  /** Base, root, smoothing: what makes the number comparable with others of its name, and with no others. */
  convention: z.string(),
});
export type Distance = z.infer<typeof distanceSchema>;

/** What is said of one column. */
export const columnJudgementSchema = z.object({
  name: z.string(),
  role: roleSchema,
  kind: columnKindSchema,
  presence: presenceSchema,
  /** `not-judged`: the reference does not have the column, or too few rows on one side. */
  verdict: z.enum(['stable', 'drift', 'not-judged']),
  /** Not significant, or clearly below the minimum distance: what ends an episode. */
  isClear: z.boolean(),
  /** What drifts: values, the share that is missing, or the column as such. */
  drifting: z.array(z.enum(['values', 'missing', 'presence'])),
  rows: z.object({ reference: rows, current: rows }),
  missingShare: z.object({ reference: share, current: share }),
  tests: z.array(driftTestSchema),
  distances: z.array(distanceSchema),
  /** The larger of the debiased distances of values and of missing values: what columns are ranked by. */
  effect: share,
  /** Probability that a value of the window is above one of the reference, ties counting half; numbers only. */
  shareAbove: share.optional(),
  /** The bins whose share has changed most, the largest change first. */
  movedBins: z.array(z.object({ bin: z.string(), reference: share, current: share })),
  /** In plain words, with the figures. */
  sentence: z.string(),
});
export type ColumnJudgement = z.infer<typeof columnJudgementSchema>;

export const driftJudgementSchema = z.object({
  version: z.literal(1),
  verdict: driftVerdictSchema,
  /** Nothing drifts, and nothing is close to it: an episode of drift is over. Never true of insufficient data. */
  isClear: z.boolean(),
  policy: driftPolicySchema,
  rows: z.object({ reference: rows, current: rows }),
  /** How many tests shared the alpha. */
  tests: rows,
  /** In the order given. */
  columns: z.array(columnJudgementSchema),
  sentence: z.string(),
});
export type DriftJudgement = z.infer<typeof driftJudgementSchema>;
