import { domainEventSchema } from '@tidemark/domain/events/domain-events.schema.ts';
import { unsuccessfulStatus } from '@tidemark/domain/executions/ended-execution.schema.ts';
import * as z from 'zod';

/** An S3 event `Object Created`, as EventBridge delivers it. */
const objectCreatedSchema = z.object({
  source: z.literal('aws.s3'),
  detail: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({
      key: z.string().startsWith('incoming/'),
      size: z.int().nonnegative(),
      'version-id': z.string({ error: 'is missing: the data bucket must be versioned' }),
      sequencer: z.string(),
    }),
  }),
});
export type IncomingObjectCreated = z.infer<typeof objectCreatedSchema>;

/** A model that takes data from now on: what waits for it is taken up. */
const modelActiveSchema = z.object({
  source: z.literal('tidemark'),
  'detail-type': z.enum(['model.onboarded', 'model.reactivated']),
  detail: z.object({
    model: z.string(),
    eventId: z.string(),
    /** Of `model.onboarded`: whether the model is new. */
    created: z.boolean().optional(),
  }),
});

/** A person continues a batch whose execution failed. */
const resumeSchema = z.strictObject({ model: z.string(), batchId: z.string() });

/** Another execution of this machine that ended without success, as Step Functions tells EventBridge. */
const endedExecutionSchema = z.object({
  source: z.literal('aws.states'),
  detail: z.object({
    executionArn: z.string(),
    status: unsuccessfulStatus,
    error: z.string().nullish(),
    /** Its own input, as JSON text; not there if it was larger than an event may be. */
    input: z.string().nullish(),
  }),
});
export type EndedExecution = z.infer<typeof endedExecutionSchema>;

/** What an execution begins with by itself. */
const workSchema = z.union([objectCreatedSchema, modelActiveSchema, resumeSchema]);
export type Work = z.infer<typeof workSchema>;

/** What starts an execution. */
export const ingestStartSchema = z.union([...workSchema.options, endedExecutionSchema]);
export type IngestStart = z.infer<typeof ingestStartSchema>;

export const claimInputSchema = z.object({
  /** Unread: see `ingestStartSchema`. */
  start: z.unknown(),
  executionArn: z.string(),
  /** Whether the execution has waited, as it was told to. */
  waited: z.boolean(),
});

const batch = { model: z.string(), batchId: z.string() };

/** Which batch a function works on. */
export const batchInputSchema = z.object(batch);
export const closeInputSchema = z.object({ ...batch, executionArn: z.string() });

/** Without a batch, what waits for a new model joins the open one. */
export const collectInputSchema = z.object({
  model: z.string(),
  batchId: z.string().nullable(),
  executionArn: z.string(),
});

/** What follows, with a sentence for the execution's viewer. */
const finishStep = z.object({ next: z.literal('finish'), message: z.string() });
const waitStep = z.object({
  next: z.literal('wait'),
  ...batch,
  seconds: z.int().positive(),
  message: z.string(),
});
const validateStep = z.object({ next: z.literal('validate'), ...batch, message: z.string() });

const claimStep = z.discriminatedUnion('next', [
  finishStep,
  /** What a person asks for cannot be done. */
  z.object({ next: z.literal('refuse'), message: z.string() }),
  /** Too early to take up what another execution has left: wait and ask again. */
  z.object({ next: z.literal('take-over-later'), seconds: z.int().positive(), message: z.string() }),
  waitStep,
  validateStep,
  z.object({ next: z.literal('announce'), event: domainEventSchema, message: z.string() }),
  z.object({
    next: z.literal('collect'),
    model: z.string(),
    batchId: z.string().nullable(),
    message: z.string(),
  }),
]);
export type ClaimStep = z.infer<typeof claimStep>;

/** `owner`: the execution that it is all done for; the one that was taken over, or the one that runs. */
export const claimOutputSchema = claimStep.and(z.object({ owner: z.string() }));
export type ClaimOutput = z.infer<typeof claimOutputSchema>;

export const collectOutputSchema = z.discriminatedUnion('next', [finishStep, waitStep, validateStep]);
export type CollectOutput = z.infer<typeof collectOutputSchema>;

export const closeOutputSchema = z.object({ closed: z.boolean(), message: z.string() });
export type CloseOutput = z.infer<typeof closeOutputSchema>;

/** `remaining` files have no result yet: the function is to be invoked again. */
export const validateOutputSchema = z.object({
  validated: z.int().nonnegative(),
  remaining: z.int().nonnegative(),
});
export type ValidateOutput = z.infer<typeof validateOutputSchema>;

export const judgeOutputSchema = z.object({
  validationVersionId: z.string(),
  accepted: z.int().nonnegative(),
  rejected: z.int().nonnegative(),
});
export type JudgeOutput = z.infer<typeof judgeOutputSchema>;

/** Acts on one judgement. */
export const actInputSchema = z.object({ ...batch, validationVersionId: z.string() });

export const commitOutputSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('committed'), event: domainEventSchema, message: z.string() }),
  z.object({ outcome: z.enum(['unchanged', 'superseded']), message: z.string() }),
  /** Another batch was committed since the judgement: judge again. */
  z.object({ outcome: z.literal('outdated'), message: z.string() }),
]);
export type CommitOutput = z.infer<typeof commitOutputSchema>;

export const quarantineOutputSchema = z.object({ event: domainEventSchema, message: z.string() });
export type QuarantineOutput = z.infer<typeof quarantineOutputSchema>;
