import * as z from 'zod';
import { checkedOperation } from '../../gateway/parse-input.ts';
import { configurationChange } from './alarm-event.ts';
import type { CloudWatchState } from './cloudwatch-state.ts';

const inputSchema = z.strictObject({ AlarmNames: z.array(z.string()).max(100) });

/** Deletes alarms, all or, if one of them does not exist, none. */
export function deleteAlarms(state: CloudWatchState) {
  return checkedOperation('cloudwatch:DeleteAlarms', inputSchema, async ({ AlarmNames }) => {
    await state.turns.run(async () => {
      const alarms = [];
      for (const name of AlarmNames) alarms.push(await state.alarm(name));
      for (const alarm of alarms)
        await state.remove(
          alarm,
          configurationChange(state.arn(alarm.configuration.AlarmName), alarm, 'delete'),
        );
    });
    return {};
  });
}
