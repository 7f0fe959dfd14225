import * as z from 'zod';
import { checkedOperation } from '../../gateway/parse-input.ts';
import type { EventsState } from './events-state.ts';

const inputSchema = z.strictObject({
  Rule: z.string(),
  EventBusName: z.string().optional(),
  Ids: z.array(z.string()).min(1).max(100),
  Force: z.boolean().optional(),
});

export function removeTargets(state: EventsState) {
  return checkedOperation('events:RemoveTargets', inputSchema, async ({ Rule, EventBusName, Ids }) => {
    await state.turns.run(async () => {
      const rule = state.rule(Rule, EventBusName);
      await state.saveRule({ ...rule, targets: rule.targets.filter(({ Id }) => !Ids.includes(Id)) });
    });
    return { FailedEntryCount: 0, FailedEntries: [] };
  });
}
