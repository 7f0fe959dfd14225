import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import { checkedOperation } from '../../gateway/parse-input.ts';
import { defaultGroup, type SchedulerState } from './scheduler-state.ts';

const inputSchema = z.strictObject({ Name: z.string(), clientToken: z.string().optional() });

/** Deletes a group with its schedules, at once; in AWS that takes a while. */
export function deleteScheduleGroup(state: SchedulerState) {
  return checkedOperation('scheduler:DeleteScheduleGroup', inputSchema, async ({ Name }) => {
    if (Name === defaultGroup) {
      throw new AwsError('ValidationException', 'The default schedule group cannot be deleted.');
    }
    await state.turns.run(async () => await state.removeGroup(state.group(Name).name));
    return {};
  });
}
