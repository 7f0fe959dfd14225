import { domainEventSchemas } from '@tidemark/domain/events/domain-events.schema.ts';
import { caughtErrorSchema } from '@tidemark/domain/executions/caught-error.schema.ts';
import { unsuccessfulStatus } from '@tidemark/domain/executions/ended-execution.schema.ts';
import { modelName } from '@tidemark/domain/names.ts';
import * as z from 'zod';

const versionNumber = z.int().positive();

/** A request to SageMaker or CloudWatch, built by `endpoint-plan.ts` and `guardrails.ts`, that the state machine passes on as it is. */
const awsRequest = z.record(z.string(), z.unknown());

const approvedEvent = z
  .object({
    'detail-type': z.literal('version.approved'),
    detail: domainEventSchemas['version.approved'],
  })
  .transform(({ detail }) => ({
    by: 'event' as const,
    model: detail.model,
    version: detail.version,
    eventId: detail.eventId,
    interruptTraining: false,
    replaceEndpoint: false,
  }));

const personsRequest = z
  .strictObject({
    model: modelName,
    /** Without one, the endpoint is made what the model's lifecycle says. */
    version: versionNumber.optional(),
    /** Take the model from a training run that holds it. */
    interruptTraining: z.boolean().default(false),
    /** Delete and create the endpoint where SageMaker cannot update it. */
    replaceEndpoint: z.boolean().default(false),
  })
  .transform(({ version, ...request }) =>
    version === undefined
      ? { by: 'lifecycle' as const, model: request.model, eventId: null }
      : { by: 'person' as const, version, ...request },
  );

/** What became of a model's lifecycle: its endpoint follows, whatever the event said that led here. */
const lifecycleEvent = z
  .object({
    'detail-type': z.enum(['model.retired', 'model.reactivated']),
    detail: z.object({ model: modelName, eventId: z.string().min(1) }),
  })
  .transform(({ detail: { model, eventId } }) => ({ by: 'lifecycle' as const, model, eventId }));

const orderSchema = z.union([approvedEvent, lifecycleEvent, personsRequest]);
type Order = z.infer<typeof orderSchema>;

/**
 * An execution that was stopped, ran out of time or broke a limit of Step Functions, none of which it can catch, or that could not
 * record how it ended; as EventBridge delivers it.
 */
const endedExecution = z
  .object({
    'detail-type': z.literal('Step Functions Execution Status Change'),
    detail: z.object({
      executionArn: z.string().min(1),
      status: unsuccessfulStatus,
      /** JSON. */
      input: z.string(),
    }),
  })
  .transform(({ detail }, context) => {
    const { executionArn, status } = detail;
    const order = orderSchema.safeParse(parseJson(detail.input));
    if (order.success) return { by: 'recovery' as const, executionArn, status, order: order.data };
    context.addIssue({ code: 'custom', message: `is not what a deployment starts with: ${detail.input}` });
    return z.NEVER;
  });

/**
 * What starts an execution: `version.approved`, `model.retired` or `model.reactivated` as EventBridge delivers them, what a person
 * typed, or an execution that ended without an outcome.
 */
export const rolloutRequestSchema = z.union([approvedEvent, lifecycleEvent, personsRequest, endedExecution]);

/** To have the endpoint be what the model's lifecycle says. */
export type LifecycleOrder = Extract<Order, { by: 'lifecycle' }>;
/** To deploy a version: that was approved, that a person names, or that a model had before it was retired. */
export type RolloutOrder =
  | Exclude<Order, LifecycleOrder>
  | (LifecycleOrder & {
      readonly version: number;
      readonly interruptTraining: boolean;
      readonly replaceEndpoint: boolean;
    });
export type RolloutRequest = z.infer<typeof rolloutRequestSchema>;
/** To end what an execution left undone. */
export type RecoveryRequest = Extract<RolloutRequest, { by: 'recovery' }>;

/** The cause of an order's events: the id of the event that led to it, or the ARN of the execution that a person started. */
export function causeOfOrder(order: RolloutOrder | LifecycleOrder, executionArn: string): string {
  return eventIdOfOrder(order) ?? executionArn;
}

