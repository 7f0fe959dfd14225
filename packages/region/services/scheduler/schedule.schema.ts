import * as z from 'zod';
import { retryPolicySchema } from '../events/rule.schema.ts';

export const nameSchema = z.string().regex(/^[0-9a-zA-Z_.-]{1,64}$/);

/** What a schedule invokes. Templated targets only, found by the service in the ARN. */
const targetSchema = z.strictObject({
  Arn: z.string().min(1).max(1600),
  RoleArn: z.string().min(1).max(1600),
  /** Text with AWS's context attributes, such as `<aws.scheduler.scheduled-time>`. */
  Input: z.string().min(1).max(262_144).optional(),
  RetryPolicy: retryPolicySchema.optional(),
  DeadLetterConfig: z.strictObject({ Arn: z.string().optional() }).optional(),
});
export type ScheduleTarget = z.infer<typeof targetSchema>;

export const scheduleState = z.enum(['ENABLED', 'DISABLED']);

/** What CreateSchedule and UpdateSchedule take besides names. */
const settings = {
  ActionAfterCompletion: z.enum(['NONE', 'DELETE']).default('NONE'),
  Description: z.string().max(512).optional(),
  /** Seconds since 1970. */
  EndDate: z.number().optional(),
  FlexibleTimeWindow: z.discriminatedUnion('Mode', [
    z.strictObject({ Mode: z.literal('OFF') }),
    z.strictObject({ Mode: z.literal('FLEXIBLE'), MaximumWindowInMinutes: z.int().min(1).max(1440) }),
  ]),
  ScheduleExpression: z.string().min(1).max(256),
  ScheduleExpressionTimezone: z.string().min(1).max(50).default('UTC'),
  /** Seconds since 1970. */
  StartDate: z.number().optional(),
  State: scheduleState.default('ENABLED'),
  Target: targetSchema,
};

export const scheduleInputSchema = z.strictObject({
  Name: nameSchema,
  GroupName: nameSchema.default('default'),
  ClientToken: z.string().min(1).max(64).optional(),
  ...settings,
});
export type ScheduleInput = z.infer<typeof scheduleInputSchema>;

/** A schedule on disk. Its own moments are milliseconds since the epoch, in virtual time. */
export const scheduleSchema = z.strictObject({
  group: z.string(),
  name: z.string(),
  settings: z.strictObject(settings),
  createdAt: z.number(),
  modifiedAt: z.number(),
  clientToken: z.string().optional(),
  /** The next occurrence; none when there will be no more. */
  nextAt: z.number().optional(),
});
export type Schedule = z.infer<typeof scheduleSchema>;

export const groupSchema = z.strictObject({
  name: z.string(),
  createdAt: z.number(),
  clientToken: z.string().optional(),
});
export type ScheduleGroup = z.infer<typeof groupSchema>;

/** One occurrence on its way to the target. Kept until it is delivered, or given up on. */
export const scheduledInvocationSchema = z.strictObject({
  /** UUID; `<aws.scheduler.execution-id>`. */
  id: z.string(),
  scheduleArn: z.string(),
  target: targetSchema,
  /** Milliseconds since the epoch, in virtual time. */
  scheduledAt: z.number(),
  /** Of a flexible window: not before this moment, in virtual time. */
  dueAt: z.number(),
  failedAttempts: z.int(),
  /** Milliseconds since the epoch, of the wall: when the next attempt is made, and when the first was due. */
  nextAttemptAt: z.number(),
  acceptedAt: z.number(),
});
export type ScheduledInvocation = z.infer<typeof scheduledInvocationSchema>;
