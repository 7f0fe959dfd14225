import { columnKindSchema } from '@tidemark/statistics/drift/drift.schema.ts';
import * as z from 'zod';

/** A column that is monitored; see `monitoredColumns`. */
export const monitoredColumnSchema = z.object({
  name: z.string(),
  type: columnKindSchema,
});
export type MonitoredColumn = z.infer<typeof monitoredColumnSchema>;

/** A number, the name of a category, or `null` where it is missing. */
export const monitoredValueSchema = z.union([z.number(), z.string(), z.null()]);
export type MonitoredValue = z.infer<typeof monitoredValueSchema>;

/** What a caller sent for one prediction, before it was encoded: names and what JSON holds. */
export const rawRecordSchema = z.record(z.string(), z.unknown());
export type RawRecord = z.infer<typeof rawRecordSchema>;

/** One captured prediction in monitored form. */
export const monitoredRowSchema = z.object({
  /** Names the prediction: labels join by it, and what was captured twice counts once. */
  inferenceId: z.string(),
  /** When it was predicted, by the clock of the capturing service; ISO 8601 in UTC. */
  time: z.iso.datetime(),
  /** The version that answered; `null` if the capture does not say. */
  version: z.int().positive().nullable(),
  /** In the order of `monitoredColumns`; the last is the prediction. */
  values: z.array(monitoredValueSchema),
  /** What the model answered: one number, or one per class in the order of the encoding's classes. */
  prediction: z.array(z.number()).min(1),
  /** As it was sent to the prediction function; `null` for what was captured encoded. */
  record: rawRecordSchema.nullable(),
});
export type MonitoredRow = z.infer<typeof monitoredRowSchema>;
