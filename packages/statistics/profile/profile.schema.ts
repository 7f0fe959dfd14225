import * as z from 'zod';
import { columnTypeSchema } from '../tables/column.schema.ts';

const rows = z.int().nonnegative();
const numberOrNull = z.number().nullable();
const valueRowsSchema = z.object({ value: z.string(), rows });

/** Count, mean and sum of squared deviations from the mean: what variances merge from. All 0 without values. */
export const profileMomentsSchema = z.object({ n: rows, mean: z.number(), m2: z.number().nonnegative() });
export type ProfileMoments = z.infer<typeof profileMomentsSchema>;

/**
 * Values that stand for all, a KLL sketch (Karnin, Lang and Liberty, 2016): an item of level i stands for 2^i values. Read it with
 * `quantile` and `rank` of `quantile-sketch.ts`.
 */
export const quantileSketchSchema = z.object({
  n: rows,
  /** Each level sorted. */
  levels: z.array(z.array(z.number())),
  /**
   * Sum of the squared ranges, in ranks, of the independent errors that were made. It adds up under merging; Hoeffding's inequality
   * makes `rankError` of it.
   */
  squaredErrorRanges: z.number().nonnegative(),
  /** The rank of a value, as a share of n, is off by no more than this in 99 of 100 cases; 0 as long as every value is kept. */
  rankError: z.number().min(0),
});
export type QuantileSketch = z.infer<typeof quantileSketchSchema>;

/** How many different values there are. */
export const distinctSchema = z.object({
  estimate: rows,
  /** Relative; 0 when the count is exact, as it is for up to 2,048 values, all of which `top` then has. */
  standardError: z.number().min(0),
  /**
   * 4,096 HyperLogLog registers (Flajolet et al., 2007), as base64; `null` when the count is exact. A byte with the smallest register,
   * then each one's excess over it in 4 bits, the first in the highest bits; where it is 15 or more, 15, and behind all of them, in their order, a
   * byte each with the register itself. Registers do not depend on the order of values, nor on how they were cut and merged.
   */
  registers: z.string().nullable(),
});
export type Distinct = z.infer<typeof distinctSchema>;

/**
 * The most frequent values: most rows first, then by name. Numbers are spelled as JSON spells them, times in ISO 8601; of a text of more
 * than 256 bytes stand the beginning and a hash.
 */
export const topValuesSchema = z.object({
  /** Whether these are all values, exactly counted. */
  complete: z.boolean(),
  /** No value has more rows than stand here plus this many (Misra and Gries, 1982); 0 when complete. A value not listed stands for 0. */
  undercount: rows,
  /** Pairs, as there may be thousands: a value and its rows. */
  values: z.array(z.tuple([z.string(), rows])),
});
export type TopValues = z.infer<typeof topValuesSchema>;

/**
 * Rows per bin of a plan's edges: `counts[0]` below the first edge, `counts[i]` from `edges[i - 1]` up to but not including `edges[i]`,
 * the last from the last edge on. One more count than edges.
 */
export const histogramSchema = z.object({ edges: z.array(z.number()), counts: z.array(rows).min(1) });
export type Histogram = z.infer<typeof histogramSchema>;

/** Rows per value of a plan. Every value that is present is in exactly one of `values`, `other` and `new`. */
export const categoriesSchema = z.object({
  /** The plan's values in its order, with 0 rows for those that do not occur. */
  values: z.array(valueRowsSchema),
  /** Rows with a value that the baseline has, but seldom; with all values that are not in the plan, where `new` is `null`. */
  other: rows,
  /** Rows with a value that the baseline does not have; `null` when it has more values than the plan knows. */
  new: rows.nullable(),
  /** The most frequent of the new values: complete up to 256. */
  topNew: topValuesSchema,
});
export type Categories = z.infer<typeof categoriesSchema>;

/** What is known of one column: rows = missing + unreadable + rows with a value. */
export const columnProfileSchema = z.object({
  name: z.string(),
  /** `null` when the column has no values to tell it by. */
  type: columnTypeSchema.nullable(),
  rows,
  /** Rows without a value, NaN among them. They count nowhere else. */
  missing: rows,
  /** Rows with something that is not of the type: text in a column of numbers, an infinity. They count nowhere else. */
  unreadable: rows,
  distinct: distinctSchema,
  /** Of integers and numbers; `null` without values and for other types. */
  minimum: numberOrNull,
  maximum: numberOrNull,
  /** Of integers and numbers, else `null`. */
  moments: profileMomentsSchema.nullable(),
  /** Of integers and numbers; `null` for other types, and while `top` has all values, which tell every quantile exactly. */
  quantiles: quantileSketchSchema.nullable(),
  /** Of timestamps, in ISO 8601 to the millisecond. */
  earliest: z.string().nullable(),
  latest: z.string().nullable(),
  /** Of numbers and timestamps only while complete; `null` beyond that: none is frequent enough to name. */
  top: topValuesSchema.nullable(),
  /** `null` unless the column was planned with edges. */
  histogram: histogramSchema.nullable(),
  /** `null` unless the column was planned with values. */
  categories: categoriesSchema.nullable(),
});
export type ColumnProfile = z.infer<typeof columnProfileSchema>;

/**
 * What one pass over rows found. Profiles of disjoint rows merge (`mergeProfiles`) into the profile of all: counts, extremes, bins,
 * categories and distinct counts exactly, moments to rounding, quantiles and top values within the error that stands beside them.
 */
export const profileSchema = z.object({
  schemaVersion: z.literal(3),
  rows,
  columns: z.array(columnProfileSchema),
});
export type Profile = z.infer<typeof profileSchema>;
