import { AwsError, unsupported } from '../../aws-error.ts';
import { checkedOperation } from '../../gateway/parse-input.ts';
import { serviceOf } from '../events/deliveries.ts';
import { type ScheduleInput, scheduleInputSchema } from './schedule.schema.ts';
import type { SchedulerState } from './scheduler-state.ts';
import { nextOccurrence, scheduleOccurrences } from './timing.ts';

/** Makes a schedule. The same token again is the same call, which the SDK may repeat. */
export function createSchedule(state: SchedulerState) {
  return checkedOperation('scheduler:CreateSchedule', scheduleInputSchema, async (input) => {
    const { Name: name, GroupName: group, ClientToken: clientToken, ...settings } = input;
    return await state.turns.run(async () => {
      state.group(group);
      const existing = state.find(group, name);
      if (existing && existing.clientToken === clientToken) return { ScheduleArn: state.arn(existing) };
      if (existing) throw new AwsError('ConflictException', `Schedule ${name} already exists.`, 409);
      const now = state.now();
      const schedule = { group, name, settings, createdAt: now, modifiedAt: now };
      assertSchedule(state, input, now);
      const nextAt = nextOccurrence(schedule, now);
      await state.save({
        ...schedule,
        ...(clientToken !== undefined && { clientToken }),
        ...(nextAt !== undefined && { nextAt }),
      });
      return { ScheduleArn: state.arn(schedule) };
    });
  });
}

/** @throws AwsError for what AWS refuses, and for what the local region does not serve */
export function assertSchedule(state: SchedulerState, settings: ScheduleInput, createdAt: number): void {
  scheduleOccurrences({ settings, createdAt });
  const { StartDate, EndDate, Target } = settings;
  if (StartDate !== undefined && EndDate !== undefined && EndDate <= StartDate) {
    throw new AwsError('ValidationException', 'The EndDate must come after the StartDate.');
  }
  const service = serviceOf(Target.Arn);
  if (!state.targetServices.has(service))
    throw unsupported(`scheduler targets of ${service} (${Target.Arn})`);
  state.assertRole(Target.RoleArn, settings.GroupName);
  const queue = Target.DeadLetterConfig?.Arn;
  if (queue !== undefined && serviceOf(queue) !== 'sqs') {
    throw new AwsError('ValidationException', `A dead-letter queue is an SQS queue, which ${queue} is not.`);
  }
}
