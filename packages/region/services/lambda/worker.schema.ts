import * as z from 'zod';

const errorReport = z.object({
  errorType: z.string(),
  errorMessage: z.string(),
  trace: z.array(z.string()),
});

/** Resident memory of the process. */
const memoryBytes = z.number();

/** What `runtime.mjs` says to the region. */
export const workerMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('failed-start'), report: errorReport }),
  z.object({ type: z.literal('result'), payload: z.string(), memoryBytes }),
  z.object({ type: z.literal('error'), report: errorReport, memoryBytes }),
]);
export type WorkerMessage = z.infer<typeof workerMessageSchema>;
