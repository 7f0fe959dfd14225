import * as z from 'zod';
import { checkedOperation } from '../../gateway/parse-input.ts';
import type { EventsState } from './events-state.ts';

const inputSchema = z.strictObject({ Name: z.string(), EventBusName: z.string().optional() });

export function enableRule(state: EventsState) {
  return checkedOperation('events:EnableRule', inputSchema, async ({ Name, EventBusName }) => {
    await state.turns.run(() => state.saveRule({ ...state.rule(Name, EventBusName), isEnabled: true }));
    return {};
  });
}