/** The event that led to the order; `null`: a person did. */
export function eventIdOfOrder(order: RolloutOrder | LifecycleOrder): string | null {
  return order.by === 'person' ? null : order.eventId;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export const endpointKindSchema = z.enum(['serverless', 'instance']);

/** Facts of a deployment that hold from its start to its end. */
export const rolloutSchema = z.object({
  model: z.string(),
  version: versionNumber,
  /** Id of the approval, or ARN of the execution that a person started. */
  causeId: z.string(),
  leaseOwner: z.string(),
  /** The live pointer when the deployment took the lease; promotion moves it from there and from nowhere else. */
  expectedLiveVersion: versionNumber.nullable(),
  endpointName: z.string(),
  /** The configuration that the endpoint had; `null` when there was no endpoint. */
  before: z.object({ endpointConfigName: z.string(), kind: endpointKindSchema }).nullable(),
});
export type Rollout = z.infer<typeof rolloutSchema>;

/** Facts of taking an endpoint away. */
export const removalSchema = rolloutSchema.pick({
  model: true,
  causeId: true,
  leaseOwner: true,
  endpointName: true,
});
export type Removal = z.infer<typeof removalSchema>;

/** What the endpoint shall become. Rolling back, or being no more, is a goal like deploying. */
export const goalSchema = z.object({
  /** `remove`: the model is retired. */
  purpose: z.enum(['deploy', 'roll-back', 'remove']),
  endpointName: z.string(),
  /** `null`: no endpoint. */
  endpointConfigName: z.string().nullable(),
  /** What runs behind that configuration; `null` with no endpoint. */
  kind: endpointKindSchema.nullable(),
  /** Version whose hold-out rows the endpoint must answer; `null` when there is nothing to prove. */
  version: versionNumber.nullable(),
  /** Whether an endpoint that SageMaker cannot update may be deleted and created again. */
  mayReplace: z.boolean(),
  /** How an instance endpoint's traffic moves; `null` for SageMaker's default, all at once and unwatched. */
  deploymentConfig: awsRequest.nullable(),
  /** Longest wait for the endpoint, in all. */
  limitSeconds: z.int().positive(),
});
export type Goal = z.infer<typeof goalSchema>;

/** What has been done towards a goal. The state machine adds the outcome of each request. */
export const rolloutProgressSchema = z.object({
  /** The last request that SageMaker took. */
  accepted: z.enum(['none', 'create', 'update', 'delete']),
  /** Requests that SageMaker refused, and what it said to the last. */
  refusals: z.int().nonnegative(),
  lastRefusal: caughtErrorSchema.nullable(),
  waitedSeconds: z.int().nonnegative(),
  /** How long SageMaker has been too busy to take a request: with other models, so that the turn of this one comes. */
  heldUpSeconds: z.int().nonnegative(),
  /** What it said when it last was. */
  heldUpBy: caughtErrorSchema.nullable(),
});
export type RolloutProgress = z.infer<typeof rolloutProgressSchema>;

export const noProgress: RolloutProgress = {
  accepted: 'none',
  refusals: 0,
  lastRefusal: null,
  waitedSeconds: 0,
  heldUpSeconds: 0,
  heldUpBy: null,
};

/** What the state machine does next. `seconds` is how long it waits afterwards before it looks again. */
export const nextStepSchema = z.discriminatedUnion('step', [
  z.object({ step: z.literal('create'), message: z.string(), request: awsRequest, seconds: z.int() }),
  z.object({ step: z.literal('update'), message: z.string(), request: awsRequest, seconds: z.int() }),
  z.object({ step: z.literal('delete'), message: z.string(), request: awsRequest, seconds: z.int() }),
  z.object({ step: z.literal('wait'), message: z.string(), seconds: z.int() }),
  z.object({ step: z.literal('prove'), message: z.string() }),
  /** The goal is reached and there is nothing to prove. */
  z.object({ step: z.literal('settle'), message: z.string() }),
  z.object({ step: z.literal('give-up'), message: z.string() }),
]);
export type NextStep = z.infer<typeof nextStepSchema>;

/** Whether the endpoint serves the version. */
export const proofSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('proven'),
    provenAt: z.iso.datetime(),
    /** Image that answered, with its digest; `null` when SageMaker does not report it. */
    resolvedImage: z.string().nullable(),
    /** Hold-out rows that were replayed. */
    rows: z.int(),
  }),
  z.object({ outcome: z.literal('refuted'), message: z.string() }),
]);
export type Proof = z.infer<typeof proofSchema>;
