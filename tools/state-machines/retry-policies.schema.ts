import * as z from 'zod';

const reason = z.string().min(1);

/** What a retrier does, in the order in which its fields are written. */
const retrierSchema = z.strictObject({
  Comment: reason,
  ErrorEquals: z.array(z.string().min(1)).min(1),
  IntervalSeconds: z.int().min(1),
  MaxAttempts: z.int().min(1),
  BackoffRate: z.number().min(1).exactOptional(),
  MaxDelaySeconds: z.int().min(1).exactOptional(),
  JitterStrategy: z.literal('FULL'),
});

const policySchema = z.strictObject({
  Comment: reason,
  /** Names of errors that are not retried. */
  Never: z.array(z.string().min(1)),
  /** Names of retriers, which follow. */
  Retriers: z.array(z.string()).min(1),
});

/** `state-machines/retry-policies.json`. A `Comment` says what something is for and where its numbers come from. */
export const retryPoliciesSchema = z.strictObject({
  Retriers: z.record(z.string(), retrierSchema),
  Policies: z.record(
    z.string().regex(/^[a-z]+(-[a-z]+)*$/, 'is lower-case words with hyphens'),
    policySchema,
  ),
});
export type RetryPolicies = z.infer<typeof retryPoliciesSchema>;
