import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import { checkedOperation } from '../../gateway/parse-input.ts';
import type { EventsState } from './events-state.ts';
import { eventPattern, usesWildcard } from './pattern/event-pattern.ts';
import { InvalidPatternError } from './pattern/invalid-pattern-error.ts';
import { ruleNameSchema } from './rule.schema.ts';

/** EventBridge's default quotas: of rules on a bus, of rules with a wildcard among them, and of a pattern's length. */
const maxRules = 300;
const maxWildcardRules = 30;
const maxPatternCharacters = 2048;

export const ruleState = z.enum(['ENABLED', 'DISABLED']);

const inputSchema = z.strictObject({
  Name: ruleNameSchema,
  EventPattern: z.string(),
  State: ruleState.default('ENABLED'),
  Description: z.string().max(512).optional(),
  RoleArn: z.string().optional(),
  EventBusName: z.string().optional(),
});
export type PutRuleInput = z.input<typeof inputSchema>;

/** Creates a rule, or changes one and leaves its targets. Rules by schedule are not served: use EventBridge Scheduler. */
export function putRule(state: EventsState) {
  return checkedOperation('events:PutRule', inputSchema, async (input) => {
    assertPattern(input.EventPattern);
    return await state.turns.run(async () => {
      const bus = state.bus(input.EventBusName).name;
      const existing = state.findRule(input.Name, bus);
      assertQuotas(state, bus, input.Name, input.EventPattern);
      const rule = {
        bus,
        name: input.Name,
        pattern: input.EventPattern,
        isEnabled: input.State === 'ENABLED',
        description: input.Description,
        roleArn: input.RoleArn,
        targets: existing?.targets ?? [],
      };
      await state.saveRule(rule);
      return { RuleArn: state.ruleArn(rule) };
    });
  });
}

/** Throws `InvalidEventPatternException` with the place and the reason. */
export function assertPattern(pattern: string): void {
  try {
    if (pattern.length > maxPatternCharacters)
      throw new InvalidPatternError('', `longer than ${maxPatternCharacters} characters`);
    eventPattern(pattern);
  } catch (error) {
    if (!(error instanceof InvalidPatternError)) throw error;
    throw new AwsError('InvalidEventPatternException', error.message);
  }
}

function assertQuotas(state: EventsState, bus: string, name: string, pattern: string): void {
  const others = state.rules(bus).filter((rule) => rule.name !== name);
  const wildcardRules = others.filter((rule) => usesWildcard(rule.pattern)).length;
  if (others.length >= maxRules || (usesWildcard(pattern) && wildcardRules >= maxWildcardRules))
    throw new AwsError(
      'LimitExceededException',
      'The requested resource exceeds the maximum number allowed.',
    );
}
