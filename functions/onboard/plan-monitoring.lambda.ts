import { InvariantError } from '@tidemark/domain/errors.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { toldBy } from '@tidemark/domain/invocations/outcome.ts';
import { ModelNotFoundError, Models } from '@tidemark/domain/registry/models.client.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type * as z from 'zod';
import { parseDefinitionKey } from './definition-key.ts';
import { monitoringEnvironmentSchema } from './monitoring-environment.schema.ts';
import { type MonitoringSettings, planMonitoring } from './monitoring-plan.ts';
import {
  type PlannedMonitoring,
  planMonitoringInputSchema,
  plannedMonitoringSchema,
} from './onboarding.schema.ts';
import { Onboardings } from './onboardings.client.ts';

const environment = monitoringEnvironmentSchema.parse(process.env);
const table = new RegistryTable(environment.TABLE_NAME);
const models = new Models(table);
const onboardings = new Onboardings(table);
const settings: MonitoringSettings = {
  stage: environment.STAGE,
  tags: environment.TAGS,
  alarmTopicArn: environment.ALARM_TOPIC_ARN,
  monitorMachineArn: environment.MONITOR_MACHINE_ARN,
  retrainMachineArn: environment.RETRAIN_MACHINE_ARN,
  scheduleGroup: environment.SCHEDULE_GROUP,
  schedulerRoleArn: environment.SCHEDULER_ROLE_ARN,
  deadLetterQueueArn: environment.DEAD_LETTER_QUEUE_ARN,
};

function modelOf(subject: z.infer<typeof planMonitoringInputSchema>['subject']): string {
  if ('model' in subject) return subject.model;
  const { key } = subject.detail.object;
  const parsed = parseDefinitionKey(key);
  if (parsed.kind !== 'definition') throw new InvariantError(`${key} registers no model.`);
  return parsed.model;
}

const tellPlan = toldBy<PlannedMonitoring['outcome']>({
  'to-make': 'done',
  made: 'unneeded',
  unknown: 'refused',
});

/**
 * Plans the alarms and schedules of the definition that counts now, whichever version of the file led here; if that is the one
 * that they have just been made for, records so. Two executions that make them at once thus both end with the newest. Safe to repeat.
 */
export const handler = entry({
  capability: 'onboard',
  name: 'plan-monitoring',
  input: planMonitoringInputSchema,
  subject: ({ subject }) => ({ model: modelOf(subject) }),
  run: planMonitoringOf,
  told: ({ outcome }) => tellPlan(outcome),
});

async function planMonitoringOf(
  input: z.infer<typeof planMonitoringInputSchema>,
): Promise<PlannedMonitoring> {
  const { subject, made } = input;
  const name = modelOf(subject);
  const record = await models.find(name);
  if (record === undefined) return { outcome: 'unknown', message: new ModelNotFoundError(name).message };
  const { model, definition, definitionHash } = record;
  if (made === definitionHash) {
    await onboardings.monitored(model, definitionHash, new Date());
    return { outcome: 'made', message: `The alarms and schedules of ${model} are as its definition asks.` };
  }
  const plan = planMonitoring(definition, settings);
  return plannedMonitoringSchema.parse({ outcome: 'to-make', definitionHash, plan });
}
