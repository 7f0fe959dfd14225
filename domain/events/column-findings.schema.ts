import * as z from 'zod';

/** Why a version does not use a column, or uses it with a warning. The first are about columns that are left out. */
export const columnFindingCodes = [
  /** No training row has a value. */
  'empty',
  /** All training rows have the same value. */
  'constant',
  /** Most values differ, or the values count rows: it names rows, and does not describe them. */
  'identifier',
  /** Text of several words, which no encoding reads yet. */
  'free-text',
  /** A text that too few training rows have. */
  'too-rare',
  /** Many texts, none of which enough training rows have. */
  'rare-values',
  /** Times that span too little to tell a part of them from the passing of time. */
  'short-time',
  /** The definition's `entity`. */
  'entity',
  /** The definition's `weight`. */
  'weight',
  /** The definition keeps it out of the features, and needs it for something else. */
  'not-a-feature',
  /** A text of which nearly all values look like numbers, times or truth values; read as categories or not at all. */
  'number-as-text',
  'time-as-text',
  'boolean-as-text',
  /** Some rows have a text that files of another format mean as missing. */
  'missing-or-value',
  /** Free text that is read as a category, though most rows have one that is too rare to be known. */
  'mostly-rare-text',
  /** Numbers that count rows, kept because the definition includes them. */
  'included-identifier',
  /** Its values alone give the answer away. */
  'leak',
  /** That it has a value, or has none, gives the answer away. */
  'leak-by-missingness',
] as const;

export const columnFindingCodeSchema = z.enum(columnFindingCodes);
export type ColumnFindingCode = z.infer<typeof columnFindingCodeSchema>;

/** How a column that a version does not use has changed since it was trained. */
export const changedColumnCodeSchema = z.enum([
  'constant-varies',
  'empty-has-values',
  'became-constant',
  'became-empty',
]);
export type ChangedColumnCode = z.infer<typeof changedColumnCodeSchema>;

/** Such columns of a window, as its event names them: at most 50, and how many more there are. */
export const announcedChangesSchema = z.object({
  named: z.array(z.object({ column: z.string(), code: changedColumnCodeSchema, rows: z.int(), of: z.int() })),
  more: z.int().nonnegative(),
});

/** A column of a version as an event names it: no value of it, and no class. */
export const announcedColumnSchema = z.object({
  column: z.string(),
  code: columnFindingCodeSchema,
  level: z.enum(['warning', 'note']),
});

/** Columns that an event names, warnings first, and how many it does not name. The evaluation has them all. */
export const announcedColumnsSchema = z.object({
  named: z.array(announcedColumnSchema),
  more: z.int().nonnegative(),
});
export type AnnouncedColumns = z.infer<typeof announcedColumnsSchema>;
