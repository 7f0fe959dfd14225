import * as z from 'zod';
import { checkedOperation } from '../../gateway/parse-input.ts';
import type { EventsState } from './events-state.ts';
import type { Rule } from './rule.schema.ts';

const inputSchema = z.strictObject({ Name: z.string(), EventBusName: z.string().optional() });

export function describeRule(state: EventsState) {
  return checkedOperation('events:DescribeRule', inputSchema, async ({ Name, EventBusName }) => ({
    ...describedRule(state, state.rule(Name, EventBusName)),
    CreatedBy: state.accountId,
  }));
}

/** A rule as the API shows it. */
export function describedRule(state: EventsState, rule: Rule) {
  return {
    Name: rule.name,
    Arn: state.ruleArn(rule),
    EventPattern: rule.pattern,
    State: rule.isEnabled ? 'ENABLED' : 'DISABLED',
    Description: rule.description,
    RoleArn: rule.roleArn,
    EventBusName: rule.bus,
  };
}
