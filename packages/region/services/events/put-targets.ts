import * as z from 'zod';
import { AwsError, unsupported } from '../../aws-error.ts';
import { checkedOperation } from '../../gateway/parse-input.ts';
import { serviceOf } from './deliveries.ts';
import type { EventsState } from './events-state.ts';
import { assertTargetInput } from './input/target-input.ts';
import { type RuleTarget, ruleTargetSchema } from './rule.schema.ts';

/** EventBridge's quota. */
const maxTargets = 5;

const inputSchema = z.strictObject({
  Rule: z.string(),
  EventBusName: z.string().optional(),
  Targets: z.array(ruleTargetSchema).min(1).max(100),
});
export type PutTargetsInput = z.input<typeof inputSchema>;

/** Adds targets to a rule; one with the id of an existing target replaces it. */
export function putTargets(state: EventsState) {
  return checkedOperation('events:PutTargets', inputSchema, async ({ Rule, EventBusName, Targets }) => {
    for (const target of Targets) assertTarget(state, target);
    await state.turns.run(async () => {
      const rule = state.rule(Rule, EventBusName);
      const byId = new Map([...rule.targets, ...Targets].map((target) => [target.Id, target]));
      if (byId.size > maxTargets)
        throw new AwsError(
          'LimitExceededException',
          'The requested resource exceeds the maximum number allowed.',
        );
      await state.saveRule({ ...rule, targets: [...byId.values()] });
    });
    return { FailedEntryCount: 0, FailedEntries: [] };
  });
}

function assertTarget(state: EventsState, target: RuleTarget): void {
  if (!/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/.test(target.Arn))
    throw new AwsError(
      'ValidationException',
      `Parameter ${target.Arn} is not valid. Reason: Provided Arn is not in correct format.`,
    );
  const service = serviceOf(target.Arn);
  if (!state.targetServices.has(service)) throw unsupported(`events:PutTargets with a target of ${service}`);
  const queue = target.DeadLetterConfig?.Arn;
  if (queue !== undefined && serviceOf(queue) !== 'sqs')
    throw new AwsError('ValidationException', `A dead-letter queue is an SQS queue, which ${queue} is not.`);
  try {
    assertTargetInput(target);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AwsError('ValidationException', `Invalid input for target ${target.Id}: ${why}.`);
  }
}
