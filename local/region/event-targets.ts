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
      if (!targets.states) throw new Error('Step Functions is closed; the event waits for the next start.');
      targets.states.startExecution(arn, input);
    },
  };
}
