import * as z from 'zod';

/** An asynchronous invocation that is not over yet, as it waits on disk. */
export const asyncEventSchema = z.strictObject({
  requestId: z.string(),
  functionName: z.string(),
  payload: z.string(),
  /** How often it has been tried. */
  attempts: z.int(),
  /** Not before this moment, in milliseconds since the epoch. */
  dueAt: z.number(),
});
export type AsyncEvent = z.infer<typeof asyncEventSchema>;
