import { announcedColumnSchema } from '@tidemark/domain/events/column-findings.schema.ts';
import { revealingSchema, sentenceSchema } from '@tidemark/statistics/sentence.ts';
import * as z from 'zod';

/** What a version says of a column that it does not use, or uses with a warning. Stays in S3: `sentence` may hold a value. */
export const columnFindingSchema = announcedColumnSchema.extend({
  /** Whether the model reads the column all the same. */
  used: z.boolean(),
  /** Training rows, and those with a value. */
  rows: z.int().nonnegative(),
  present: z.int().nonnegative(),
  /** About how many different values there are; `null` where they are not counted. */
  distinct: z.int().nonnegative().nullable(),
  /** For a reader of the evaluation, with the value or the class that it is about. */
  sentence: revealingSchema,
  /** For events, mails and logs: the same without any value. */
  announcement: sentenceSchema,
});
export type ColumnFinding = z.infer<typeof columnFindingSchema>;
