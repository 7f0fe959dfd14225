import { sentenceSchema } from '@tidemark/statistics/sentence.ts';
import * as z from 'zod';

/** How an invocation can end, for counting: the runbook's saved queries use these words. */
export const outcomes = [
  /** The function did its work. */
  'done',
  /** Not yet: the caller asks again. */
  'waiting',
  /** There was nothing to do, or it had been done before. */
  'unneeded',
  /** What was asked, or what came, is not accepted. */
  'refused',
  /** An error was thrown; `errorName` names it, and `code` says of which family it is. */
  'failed',
] as const;
export type Outcome = (typeof outcomes)[number];
export type OutcomeOfResult = Exclude<Outcome, 'failed'>;

/** Ids and counts that tell one invocation from another. Nothing of the content of a row. */
export const subjectShape = {
  model: z.string(),
  version: z.int(),
  datasetId: z.string(),
  batchId: z.string(),
  runId: z.string(),
  retrainingId: z.string(),
  windowId: z.string(),
  /** Key of an object: a definition, a file of data or of labels. */
  objectKey: z.string(),
  /** How many rows, records, labels or files the function has dealt with. */
  items: z.int().nonnegative(),
} as const;
type SubjectFields = z.infer<z.ZodObject<typeof subjectShape>>;
/** As far as they are known: of an object that has more, only these fields are taken. */
export type InvocationSubject = { readonly [F in keyof SubjectFields]?: SubjectFields[F] | null | undefined };

/** The line that a function's log has of each invocation: its fields are what the saved queries may name. */
export const invocationLineSchema = z.strictObject({
  stage: z.string(),
  capability: z.string(),
  function: z.string(),
  /** Content hash of the deployed code. */
  codeVersion: z.string(),
  /** Lambda's id of the invocation; the same for its retries of an asynchronous one. */
  requestId: z.string().optional(),
  /** The execution that invoked the function; absent when no state machine did. */
  executionArn: z.string().optional(),
  ...z.object(subjectShape).partial().shape,
  outcome: z.enum(outcomes),
  /** The function's own word for how it ended, or the family of the error. */
  code: z.string(),
  message: sentenceSchema.optional(),
  errorName: z.string().optional(),
  /** From the call of the handler to its end. */
  milliseconds: z.int().nonnegative(),
});
export type InvocationLine = z.infer<typeof invocationLineSchema>;
