import * as z from 'zod';
import { checkedOperation } from '../../gateway/parse-input.ts';
import type { EventsState } from './events-state.ts';

const inputSchema = z.strictObject({ Name: z.string(), EventBusName: z.string().optional() });

export function disableRule(state: EventsState) {
  return checkedOperation('events:DisableRule', inputSchema, async ({ Name, EventBusName }) => {
    await state.turns.run(() => state.saveRule({ ...state.rule(Name, EventBusName), isEnabled: false }));
    return {};
  });
}
