import * as z from 'zod';

/** An error as a state machine's `Catch` gives it. A service's cause is text; a function's or a job's is JSON. */
export const caughtErrorSchema = z.object({ Error: z.string(), Cause: z.string().default('') });
export type CaughtError = z.infer<typeof caughtErrorSchema>;
