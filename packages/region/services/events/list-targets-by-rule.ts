import * as z from 'zod';
import { checkedOperation } from '../../gateway/parse-input.ts';
import type { EventsState } from './events-state.ts';

const inputSchema = z.strictObject({ Rule: z.string(), EventBusName: z.string().optional() });

export function listTargetsByRule(state: EventsState) {
  return checkedOperation('events:ListTargetsByRule', inputSchema, async ({ Rule, EventBusName }) => ({
    Targets: state.rule(Rule, EventBusName).targets,
  }));
}
