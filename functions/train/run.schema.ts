import * as z from 'zod';

/** Facts of a run that hold from its start to its end; the state machine carries them. */
export const runSchema = z.object({
  model: z.string(),
  runId: z.string(),
  datasetId: z.string(),
  /** Hash of the definition that the run began with. */
  definitionHash: z.string(),
  /** Id of `dataset.committed`, or ARN of the execution that a person started. */
  causeId: z.string(),
  leaseOwner: z.string(),
});
export type Run = z.infer<typeof runSchema>;
