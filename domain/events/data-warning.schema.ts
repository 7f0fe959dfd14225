import * as z from 'zod';

/** Something about data that was accepted, as an event names it: no value of it. */
export const announcedWarningSchema = z.object({
  /**
   * A text column of which nearly all values look like something else, or of which some are spelled as missing ones are elsewhere; classes
   * of which each other differs in its spelling only.
   */
  code: z.enum(['number-as-text', 'time-as-text', 'boolean-as-text', 'missing-or-value', 'classes-alike']),
  column: z.string(),
  /** Rows with a value, and those whose value looks like a text, like a missing one, or like another class. */
  present: z.int().nonnegative(),
  strangers: z.int().nonnegative(),
  /** The first of those rows, from 1; of the others where there is none. */
  rows: z.array(z.int()),
});
export type AnnouncedWarning = z.infer<typeof announcedWarningSchema>;
