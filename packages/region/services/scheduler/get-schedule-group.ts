import * as z from 'zod';
import { checkedOperation } from '../../gateway/parse-input.ts';
import type { ScheduleGroup } from './schedule.schema.ts';
import type { SchedulerState } from './scheduler-state.ts';

const inputSchema = z.strictObject({ Name: z.string() });

export function getScheduleGroup(state: SchedulerState) {
  return checkedOperation('scheduler:GetScheduleGroup', inputSchema, async ({ Name }) =>
    describedGroup(state, state.group(Name)),
  );
}

/** A group as the API shows it. Times are seconds since 1970. */
export function describedGroup(state: SchedulerState, { name, createdAt }: ScheduleGroup) {
  return {
    Arn: state.groupArn(name),
    Name: name,
    State: 'ACTIVE',
    CreationDate: createdAt / 1000,
    LastModificationDate: createdAt / 1000,
  };
}
