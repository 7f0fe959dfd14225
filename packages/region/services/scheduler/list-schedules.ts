import * as z from 'zod';
import { checkedOperation } from '../../gateway/parse-input.ts';
import { pageByKey, pageSchema } from './page-by-key.ts';
import { scheduleState } from './schedule.schema.ts';
import { type SchedulerState, scheduleKey } from './scheduler-state.ts';

const inputSchema = z.strictObject({
  ...pageSchema,
  ScheduleGroup: z.string().optional(),
  State: scheduleState.optional(),
});

/** Schedules by group and name, a page at a time. */
export function listSchedules(state: SchedulerState) {
  return checkedOperation('scheduler:ListSchedules', inputSchema, async (input) => {
    const { ScheduleGroup, State, NamePrefix = '' } = input;
    const wanted = state
      .schedules()
      .filter(
        ({ group, name, settings }) =>
          (ScheduleGroup ?? group) === group &&
          (State ?? settings.State) === settings.State &&
          name.startsWith(NamePrefix),
      );
    const { items, NextToken } = pageByKey(wanted, scheduleKey, input);
    return {
      Schedules: items.map((schedule) => ({
        Arn: state.arn(schedule),
        Name: schedule.name,
        GroupName: schedule.group,
        State: schedule.settings.State,
        Target: { Arn: schedule.settings.Target.Arn },
        CreationDate: schedule.createdAt / 1000,
        LastModificationDate: schedule.modifiedAt / 1000,
      })),
      NextToken,
    };
  });
}
