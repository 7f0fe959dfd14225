import * as z from 'zod';
import { checkedOperation } from '../../gateway/parse-input.ts';
import { retryPolicySchema } from '../events/rule.schema.ts';
import type { SchedulerState } from './scheduler-state.ts';

const inputSchema = z.strictObject({ Name: z.string(), groupName: z.string().default('default') });

/** A schedule with all its settings. Times are seconds since 1970. */
export function getSchedule(state: SchedulerState) {
  return checkedOperation('scheduler:GetSchedule', inputSchema, async ({ Name, groupName }) => {
    const schedule = state.schedule(groupName, Name);
    const { RetryPolicy = retryPolicySchema.parse({}) } = schedule.settings.Target;
    return {
      Arn: state.arn(schedule),
      Name: schedule.name,
      GroupName: schedule.group,
      ...schedule.settings,
      Target: { ...schedule.settings.Target, RetryPolicy },
      CreationDate: schedule.createdAt / 1000,
      LastModificationDate: schedule.modifiedAt / 1000,
    };
  });
}
