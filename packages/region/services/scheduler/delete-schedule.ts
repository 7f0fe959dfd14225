import * as z from 'zod';
import { checkedOperation } from '../../gateway/parse-input.ts';
import type { SchedulerState } from './scheduler-state.ts';

const inputSchema = z.strictObject({
  Name: z.string(),
  groupName: z.string().default('default'),
  clientToken: z.string().optional(),
});

/** Deletes a schedule. What was due before is still delivered. */
export function deleteSchedule(state: SchedulerState) {
  return checkedOperation('scheduler:DeleteSchedule', inputSchema, async ({ Name, groupName }) => {
    await state.turns.run(async () => await state.remove(state.schedule(groupName, Name)));
    return {};
  });
}
