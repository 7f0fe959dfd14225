import * as z from 'zod';
import { columnTypeSchema } from '../tables/column.schema.ts';
import { binningPlanSchema } from './binning-plan.schema.ts';

/** What a thread is asked for: some rows of a CSV file. */
export const threadInputSchema = z.object({
  path: z.string(),
  layout: z.object({
    delimiter: z.string(),
    names: z.array(z.string()),
    start: z.int(),
    columns: z.array(z.object({ name: z.string(), type: columnTypeSchema.nullable() })),
    guessed: z.boolean(),
  }),
  plan: binningPlanSchema.optional(),
  seed: z.int(),
  /** Bytes of the file. */
  range: z.object({ start: z.int(), end: z.int().optional() }),
});
export type ThreadInput = z.infer<typeof threadInputSchema>;
