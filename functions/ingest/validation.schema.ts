import { manifestSchema, objectPinSchema, partSchema } from '@tidemark/domain/datasets/manifest.schema.ts';
import { profileSchema } from '@tidemark/statistics/profile/profile.schema.ts';
import { sentenceSchema } from '@tidemark/statistics/sentence.ts';
import { columnSchema } from '@tidemark/statistics/tables/column.schema.ts';
import * as z from 'zod';
import { dataFindingSchema } from './data-finding.schema.ts';
import { dataWarningSchema } from './shown-warning.schema.ts';

const rows = z.int().nonnegative();

/** `validation.json`: what was decided about a batch, and the profile it was decided on. */
export const validationSchema = z.object({
  schemaVersion: z.literal(1),
  model: z.string(),
  batchId: z.string(),
  /** The dataset whose schema the batch was held against; `null` for a model's first. */
  judgedAgainst: z.string().nullable(),
  files: z.array(
    z.object({
      object: objectPinSchema,
      size: rows,
      accepted: z.boolean(),
      /** What is wrong with this file; empty for a good one, also when its batch is rejected. */
      problems: z.array(dataFindingSchema),
    }),
  ),
  /** What is wrong with the batch as a whole: then no file of it is accepted. */
  batchProblems: z.array(dataFindingSchema),
  /** Schema of the dataset that the batch leads to, if it has accepted files. */
  columns: z.array(columnSchema),
  splitMethod: manifestSchema.shape.splitMethod,
  /** Accepted parts; files with the same content share one. */
  parts: z.array(partSchema),
  /** Rows without a target that were left out. */
  unlabelledRows: rows,
  /** What was left out of accepted files without being asked for; each sentence once. */
  notes: z.array(sentenceSchema).default([]),
  /** What the owner of the accepted files should look at: of each column and kind the first. */
  warnings: z.array(dataWarningSchema.extend({ key: z.string() })).default([]),
  /** Profile of the accepted files' labelled rows. */
  profile: profileSchema,
  /** Most frequent values of the target, or all if they are few. */
  targetValues: z.array(z.object({ value: z.string(), rows })),
});
export type Validation = z.infer<typeof validationSchema>;
