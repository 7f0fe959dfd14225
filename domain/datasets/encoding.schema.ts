import { problemTypeSchema } from '@tidemark/statistics/metrics/metric-names.ts';
import { columnTypeSchema } from '@tidemark/statistics/tables/column.schema.ts';
import * as z from 'zod';

/** Parts of a time that come round again, the shortest cycle first. */
export const timeParts = ['hour', 'day-of-week', 'day-of-month', 'month', 'day-of-year'] as const;

const vocabulary = {
  column: z.string(),
  /** Spellings that training took for missing, besides those that `docs/values.md` says are missing in every column of the type. */
  missing: z.array(z.string()).optional(),
  /** Whether no training row was without a value. */
  neverMissing: z.boolean().optional(),
};

/**
 * How one raw column becomes numbers. Missing is always an empty CSV field, which XGBoost learns a direction for.
 * Derived columns of a timestamp are named `<column>.<part>`.
 */
export const featureEncodingSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('number'), ...vocabulary }),
  z.object({ kind: z.literal('boolean'), ...vocabulary }),
  z.object({
    kind: z.literal('category'),
    ...vocabulary,
    /** Value of each known category; `other` for every category not seen in training. */
    values: z.record(z.string(), z.number()),
    other: z.number(),
    /** `target-mean`: smoothed mean of the label over the training split; `index`: rank by frequency. */
    method: z.enum(['target-mean', 'index']),
  }),
  z.object({
    kind: z.literal('time'),
    ...vocabulary,
    /** How requests spell it, as the definition says; ISO 8601 without it. */
    format: z.string().optional(),
    parts: z.array(z.enum(timeParts)),
  }),
]);
export type FeatureEncoding = z.infer<typeof featureEncodingSchema>;

/** `encoding.json`: fitted on the training split; used at training, at inference and to read captures back. */
export const encodingSchema = z.object({
  schemaVersion: z.literal(1),
  model: z.string(),
  problem: problemTypeSchema,
  target: z.object({
    column: z.string(),
    /** Binary from a number: positive when above. */
    above: z.number().nullable(),
    /** Values that count as no, the most frequent of the training rows, where there are several. */
    others: z.array(z.string()).optional(),
    /** How the data spell it: a label may be missing in the same ways. */
    spelling: z.object({ type: columnTypeSchema, missing: z.array(z.string()).optional() }).optional(),
    /** Label of each class, in the order of their numbers 0, 1, …; empty for regression. */
    classes: z.array(z.string()),
  }),
  features: z.array(featureEncodingSchema).min(1),
  /** Names of the encoded columns, in the order of the CSV that the model reads. */
  encodedColumns: z.array(z.string()).min(1),
});
export type Encoding = z.infer<typeof encodingSchema>;
