import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import { checkedOperation } from '../../gateway/parse-input.ts';
import type { EventsState } from './events-state.ts';

const inputSchema = z.strictObject({
  Name: z.string(),
  EventBusName: z.string().optional(),
  Force: z.boolean().optional(),
});

/** Deletes a rule without targets. What it matched before is still delivered. */
export function deleteRule(state: EventsState) {
  return checkedOperation('events:DeleteRule', inputSchema, async ({ Name, EventBusName }) => {
    await state.turns.run(async () => {
      const rule = state.findRule(Name, EventBusName);
      if (!rule) return;
      if (rule.targets.length > 0)
        throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.");
      await state.removeRule(rule);
    });
    return {};
  });
}
