import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import { checkedOperation } from '../../gateway/parse-input.ts';
import { nameSchema } from './schedule.schema.ts';
import type { SchedulerState } from './scheduler-state.ts';

const inputSchema = z.strictObject({ Name: nameSchema, ClientToken: z.string().optional() });

export function createScheduleGroup(state: SchedulerState) {
  return checkedOperation('scheduler:CreateScheduleGroup', inputSchema, async ({ Name, ClientToken }) =>
    state.turns.run(async () => {
      const existing = state.findGroup(Name);
      if (existing && (ClientToken === undefined || existing.clientToken !== ClientToken)) {
        throw new AwsError('ConflictException', `Schedule group ${Name} already exists.`, 409);
      }
      if (!existing) {
        await state.saveGroup({
          name: Name,
          createdAt: state.now(),
          ...(ClientToken !== undefined && { clientToken: ClientToken }),
        });
      }
      return { ScheduleGroupArn: state.groupArn(Name) };
    }),
  );
}
