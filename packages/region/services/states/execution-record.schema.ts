import * as z from 'zod';
import { machineDefinitionSchema } from '../../states/machine-definition.schema.ts';

/** An execution as it is kept on disk: what it was started with, and how it ended. */
export const executionRecordSchema = z.strictObject({
  executionArn: z.string(),
  name: z.string(),
  stateMachineArn: z.string(),
  stateMachineName: z.string(),
  roleArn: z.string(),
  /** The machine at the time of the start: an update does not change running executions. */
  definition: machineDefinitionSchema,
  /** JSON text, as given. */
  input: z.string(),
  /** Milliseconds since the epoch, as are all times here. */
  startDate: z.number(),
  status: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']),
  stopDate: z.number().exactOptional(),
  /** JSON text. */
  output: z.string().exactOptional(),
  error: z.string().exactOptional(),
  cause: z.string().exactOptional(),
});
export type ExecutionRecord = z.infer<typeof executionRecordSchema>;
