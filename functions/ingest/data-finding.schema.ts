import { revealingSchema, sentenceSchema } from '@tidemark/statistics/sentence.ts';
import * as z from 'zod';

/** One thing that is wrong with a file or a batch, for the person who can fix it. */
export const dataFindingSchema = z.object({
  /** Name of the check, as in `docs/design/ingest.md`. */
  check: z.string(),
  /** What is wrong, with numbers and names. Like `why` and `remedy` it goes into events, so it holds no value of the data. */
  what: sentenceSchema,
  /** Why it is not accepted. */
  why: sentenceSchema,
  remedy: sentenceSchema,
  /** What a person sees besides, with values of the data. Only reports have it. */
  shown: revealingSchema.nullable(),
  /** The first offenders: where they stand and what stands there. Only reports have them. */
  examples: z.array(z.object({ where: sentenceSchema, text: z.string() })),
});
export type DataFinding = z.infer<typeof dataFindingSchema>;
export type Example = DataFinding['examples'][number];
