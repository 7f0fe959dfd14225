import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import { checkedOperation } from '../../gateway/parse-input.ts';
import { defaultBus, type EventsState } from './events-state.ts';

const inputSchema = z.strictObject({ Name: z.string() });

/** Deletes a custom bus without rules. One that is not there is deleted already. */
export function deleteEventBus(state: EventsState) {
  return checkedOperation('events:DeleteEventBus', inputSchema, async ({ Name }) => {
    if (Name === defaultBus) throw new AwsError('ValidationException', 'Cannot delete event bus default.');
    await state.turns.run(async () => {
      if (state.rules(Name).length > 0)
        throw new AwsError('ValidationException', `Cannot delete event bus ${Name}: it has rules.`);
      await state.removeBus(Name);
    });
    return {};
  });
}
