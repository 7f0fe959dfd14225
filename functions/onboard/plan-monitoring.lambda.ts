import { InvariantError } from '../errors.ts';
import { Models } from '../registry/models.client.ts';
import { RegistryTable } from '../registry/table.client.ts';
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
  alarmTopicArn: environment.ALARM_TOPIC_ARN,
  monitorMachineArn: environment.MONITOR_MACHINE_ARN,
  retrainMachineArn: environment.RETRAIN_MACHINE_ARN,
  scheduleGroup: environment.SCHEDULE_GROUP,
  schedulerRoleArn: environment.SCHEDULER_ROLE_ARN,
  deadLetterQueueArn: environment.DEAD_LETTER_QUEUE_ARN,
};

/**
 * Plans the alarms and schedules of the definition that counts now, whichever version of the file led here; if that is the one
 * that they have just been made for, records so. Two executions that make them at once thus both end with the newest. Safe to repeat.
 */
export async function handler(input: unknown): Promise<PlannedMonitoring> {
  const { event, made } = planMonitoringInputSchema.parse(input);
  const key = parseDefinitionKey(event.detail.object.key);
  if (key.kind !== 'definition') throw new InvariantError(`${event.detail.object.key} registers no model.`);
  const { model, definition, definitionHash } = await models.load(key.model);
  if (made === definitionHash) {
    await onboardings.monitored(model, definitionHash, new Date());
    return { outcome: 'made', message: `The alarms and schedules of ${model} are as its definition asks.` };
  }
  const plan = planMonitoring(definition, settings);
  return plannedMonitoringSchema.parse({ outcome: 'to-make', definitionHash, plan });
}
