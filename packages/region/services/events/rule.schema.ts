import * as z from 'zod';

/** How often and how long a delivery is tried; EventBridge's own bounds and defaults. */
export const retryPolicySchema = z.strictObject({
  MaximumRetryAttempts: z.int().min(0).max(185).default(185),
  MaximumEventAgeInSeconds: z.int().min(60).max(86_400).default(86_400),
});
export type RetryPolicy = z.infer<typeof retryPolicySchema>;

export const ruleTargetSchema = z.strictObject({
  Id: z.string().regex(/^[\w.-]{1,64}$/),
  Arn: z.string().min(1).max(1600),
  RoleArn: z.string().optional(),
  /** JSON that is delivered in the place of the event. */
  Input: z.string().max(8192).optional(),
  InputPath: z.string().max(256).optional(),
  InputTransformer: z
    .strictObject({
      InputPathsMap: z.record(z.string(), z.string()).optional(),
      InputTemplate: z.string().min(1).max(8192),
    })
    .optional(),
  RetryPolicy: retryPolicySchema.optional(),
  DeadLetterConfig: z.strictObject({ Arn: z.string().optional() }).optional(),
});
export type RuleTarget = z.infer<typeof ruleTargetSchema>;

export const ruleNameSchema = z.string().regex(/^[\w.-]{1,64}$/);

export const ruleSchema = z.strictObject({
  bus: z.string(),
  name: ruleNameSchema,
  pattern: z.string(),
  isEnabled: z.boolean(),
  description: z.string().optional(),
  roleArn: z.string().optional(),
  targets: z.array(ruleTargetSchema),
});
export type Rule = z.infer<typeof ruleSchema>;

export const busSchema = z.strictObject({
  name: z.string().regex(/^[\w./-]{1,256}$/),
  description: z.string().optional(),
  /** ISO 8601. */
  createdAt: z.iso.datetime(),
});
export type EventBus = z.infer<typeof busSchema>;
