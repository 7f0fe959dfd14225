import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import * as z from 'zod';

const arn = z.string().startsWith('arn:');

/** What `plan-monitoring` finds in its environment; set by `infra/onboard/onboard-capability.ts`. */
export const monitoringEnvironmentSchema = environmentSchema.extend({
  ALARM_TOPIC_ARN: arn,
  MONITOR_MACHINE_ARN: arn,
  RETRAIN_MACHINE_ARN: arn,
  SCHEDULE_GROUP: z.string().min(1),
  SCHEDULER_ROLE_ARN: arn,
  DEAD_LETTER_QUEUE_ARN: arn,
});
