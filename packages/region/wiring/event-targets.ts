import { AwsError } from '../aws-error.ts';
import type { Roles } from '../gateway/roles.ts';
import type { Deliver } from '../services/events/deliveries.ts';
import { sendingKeyUse } from '../services/sqs/permissions.ts';
import type { SqsService } from '../services/sqs/sqs-service.ts';
import type { StatesService } from '../services/states/states-service.ts';

const eventBridge = 'events.amazonaws.com';

/** Services that rules can target. */
export interface EventTargets {
  readonly sqs: Pick<SqsService, 'deliver'>;
  /** Not there while the region starts and stops: events for it wait. */
  states?: Pick<StatesService, 'startExecution'>;
}

/**
 * How events reach their targets, by the service in the target's ARN. Executions are started as the target's role; a queue's own
 * policy says whether the rule may send to it.
 */
export function deliverTo(targets: EventTargets, roles: Roles): Readonly<Record<string, Deliver>> {
  return {
    async sqs(arn, input, { ruleArn }) {
      roles.demandOfService(eventBridge, ruleArn, {
        action: 'sqs:SendMessage',
        resource: arn,
        keyUse: sendingKeyUse,
      });
      await targets.sqs.deliver(arn, input);
    },
    async states(arn, input, { roleArn, ruleArn }) {
      // What any AWS service says while it cannot be reached: EventBridge tries again, here after the next start.
      if (!targets.states) throw new AwsError('ServiceUnavailable', 'The region is not running.', 503);
      if (roleArn === undefined)
        throw new AwsError('AccessDeniedException', `The rule ${ruleArn} has no role to start ${arn} as.`);
      roles.assume(roleArn, eventBridge, ruleArn);
      roles.demand(roleArn, [{ action: 'states:StartExecution', resource: arn }]);
      targets.states.startExecution(arn, input);
    },
  };
}
