import * as z from 'zod';

/** Numbers, by where they lie. Bins are half open: a value that equals an edge is in the bin above it. */
export const edgesPlanSchema = z.object({
  kind: z.literal('edges'),
  name: z.string(),
  /** Ascending, each once; there is one bin more than there are edges. */
  edges: z.array(z.number()).min(1),
});
export type EdgesPlan = z.infer<typeof edgesPlanSchema>;

/** Categories, and numbers of which there are few different ones: a bin for each value, one for other known and one for new values. */
export const valuesPlanSchema = z.object({
  kind: z.literal('values'),
  name: z.string(),
  /** Most frequent first; spelled as a profile spells them. */
  values: z.array(z.string()),
  /**
   * The baseline's other values by their hashes (`value-hash.ts`): 8 bytes each, big-endian, ascending, as base64; empty when there
   * are none. `null` when the baseline has more values than it kept: then a new value cannot be told.
   */
  rare: z.base64().nullable(),
});
export type ValuesPlan = z.infer<typeof valuesPlanSchema>;

export const columnPlanSchema = z.discriminatedUnion('kind', [edgesPlanSchema, valuesPlanSchema]);
export type ColumnPlan = z.infer<typeof columnPlanSchema>;

/** Bins that a baseline fixes, so that whatever is compared with it is counted alike and merges exactly. */
export const binningPlanSchema = z.object({
  schemaVersion: z.literal(1),
  /** Columns without an entry (times, and those without values in the baseline) are not binned. */
  columns: z.array(columnPlanSchema),
});
export type BinningPlan = z.infer<typeof binningPlanSchema>;
