import { checkedOperation } from '../../gateway/parse-input.ts';
import { assertSchedule } from './create-schedule.ts';
import { scheduleInputSchema } from './schedule.schema.ts';
import type { SchedulerState } from './scheduler-state.ts';
import { nextOccurrence } from './timing.ts';

/** Replaces all of a schedule's settings: what is not given takes its default. Rates go on from their beginning. */
export function updateSchedule(state: SchedulerState) {
  return checkedOperation('scheduler:UpdateSchedule', scheduleInputSchema, async (input) => {
    const { Name: name, GroupName: group, ClientToken: _, ...settings } = input;
    return await state.turns.run(async () => {
      const { nextAt: _former, ...existing } = state.schedule(group, name);
      assertSchedule(state, input, existing.createdAt);
      const now = state.now();
      const schedule = { ...existing, settings, modifiedAt: now };
      const nextAt = nextOccurrence(schedule, now);
      await state.save({ ...schedule, ...(nextAt !== undefined && { nextAt }) });
      return { ScheduleArn: state.arn(schedule) };
    });
  });
}
