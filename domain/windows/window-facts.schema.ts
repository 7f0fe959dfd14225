import { profileSchema, topValuesSchema } from '@tidemark/statistics/profile/profile.schema.ts';
import * as z from 'zod';
import { unusedFactsSchema } from './unused-column.schema.ts';

const count = z.int().nonnegative();

/** What was found on the way to the rows that are judged. None of these rows is in the profile. */
export const leftOutSchema = z.object({
  /** Captures that cannot be read. */
  malformed: count,
  /** Predictions that were found again, by inference id. */
  duplicates: count,
  /** Predictions of other versions than the judged one, by version; `unknown` where the capture does not say. */
  otherVersions: z.record(z.string(), count),
});
export type LeftOut = z.infer<typeof leftOutSchema>;

/** What became of the labels that arrived. */
export const labelCountsSchema = z.object({
  /** Found their prediction, made by the judged version. */
  joined: count,
  /** Name a prediction of a version that is not judged any more. */
  formerVersions: count,
  /** Name a prediction that was not captured, or not yet. */
  unmatched: count,
  /** Say again what is known. */
  repeated: count,
  /** Contradict an earlier label. */
  conflicting: count,
  /** Cannot be read, or are not numbers although the target is one. */
  malformed: count,
  /** Name no class of the version. */
  unknownClass: count,
  /** Are not there: a file names the prediction without a label. */
  notYet: count,
});
export type LabelCounts = z.infer<typeof labelCountsSchema>;

/** A prediction whose label has arrived. */
export const labelledPredictionSchema = z.object({
  /** 52 bits of the SHA-256 of its inference id: what is kept is chosen by it, and ordered. */
  hash: count,
  /** The window in which it was made. */
  windowId: z.string(),
  /** As `Predictions.labels` has it: 0 or 1, the index of the class (-1: a class that the model does not know), or the number. */
  label: z.number(),
  /** As the model answered: one number, or one per class. */
  prediction: z.array(z.number()).min(1),
  /** The value of each segment column, in the baseline's order; `null` for none. */
  segments: z.array(z.string().nullable()),
});
export type LabelledPrediction = z.infer<typeof labelledPredictionSchema>;

/**
 * Predictions whose labels have arrived: all of them, or, of more than can be kept, those with the smallest hashes, which is a
 * uniform sample (of bottom-k sketches: Cohen and Kaplan, 2007) that does not depend on how the rows were cut and merged.
 */
export const labelledSampleSchema = z.object({
  /** How many there were. */
  seen: count,
  /** By hash. */
  kept: z.array(labelledPredictionSchema),
});
export type LabelledSample = z.infer<typeof labelledSampleSchema>;

/** The rows of one value of a segment column. */
export const segmentValueSchema = z.object({
  /** As monitored; `(rare)` for all values that the baseline does not list, `null` for rows without one. */
  value: z.string().nullable(),
  rows: count,
  /** By monitored column: rows per bin of the plan (of categories one more, for all that it does not list), then the rows without a value. */
  columns: z.record(z.string(), z.array(count)),
});
export type SegmentValue = z.infer<typeof segmentValueSchema>;

/** What a segment column's values that are not listed are called. */
export const rareSegment = '(rare)';

/**
 * `profile.json` of a window, and the hold-out in a baseline: everything that verdicts are made of, and no row. It merges: the
 * facts of two slices of a window make the facts of both.
 */
export const windowFactsSchema = z.object({
  schemaVersion: z.literal(1),
  /** The training run of the judged version: facts of another were counted by another plan. */
  runId: z.string(),
  /** Predictions of the judged version, each once. */
  rows: count,
  /** When the first and the last were made, by the clock of the capturing service; ISO 8601. */
  earliest: z.iso.datetime().nullable(),
  latest: z.iso.datetime().nullable(),
  leftOut: leftOutSchema,
  labels: labelCountsSchema,
  /** Of the monitored columns, `prediction` the last, against the baseline's plan. */
  profile: profileSchema,
  /** Rows by bin of the prediction, on the edges of the baseline's calibration; `null` where it has none. */
  predictionCounts: z.array(count).nullable(),
  labelled: labelledSampleSchema,
  /** In the plan's order; values by name. */
  segments: z.array(z.object({ column: z.string(), values: z.array(segmentValueSchema) })),
  /** Categories that the encoding does not know, as they were sent, by column. */
  unknownCategories: z.array(z.object({ column: z.string(), values: topValuesSchema })),
  /** What records hold in the columns that the model does not read, in the plan's order. */
  unused: z.array(unusedFactsSchema),
});
export type WindowFacts = z.infer<typeof windowFactsSchema>;
