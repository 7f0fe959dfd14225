import { driftVerdictSchema } from '@tidemark/statistics/drift/drift.schema.ts';
import { qualityBasisSchema, qualityVerdictSchema } from '@tidemark/statistics/drift/quality.schema.ts';
import * as z from 'zod';

/** What is remembered of a window that was replayed and judged. */
export const replayedWindowSchema = z.object({
  name: z.string(),
  what: z.string(),
  /** Predictions that were asked for. */
  asked: z.int(),
  windowId: z.string(),
  /** Predictions that were judged. */
  rows: z.int(),
  verdict: driftVerdictSchema,
  headline: z.string(),
  /** Columns that drift, the farthest first, and otherwise the farthest alone. */
  columns: z.array(z.object({ name: z.string(), distance: z.number(), drifts: z.boolean() })),
  quality: z.object({
    verdict: qualityVerdictSchema,
    basis: qualityBasisSchema,
    metric: z.string(),
    value: z.number().nullable(),
  }),
  /** CloudWatch's states after the window, by the alarm's kind. */
  alarms: z.record(z.string(), z.string()),
  /** The page for people, as seen from the state directory. */
  report: z.string(),
});
export type ReplayedWindow = z.infer<typeof replayedWindowSchema>;
