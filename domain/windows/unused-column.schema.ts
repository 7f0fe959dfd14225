import { columnTypeSchema } from '@tidemark/statistics/tables/column.schema.ts';
import * as z from 'zod';

/** A column of the dataset that the version does not read, and what training knew of it. */
export const unusedColumnSchema = z.object({
  column: z.string(),
  type: columnTypeSchema,
  /** `varied`: it had several values, as identifiers and free text have. */
  was: z.enum(['empty', 'constant', 'varied']),
  /** The only value, as `spelled` has it; `null` for any other column. */
  only: z.string().nullable(),
  /** Share of the training rows that had a value, from 0 to 1. */
  presentShare: z.number(),
});
export type UnusedColumn = z.infer<typeof unusedColumnSchema>;

const count = z.int().nonnegative();

/** What some records hold in such a column. Encoded rows hold nothing of it, and are not counted. */
export const unusedFactsSchema = z.object({
  column: z.string(),
  /** Records that have the field at all, and those of them with a value. */
  sent: count,
  present: count,
  /** Values other than training's only one. */
  different: count,
  /** The only value of these records; `null` where there is none, or there are several. */
  only: z.string().nullable(),
  several: z.boolean(),
});
export type UnusedFacts = z.infer<typeof unusedFactsSchema>;
