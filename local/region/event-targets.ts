import { AwsError } from '../gateway/aws-error.ts';
import type { Deliver } from '../services/events/deliveries.ts';
import type { SqsService } from '../services/sqs/sqs-service.ts';
import type { StatesService } from '../services/states/states-service.ts';

/** Services that rules can target. */
export interface EventTargets {
  readonly sqs: Pick<SqsService, 'deliver'>;
  /** Not there while the region starts and stops: events for it wait. */
  states?: Pick<StatesService, 'startExecution'>;
}

/** How events reach their targets, by the service in the target's ARN. */
export function deliverTo(targets: EventTargets): Readonly<Record<string, Deliver>> {
  return {
    sqs: (arn, input) => targets.sqs.deliver(arn, input),
    async states(arn, input) {
      // What any AWS service says while it cannot be reached: EventBridge tries again, here after the next start.
      if (!targets.states) throw new AwsError('ServiceUnavailable', 'The region is not running.', 503);
      targets.states.startExecution(arn, input);
    },
  };
}
