import { domainEventSchema } from '@tidemark/domain/events/domain-events.schema.ts';
import * as z from 'zod';
import { goalSchema, removalSchema, rolloutProgressSchema, rolloutSchema } from './rollout.schema.ts';

/** What the state machine gives `start-deployment`. */
export const rolloutStartInputSchema = z.object({
  executionArn: z.string().min(1),
  /** The execution's input, unread. */
  request: z.unknown(),
});

const awsRequest = z.record(z.string(), z.unknown());

const taken = {
  message: z.string(),
  deployment: rolloutSchema,
  goal: goalSchema,
  progress: rolloutProgressSchema,
  alarmNames: z.array(z.string()),
};

/** What `start-deployment` decides. */
export const rolloutStartSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('started'),
    ...taken,
    /** CreateEndpointConfig. */
    endpointConfig: awsRequest,
    /** PutMetricAlarm, each. */
    alarms: z.array(awsRequest),
  }),
  /** Another execution left this deployment undone: it goes back. */
  z.object({ outcome: z.literal('abandoned'), ...taken }),
  /** The model is retired: its endpoint is taken away. */
  z.object({ outcome: z.literal('removing'), ...taken, deployment: removalSchema }),
  /** Another execution has the model; ask again, up to so often, 30 seconds apart. */
  z.object({ outcome: z.literal('busy'), message: z.string(), maximumWaits: z.int().positive() }),
  /** The model was retired before its approved version was deployed. */
  z.object({
    outcome: z.literal('skipped'),
    message: z.string(),
    conclusion: z.object({ error: z.null(), event: domainEventSchema }),
  }),
  z.object({ outcome: z.literal('unneeded'), message: z.string() }),
  z.object({
    outcome: z.literal('refused'),
    message: z.string(),
    /** Announces the refusal of an approval; `null`: the caller reads the message. */
    conclusion: z.object({ error: z.null(), event: domainEventSchema }).nullable(),
  }),
]);
export type RolloutStart = z.infer<typeof rolloutStartSchema>;
