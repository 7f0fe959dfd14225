import { z } from 'zod';

/** One thing that is wrong with a file or a batch, for the person who can mend it. */
export const problemSchema = z.object({
  /** Name of the check, as in `docs/design.md`. */
  check: z.string(),
  /** What is wrong, with numbers and names. */
  what: z.string(),
  /** Why it is not accepted. */
  why: z.string(),
  remedy: z.string(),
  /** The first offenders: where they stand and what stands there. */
  examples: z.array(z.object({ where: z.string(), text: z.string() })),
});
export type Problem = z.infer<typeof problemSchema>;
export type Example = Problem['examples'][number];
