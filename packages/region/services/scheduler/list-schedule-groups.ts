import * as z from 'zod';
import { checkedOperation } from '../../gateway/parse-input.ts';
import { describedGroup } from './get-schedule-group.ts';
import { pageByKey, pageSchema } from './page-by-key.ts';
import type { SchedulerState } from './scheduler-state.ts';

const inputSchema = z.strictObject(pageSchema);

export function listScheduleGroups(state: SchedulerState) {
  return checkedOperation('scheduler:ListScheduleGroups', inputSchema, async (input) => {
    const wanted = state.groups().filter(({ name }) => name.startsWith(input.NamePrefix ?? ''));
    const { items, NextToken } = pageByKey(wanted, ({ name }) => name, input);
    return { ScheduleGroups: items.map((group) => describedGroup(state, group)), NextToken };
  });
}
