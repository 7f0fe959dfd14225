import { z } from 'zod';
import { columnTypeSchema } from '../datasets/manifest.schema.ts';

const rows = z.int().nonnegative();
const numberOrNull = z.number().nullable();

/** A share of the values, 0 to 1, that is at most `value`. */
export const quantileSchema = z.object({ share: z.number(), value: z.number() });

/** What is known of one column. Missing values count in `missing` and nowhere else. */
export const columnProfileSchema = z.object({
  name: z.string(),
  /** `null` when the column has no values to tell it by. */
  type: columnTypeSchema.nullable(),
  rows,
  missing: rows,
  /**
   * Different values: exact up to some 10,000, beyond that an estimate (HyperLogLog, off by a few percent); `null` in a profile
   * that was merged.
   */
  distinct: rows.nullable(),
  /** Of numbers; `null` without values and for other types. */
  minimum: numberOrNull,
  maximum: numberOrNull,
  mean: numberOrNull,
  /** Of a sample (n - 1); `null` below two values. */
  standardDeviation: numberOrNull,
  /** Of timestamps, in ISO 8601. */
  earliest: z.string().nullable(),
  latest: z.string().nullable(),
  /** Of numbers, estimated (t-digest); empty in a profile that was merged. */
  quantiles: z.array(quantileSchema),
  /** The most frequent values of strings and booleans, exactly counted; empty in a profile that was merged. */
  top: z.array(z.object({ value: z.string(), rows })),
});
export type ColumnProfile = z.infer<typeof columnProfileSchema>;

/** Statistics of a relation. */
export const profileSchema = z.object({ rows, columns: z.array(columnProfileSchema) });
export type Profile = z.infer<typeof profileSchema>;
