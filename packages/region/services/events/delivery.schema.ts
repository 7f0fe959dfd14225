import * as z from 'zod';
import { retryPolicySchema, ruleTargetSchema } from './rule.schema.ts';

const awsEventSchema = z.strictObject({
  version: z.literal('0'),
  id: z.string(),
  'detail-type': z.string(),
  source: z.string(),
  account: z.string(),
  time: z.string(),
  region: z.string(),
  resources: z.array(z.string()),
  detail: z.unknown(),
});

/** One event on its way to one target. Kept until it is delivered, or given up on. */
export const deliverySchema = z.strictObject({
  /** Sorts by acceptance. */
  key: z.string(),
  event: awsEventSchema,
  ruleName: z.string(),
  ruleArn: z.string(),
  target: ruleTargetSchema,
  retryPolicy: retryPolicySchema,
  /** Milliseconds since 1970. */
  acceptedAt: z.number(),
  /** Attempts that failed. */
  failedAttempts: z.int(),
  /** Milliseconds since 1970. */
  nextAttemptAt: z.number(),
});
export type Delivery = z.infer<typeof deliverySchema>;
