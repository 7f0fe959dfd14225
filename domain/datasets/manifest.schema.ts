import { columnSchema } from '@tidemark/statistics/tables/column.schema.ts';
import * as z from 'zod';

/** An exact version of an object: what was read can be read again. */
export const objectPinSchema = z.object({ bucket: z.string(), key: z.string(), versionId: z.string() });
export type ObjectPin = z.infer<typeof objectPinSchema>;

export const splitNames = ['train', 'validation', 'holdout'] as const;
export type SplitName = (typeof splitNames)[number];

/** A whole number too large for JSON's, in decimal. */
const bigInteger = z.string().regex(/^\d+$/);

/** Rows of one accepted file, in canonical types, written once under the hash of their content. */
export const partSchema = z.object({
  partHash: z.string(),
  object: objectPinSchema,
  rows: z.int().nonnegative(),
  /** Rows on each side; fixed when the part was written, so a row never changes sides. */
  splitRows: z.object({ train: z.int(), validation: z.int(), holdout: z.int() }),
  /**
   * Exact sum of the rows' `_row` on each side. Sums add up over parts, so a dataset's name does not depend on how its rows were
   * cut into files.
   */
  rowHashSums: z.object({ train: bigInteger, validation: bigInteger, holdout: bigInteger }),
  /** Spellings that its files took for missing in text columns, besides nothing at all: those of CSV files. */
  missingInTexts: z.array(z.string()),
  /** The files that the rows came from: newest accepted versions of their keys. */
  sources: z.array(objectPinSchema),
});
export type Part = z.infer<typeof partSchema>;
export type SplitRows = Part['splitRows'];
export type RowHashSums = Part['rowHashSums'];

/** `datasets/<model>/<datasetId>/manifest.json`: an immutable dataset, named by its content. */
export const manifestSchema = z.object({
  schemaVersion: z.literal(1),
  model: z.string(),
  datasetId: z.string().regex(/^ds-[0-9a-f]{16}$/),
  createdAt: z.iso.datetime(),
  columns: z.array(columnSchema).min(1),
  rows: z.int().positive(),
  splitRows: z.object({ train: z.int(), validation: z.int(), holdout: z.int() }),
  splitMethod: z.enum(['hash', 'time', 'entity']),
  /** The dataset that this one extends; `null` for a first or a replacing one. */
  extends: z.string().nullable(),
  /** The batch that led to it. */
  batchId: z.string(),
  parts: z.array(partSchema).min(1),
  /** Key of the `validation.json` that acceptance was decided on: `functions/ingest/validation.schema.ts`. */
  profileKey: z.string(),
});
export type Manifest = z.infer<typeof manifestSchema>;
