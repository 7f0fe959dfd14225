import * as z from 'zod';
import { objectPinSchema } from '../datasets/manifest.schema.ts';

/** An object of captured predictions, by version; its bucket is the window's. */
export const captureObjectSchema = z.object({
  key: z.string(),
  versionId: z.string(),
  /** Bytes as it is stored. */
  size: z.int().nonnegative(),
});
export type CaptureObject = z.infer<typeof captureObjectSchema>;

/** An object of labels, by version; its bucket is the data bucket. */
export const labelObjectSchema = captureObjectSchema.extend({
  /** When S3 took it. */
  modifiedAt: z.iso.datetime(),
});
export type LabelObject = z.infer<typeof labelObjectSchema>;

/** An hour of captures, as it stands in their keys: `2026/03/01/14`, in UTC. Text orders as the hours do. */
export const captureHourSchema = z.string().regex(/^\d{4}\/\d{2}\/\d{2}\/\d{2}$/);

const count = z.int().nonnegative();

/** Objects of captures that came late. */
export const lateCapturesSchema = z.object({
  /** They are in this window. */
  taken: count,
  /** They arrived so late that their predictions may have been counted before: they are in no window. */
  left: count,
});
export type LateCaptures = z.infer<typeof lateCapturesSchema>;

/** `window.json`: what belongs to a window, and what the next one must know. Written before anything is read. */
export const windowSchema = z.object({
  schemaVersion: z.literal(1),
  model: z.string(),
  windowId: z.string(),
  /** The scheduled end. */
  end: z.iso.datetime(),
  /** The execution that planned it; another one that comes to the same window plans it again. */
  executionArn: z.string(),
  /** The version that is judged. */
  version: z.int().positive(),
  encoding: objectPinSchema,
  baseline: objectPinSchema,
  /** The window that was finished before; `null` for the first. */
  previousWindowId: z.string().nullable(),
  bucket: z.string(),
  /** What belongs to this window, by hour and key. */
  captures: z.array(captureObjectSchema),
  /** Whether that is everything there was; if not, the rest is for the next window. */
  complete: z.boolean(),
  /** Each slice's first capture, by its position in `captures`, and how many. */
  slices: z.array(z.object({ first: z.int().nonnegative(), count: z.int().positive() })),
  /** Objects of captures that came later than two days after their hour, as a daily sweep found them. */
  late: lateCapturesSchema,
  lookBack: z.object({
    /** Captures were listed from this hour on. */
    from: captureHourSchema,
    /** Keys, from the hour on that the last sweep went up to, that windows before this one have. */
    consumed: z.array(z.string()),
    /** What is not too late is of this hour or later: the next window lists from here, unless it sweeps. */
    next: captureHourSchema,
    /** The last look at everything that is older. */
    swept: z.object({
      /** When the window closed that did it. */
      at: z.iso.datetime(),
      from: captureHourSchema,
      /** Up to this hour, and not of it. */
      until: captureHourSchema,
      /** `key-hashes.client.ts`: keys of these hours that are in windows, or were too late for any; `null`: none. */
      known: objectPinSchema.nullable(),
    }),
  }),
  labels: z.object({
    /** Labels that came since the window before, the oldest first. */
    objects: z.array(labelObjectSchema),
    /** Labels that windows before have, but that may be of predictions which are only captured now. */
    recent: z.array(labelObjectSchema),
    /** What S3 took before is not looked at by the next window. */
    next: z.iso.datetime(),
  }),
});
export type Window = z.infer<typeof windowSchema>;
