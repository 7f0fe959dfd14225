import { estimateSchema } from '@tidemark/statistics/metrics/estimate.schema.ts';
import * as z from 'zod';

/** What a simple model of a text column's words alone reaches; the version's model does not read them. */
export const unreadTextSchema = estimateSchema.extend({
  column: z.string(),
  /** AUC, accuracy or R², by problem. */
  metric: z.string(),
  /** Validation rows that it was measured on: those with a text. */
  rows: z.int(),
});
export type UnreadText = z.infer<typeof unreadTextSchema>;
