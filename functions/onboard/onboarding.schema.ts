import { domainEventSchema } from '@tidemark/domain/events/domain-events.schema.ts';
import { objectCreatedSchema } from '@tidemark/domain/events/object-created.schema.ts';
import * as z from 'zod';

/** What the state machine gives `onboard-definition`. */
export const onboardInputSchema = z.object({
  executionArn: z.string().min(1),
  event: objectCreatedSchema,
});

/** What the state machine gives `report-failure`. */
export const failureInputSchema = onboardInputSchema.extend({
  /** `$states.errorOutput` of the task that failed. */
  failure: z.object({ Error: z.string(), Cause: z.string().optional() }),
});

/** What both answer. */
export const onboardingSchema = z.object({
  /**
   * `onboarded`: a new model, or a new definition of one. `rejected`: the file has problems and changes nothing. `unchanged`:
   * it says what the registry says already. `stale`: a newer version of the file counts. `ignored`: there is nothing to read.
   */
  outcome: z.enum(['onboarded', 'rejected', 'unchanged', 'stale', 'ignored']),
  message: z.string(),
  /** Recorded in the registry, to be put on the bus. */
  events: z.array(domainEventSchema),
});
export type Onboarding = z.infer<typeof onboardingSchema>;

/** What the state machine gives `plan-monitoring`. */
export const planMonitoringInputSchema = z.object({
  /** The input of the execution: the event of a model's file, or the model that a person names. */
  subject: z.union([objectCreatedSchema, z.object({ model: z.string() })]),
  /** Hash of the definition that alarms and schedules have just been made for; `null`: none yet. */
  made: z.string().nullable(),
});

/** A request to an AWS service that the state machine passes on as it is. */
const awsRequest = z.looseObject({});

/** What `plan-monitoring` answers: see `MonitoringPlan`. */
export const plannedMonitoringSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('to-make'),
    definitionHash: z.string(),
    plan: z.object({
      alarms: z.array(awsRequest).readonly(),
      obsoleteAlarms: z.array(z.string()).readonly(),
      schedules: z.array(awsRequest).readonly(),
      obsoleteSchedules: z.array(awsRequest).readonly(),
    }),
  }),
  /** `unknown`: there is no such model. */
  z.object({ outcome: z.enum(['made', 'unknown']), message: z.string() }),
]);
export type PlannedMonitoring = z.infer<typeof plannedMonitoringSchema>;

/** What the state machine gives `list-models`: the name after which to continue; empty to begin. */
export const listModelsInputSchema = z.object({ after: z.string() });

/** What `list-models` answers. */
export const modelPageSchema = z.object({
  models: z.array(z.string()),
  /** The last of these models, if there are more behind it. */
  next: z.string().nullable(),
});
export type ModelPage = z.infer<typeof modelPageSchema>;
