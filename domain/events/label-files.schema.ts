import * as z from 'zod';

/** Rows that labels of one uploaded file account for. */
const fileRows = z.object({ key: z.string(), versionId: z.string(), rows: z.int().positive() });

/** Where the labels of a retraining's rows come from: the writer of label files chooses what is learnt and evaluated with. Keys and counts. */
export const labelFileUseSchema = z.object({
  /** Rows of the dataset that is trained, if they are taken: those that it has and the new ones, hold-out included. */
  datasetRows: z.int().nonnegative(),
  /** Files that gave a label to a row that is new, also one that another file replaced. */
  files: z.int().nonnegative(),
  /** The file with the most rows of that dataset, those that earlier retrainings took from it included; `null`: there is none. */
  largest: fileRows.nullable(),
  /** The largest share of those rows that one file may have; `null`: any. */
  maximumShare: z.number().nullable(),
  /** Rows that were not taken, as their file had its share, and of which files, the most first; five at most. */
  heldBack: z.object({ rows: z.int().nonnegative(), files: z.array(fileRows) }),
  /** Labels that a file which came later contradicted, and whose they were, the most first; five at most. */
  replaced: z.object({
    labels: z.int().nonnegative(),
    files: z.array(z.object({ key: z.string(), by: z.string(), labels: z.int().positive() })),
  }),
});
export type LabelFileUse = z.infer<typeof labelFileUseSchema>;
