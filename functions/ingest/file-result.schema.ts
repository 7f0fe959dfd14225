import { objectPinSchema, partSchema } from '@tidemark/domain/datasets/manifest.schema.ts';
import { profileSchema } from '@tidemark/statistics/profile/profile.schema.ts';
import { sentenceSchema } from '@tidemark/statistics/sentence.ts';
import { columnTypeSchema } from '@tidemark/statistics/tables/column.schema.ts';
import * as z from 'zod';
import { dataFindingSchema } from './data-finding.schema.ts';
import { dataWarningSchema } from './shown-warning.schema.ts';

const rows = z.int().nonnegative();

/** Rows by their hash, thinned out evenly: every row with a hash below a limit that depends on the file. */
export const rowSampleSchema = z.object({
  /** Hashes below this are in the sample; `null` when all are. */
  below: z.string().nullable(),
  /** Each hash, in decimal, with the number of rows that have it. */
  hashes: z.array(z.tuple([z.string(), rows])),
});
export type RowSample = z.infer<typeof rowSampleSchema>;

/** What the target holds. */
export const targetSummarySchema = z.object({
  /** Different values, exactly. */
  distinct: rows,
  /** The most frequent values in canonical spelling: all of them when there are few. */
  values: z.array(z.object({ value: z.string(), rows })),
  /** Rows that count as yes, for a target with `above` or `positive`. */
  positive: rows.nullable(),
});
export type TargetSummary = z.infer<typeof targetSummarySchema>;

export const acceptableFileSchema = z.object({
  format: z.enum(['csv', 'json-lines', 'parquet']),
  columns: z.array(z.object({ name: z.string(), type: columnTypeSchema.nullable() })).min(1),
  part: partSchema,
  /** Rows without a target, which are not in the part. */
  unlabelledRows: rows,
  /** What was left out without being asked for. */
  notes: z.array(sentenceSchema).default([]),
  /** What its owner should look at. */
  warnings: z.array(dataWarningSchema).default([]),
  distinctRows: rows,
  rowSample: rowSampleSchema,
  target: targetSummarySchema,
  profile: profileSchema,
});
export type AcceptableFile = z.infer<typeof acceptableFileSchema>;

/** `datasets/<model>/batches/<batchId>/files/<hash of key>.json`: what validation found in one file. */
export const fileResultSchema = z.object({
  schemaVersion: z.literal(1),
  object: objectPinSchema,
  size: z.int().nonnegative(),
  finding: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('acceptable'), ...acceptableFileSchema.shape }),
    z.object({ kind: z.literal('unacceptable'), problems: z.array(dataFindingSchema).min(1) }),
  ]),
});
export type FileResult = z.infer<typeof fileResultSchema>;

/** All of a result that is needed to hold the next file against it; the rest, a thousand times as large, is not looked at. */
export const fileColumnsSchema = z.object({
  finding: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('acceptable'), columns: acceptableFileSchema.shape.columns }),
    z.object({ kind: z.literal('unacceptable') }),
  ]),
});
