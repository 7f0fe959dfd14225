import * as z from 'zod';
import { checkedOperation } from '../../gateway/parse-input.ts';
import { type AlarmState, alarmStateValueSchema } from './alarm.schema.ts';
import { stateChange } from './alarm-event.ts';
import type { CloudWatchState } from './cloudwatch-state.ts';

const inputSchema = z.strictObject({
  AlarmName: z.string().min(1),
  StateValue: alarmStateValueSchema,
  StateReason: z.string().max(1023),
  /** JSON. */
  StateReasonData: z.string().max(4000).optional(),
});

/** Sets an alarm's state until it is next evaluated. A change of state is an event; the same state again is none. */
export function setAlarmState(state: CloudWatchState) {
  return checkedOperation('cloudwatch:SetAlarmState', inputSchema, async (input) => {
    await state.turns.run(async () => {
      const alarm = await state.alarm(input.AlarmName);
      const previous = alarm.state;
      const isChange = previous.value !== input.StateValue;
      const next: AlarmState = {
        value: input.StateValue,
        reason: input.StateReason,
        ...(input.StateReasonData !== undefined && { reasonData: input.StateReasonData }),
        updatedAt: state.now(),
        transitionedAt: isChange ? state.now() : previous.transitionedAt,
      };
      const changed = { ...alarm, state: next };
      if (isChange) await state.change(changed, stateChange(state.arn(input.AlarmName), changed, previous));
      else await state.save(changed, undefined);
    });
    return {};
  });
}
