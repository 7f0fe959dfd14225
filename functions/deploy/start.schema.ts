import { z } from 'zod';
import { deploymentSchema, goalSchema, progressSchema } from './deployment.schema.ts';

/** What the state machine gives `start-deployment`. */
export const startInputSchema = z.object({
  executionArn: z.string().min(1),
  /** The execution's input, unread. */
  request: z.unknown(),
});

const awsRequest = z.record(z.string(), z.unknown());

const taken = {
  message: z.string(),
  deployment: deploymentSchema,
  goal: goalSchema,
  progress: progressSchema,
  alarmNames: z.array(z.string()),
};

/** What `start-deployment` decides. */
export const startSchema = z.discriminatedUnion('outcome', [
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
  /** Another execution has the model; ask again later. */
  z.object({ outcome: z.literal('busy'), message: z.string() }),
  z.object({ outcome: z.literal('unneeded'), message: z.string() }),
  z.object({ outcome: z.literal('refused'), message: z.string() }),
]);
export type Start = z.infer<typeof startSchema>;
