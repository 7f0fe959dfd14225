import * as z from 'zod';
import { checkedOperation } from '../../gateway/parse-input.ts';
import { describedRule } from './describe-rule.ts';
import type { EventsState } from './events-state.ts';

const inputSchema = z.strictObject({
  NamePrefix: z.string().optional(),
  EventBusName: z.string().optional(),
});

/** All rules of a bus in one answer: a bus has 300 at most. */
export function listRules(state: EventsState) {
  return checkedOperation('events:ListRules', inputSchema, async ({ NamePrefix = '', EventBusName }) => ({
    Rules: state
      .rules(state.bus(EventBusName).name)
      .filter(({ name }) => name.startsWith(NamePrefix))
      .map((rule) => describedRule(state, rule)),
  }));
}
