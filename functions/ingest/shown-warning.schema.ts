import { announcedWarningSchema } from '@tidemark/domain/events/data-warning.schema.ts';
import { sentenceSchema } from '@tidemark/statistics/sentence.ts';
import * as z from 'zod';

/** Something about a file that is accepted. Stays in S3: `examples` hold values. */
export const dataWarningSchema = announcedWarningSchema.extend({
  /** For people, without any value of the data. */
  what: sentenceSchema,
  remedy: sentenceSchema,
  /** The first of its rows, and what stands there. */
  examples: z.array(z.object({ where: z.string(), text: z.string() })),
});
export type DataWarning = z.infer<typeof dataWarningSchema>;
